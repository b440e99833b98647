import { Popover, TextInput } from '@mantine/core';
import { IconSelector } from '@tabler/icons-react';
import { useState } from 'react';
import { Link, useLocation } from 'react-router';

import { moveWithArrowKeys } from '../util/arrow-keys.ts';
import { paths, sectionOfPath } from '../util/paths.ts';
import type { PathScope } from '../util/paths.ts';
import { findInTree, nameInTree } from '../util/scope-tree.ts';
import type { TreeAccount } from '../util/scope-tree.ts';

import { ActionButton } from './ActionButton.tsx';
import type { ActionItem } from './ActionMenu.tsx';
import { ScopeBadge } from './ScopeBadge.tsx';
import classes from './ScopeSwitcher.module.css';

interface ScopeSwitcherProps {
  current: PathScope;
  /** What the user may see, or undefined while it is fetched. */
  accounts: readonly TreeAccount[] | undefined;
  canSeeCorporate: boolean;
  /** New account, new environment. */
  actions: readonly ActionItem[];
}

/** The scope of the page, and the way to the same page in another. */
export function ScopeSwitcher({ current, accounts, canSeeCorporate, actions }: ScopeSwitcherProps) {
  const [opened, setOpened] = useState(false);
  const name = nameInTree(accounts, current);
  return (
    <Popover
      opened={opened}
      onChange={setOpened}
      position="bottom-start"
      offset={4}
      trapFocus
      returnFocus
    >
      <Popover.Target>
        <button
          type="button"
          className={classes['target']}
          onClick={() => setOpened((before) => !before)}
        >
          <ScopeBadge scope={current.scope} name={name} />
          <IconSelector size={14} aria-label="Switch scope" />
        </button>
      </Popover.Target>
      <Popover.Dropdown className={classes['panel'] ?? ''} aria-label="Switch scope">
        <ScopePanel
          current={current}
          accounts={accounts}
          canSeeCorporate={canSeeCorporate}
          actions={actions}
          onChoose={() => setOpened(false)}
        />
      </Popover.Dropdown>
    </Popover>
  );
}

function ScopePanel(props: ScopeSwitcherProps & { onChoose: () => void }) {
  const { current, accounts, canSeeCorporate, actions, onChoose } = props;
  const [text, setText] = useState('');
  const found = findInTree(accounts ?? [], text);
  const isCorporateShown = canSeeCorporate && 'corporate'.includes(text.trim().toLowerCase());
  return (
    // Keys reach the field and the links inside.
    // eslint-disable-next-line jsx-a11y/no-static-element-interactions
    <div onKeyDown={moveWithArrowKeys}>
      <TextInput
        aria-label="Find an account or environment"
        placeholder="Find an account or environment"
        data-autofocus
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      <ul className={classes['tree']}>
        {isCorporateShown && (
          <li>
            <ScopeLink scope={{ scope: 'scalr' }} current={current} onChoose={onChoose} />
          </li>
        )}
        {found.accounts.map((account) => (
          <li key={account.id}>
            <ScopeLink
              scope={{ scope: 'account', accountId: account.id }}
              name={account.name}
              current={current}
              onChoose={onChoose}
            />
            {account.environments.length > 0 && (
              <ul>
                {account.environments.map((environment) => (
                  <li key={environment.id}>
                    <ScopeLink
                      scope={{ scope: 'environment', environmentId: environment.id }}
                      name={environment.name}
                      current={current}
                      onChoose={onChoose}
                    />
                  </li>
                ))}
              </ul>
            )}
          </li>
        ))}
      </ul>
      {found.left > 0 && <p className={classes['hint']}>{found.left} more: type to find them.</p>}
      {!isCorporateShown && found.accounts.length === 0 && (
        <p className={classes['hint']}>
          {accounts === undefined ? 'Loading…' : `Nothing that you may see is called “${text}”.`}
        </p>
      )}
      {actions.length > 0 && (
        <div className={classes['actions']}>
          {actions.map((action) => (
            <ActionButton
              key={action.id}
              size="xs"
              variant="subtle"
              icon={action.icon}
              disabledReason={action.disabledReason}
              onClick={() => {
                onChoose();
                action.onSelect?.();
              }}
            >
              {action.label}
            </ActionButton>
          ))}
        </div>
      )}
    </div>
  );
}

interface ScopeLinkProps {
  scope: PathScope;
  name?: string;
  current: PathScope;
  onChoose: () => void;
}

function ScopeLink({ scope, name, current, onChoose }: ScopeLinkProps) {
  const { pathname } = useLocation();
  const section = sectionOfPath(pathname);
  const isCurrent = paths.section(scope, section) === paths.section(current, section);
  return (
    <Link
      className={classes['link']}
      to={paths.section(scope, section)}
      aria-current={isCurrent ? 'true' : undefined}
      onClick={onChoose}
    >
      <ScopeBadge scope={scope.scope} name={name} />
    </Link>
  );
}

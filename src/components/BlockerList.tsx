import { Fragment } from 'react';
import type { ReactNode } from 'react';
import type { Blocker } from '#contract/errors.ts';
import { scopes } from '#contract/scope.ts';

import { blockerWords, groupBlockers } from '../util/blockers.ts';

import classes from './BlockerList.module.css';
import { ScopeBadge } from './ScopeBadge.tsx';

interface BlockerListProps {
  blockers: readonly Blocker[];
  /** Shows a blocker its own way, e.g. as a link; without it, its words are shown. */
  renderBlocker?: ((blocker: Blocker) => ReactNode) | undefined;
  /** What stands after it, e.g. how to clear it. */
  renderEnd?: (blocker: Blocker) => ReactNode;
}

/** The scope that a blocker lives at, where the server said so. */
function Where({ blocker }: { blocker: Blocker }) {
  const scope = scopes.find((one) => one === blocker.scope);
  return scope === undefined ? null : <ScopeBadge scope={scope} name={blocker.scopeName} />;
}

/** What stands in the way, by kind, each with its farm and its scope, since many are called alike. */
export function BlockerList(props: BlockerListProps) {
  const { blockers, renderBlocker = blockerWords, renderEnd } = props;
  return groupBlockers(blockers).map(({ title, named, counted }) => (
    <Fragment key={title}>
      <p>
        <strong>{title}</strong>
      </p>
      {named.length > 0 && (
        <ul aria-label={title} className={classes['list']}>
          {named.map((blocker) => (
            <li key={`${blocker.id} ${blocker.clearBy?.[0]?.params['imageId']}`}>
              {renderBlocker(blocker)} <Where blocker={blocker} /> {renderEnd?.(blocker)}
            </li>
          ))}
        </ul>
      )}
      {counted.map((blocker) => (
        <p key={blocker.scope}>
          {blocker.count} at <Where blocker={blocker} />: somebody who may see them there can clear
          them.
        </p>
      ))}
    </Fragment>
  ));
}

import { useState } from 'react';
import type { ApiKey } from '#contract/people/api-keys.ts';
import type { UserDetail } from '#contract/people/users.ts';

import { useDisableUserKey } from '../../api/people/user-keys.ts';
import type { ActionItem } from '../../components/actions/ActionMenu.tsx';
import { ChangeDialog } from '../../components/dialogs/ChangeDialog.tsx';
import { RelativeTime } from '../../components/RelativeTime.tsx';
import { DataTable } from '../../components/table/DataTable.tsx';
import type { Column } from '../../components/table/table.ts';
import type { PathScope } from '../../util/paths.ts';
import { reasonAgainst } from '../../util/verdicts.ts';

const nameOf = ({ name }: ApiKey) => name;
const rowKey = ({ id }: ApiKey) => id;

const columns: readonly Column<ApiKey>[] = [
  { id: 'name', header: 'Name', isName: true, cell: nameOf, note: rowKey },
  {
    id: 'state',
    header: 'State',
    width: '7rem',
    cell: ({ active }) => (active ? 'Active' : <span className="dim">Disabled</span>),
  },
  {
    id: 'lastUsed',
    header: 'Last used',
    width: '9rem',
    cell: ({ lastUsed }) => <RelativeTime at={lastUsed} />,
  },
];

/** The keys of a user, which an administrator can disable. */
export function UserKeys({ at, user }: { at: PathScope; user: UserDetail }) {
  const [asked, ask] = useState<ApiKey>();
  const actions = (key: ApiKey): ActionItem[] => [
    {
      id: 'disable',
      label: 'Disable',
      danger: true,
      disabledReason: key.active
        ? reasonAgainst(user.actions?.endSessions)
        : 'It is disabled already. Only its owner can enable it again.',
      onSelect: () => ask(key),
    },
  ];
  return (
    <>
      <DataTable
        label={`API keys of ${user.name}`}
        {...{ columns, rowKey, actions }}
        rows={user.apiKeys}
        rowLabel={nameOf}
        empty={<p className="dim">None.</p>}
      />
      {asked && <DisableKey {...{ at, user }} apiKey={asked} onClose={() => ask(undefined)} />}
    </>
  );
}

interface DisableKeyProps {
  at: PathScope;
  user: UserDetail;
  apiKey: ApiKey;
  onClose: () => void;
}

function DisableKey({ at, user, apiKey, onClose }: DisableKeyProps) {
  const disable = useDisableUserKey(at);
  const change = disable.change({ params: { keyId: apiKey.id }, ifMatch: apiKey.version });
  return (
    <ChangeDialog
      title={`Disable API key ${apiKey.name} of ${user.name}?`}
      confirmLabel="Disable"
      danger
      operation={disable}
      change={change}
      onClose={onClose}
    >
      <p>Whatever signs with it is refused from now on. {user.name} can enable it again.</p>
    </ChangeDialog>
  );
}

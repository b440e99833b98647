import { useState } from 'react';
import { userRoleLabel } from '#contract/permissions.ts';
import type { Grant } from '#contract/people/grants.ts';

import { useTakeRight } from '../../api/people/people.ts';
import type { ActionItem } from '../../components/actions/ActionMenu.tsx';
import { ChangeDialog } from '../../components/dialogs/ChangeDialog.tsx';
import { RelativeTime } from '../../components/RelativeTime.tsx';
import { DataTable } from '../../components/table/DataTable.tsx';
import type { Column } from '../../components/table/table.ts';
import type { PathScope } from '../../util/paths.ts';
import { placeName } from '../../util/places.ts';

import { grantWords } from './people-words.ts';

const columns: readonly Column<Grant>[] = [
  { id: 'role', header: 'Role', isName: true, cell: ({ role }) => userRoleLabel[role] },
  { id: 'at', header: 'At', cell: placeName },
  { id: 'team', header: 'Through', width: '10rem', cell: ({ team }) => team?.name ?? 'Themselves' },
  {
    id: 'created',
    header: 'Given',
    width: '9rem',
    cell: ({ created }) => <RelativeTime at={created} />,
  },
  { id: 'by', header: 'By', width: '12rem', cell: ({ createdBy }) => createdBy ?? '–' },
];

const rowKey = ({ id }: Grant) => String(id);

interface RightsTableProps {
  at: PathScope;
  grants: readonly Grant[];
  /** Whose page it is: rights of others are taken away on theirs. */
  of: 'user' | 'team';
  /** Whose rights they are. */
  name: string;
}

/** Rights, each of which can be taken away. */
export function RightsTable({ at, grants, of, name }: RightsTableProps) {
  const [taken, take] = useState<Grant>();
  const actions = (grant: Grant): ActionItem[] => [
    {
      id: 'take',
      label: 'Take away',
      danger: true,
      disabledReason:
        of === 'user' && grant.team !== null
          ? `It is the right of the team ${grant.team.name}: take ${name} out of it.`
          : undefined,
      onSelect: () => take(grant),
    },
  ];
  return (
    <>
      <DataTable
        label={`Rights of ${name}`}
        columns={columns}
        rows={grants}
        rowKey={rowKey}
        rowLabel={grantWords}
        actions={actions}
        empty={<p className="dim">None here, above or below.</p>}
      />
      {taken && <TakeRight at={at} grant={taken} name={name} onClose={() => take(undefined)} />}
    </>
  );
}

interface TakeRightProps {
  at: PathScope;
  grant: Grant;
  name: string;
  onClose: () => void;
}

function TakeRight({ at, grant, name, onClose }: TakeRightProps) {
  const take = useTakeRight(at);
  const change = take.change({ params: { grantId: grant.id } });
  return (
    <ChangeDialog
      title={`Take ${userRoleLabel[grant.role]} away from ${name}?`}
      confirmLabel="Take away"
      danger
      operation={take}
      change={change}
      onClose={onClose}
    >
      <p>
        {name} will no longer be {grantWords(grant)}. It counts from the next thing they do, and on
        pages that are open within 5 seconds.
      </p>
    </ChangeDialog>
  );
}

import type { PlannedGroup, RolloutGroup } from '#contract/rollouts/rollout-groups.ts';

import { Notice } from '../../components/Notice.tsx';
import { DataTable } from '../../components/table/DataTable.tsx';
import type { Column } from '../../components/table/table.ts';
import { capitalized } from '../../util/format.ts';

type InShort = Pick<RolloutGroup, 'group' | 'from' | 'to' | 'way' | 'template' | 'pointer'>;

const columns: readonly Column<InShort>[] = [
  { id: 'group', header: 'Group', isName: true, cell: ({ group }) => group },
  { id: 'from', header: 'From', cell: ({ from }) => from.name },
  { id: 'to', header: 'To', cell: ({ to }) => to.name },
  {
    id: 'way',
    header: 'By',
    cell: ({ way, template, pointer }) =>
      way === 'pointer' ? `pointer ${pointer}` : `a new version of template ${template}`,
  },
];
const label = ({ group }: InShort) => group;

const plannedColumns: readonly Column<PlannedGroup>[] = columns.map((column) =>
  column.id === 'group' ? { ...column, note: ({ words }: PlannedGroup) => words } : column,
);
const plannedKey = ({ farmRole }: PlannedGroup) => String(farmRole.id);

/** Groups that something else runs, with how their cloud would move each, and what to know before. */
export function PlannedGroups({ groups }: { groups: readonly PlannedGroup[] }) {
  if (groups.length === 0) return null;
  return (
    <>
      {groups.flatMap(({ group, farmRole, warnings }) =>
        warnings.map((words) => (
          <Notice key={`${farmRole.id} ${words}`} tone="warning">
            {group}: {words}
          </Notice>
        )),
      )}
      <DataTable
        label="Groups that their cloud moves"
        columns={plannedColumns}
        rows={groups}
        rowKey={plannedKey}
        rowLabel={label}
      />
    </>
  );
}

const progressColumns: readonly Column<RolloutGroup>[] = [
  ...columns.map((column) =>
    column.id === 'group' ? { ...column, note: ({ words }: RolloutGroup) => words } : column,
  ),
  {
    id: 'state',
    header: 'State',
    width: '8rem',
    cell: ({ state, percentage }) =>
      state === 'moving' ? `Moving, ${percentage} %` : capitalized(state),
  },
];
const groupKey = ({ farmRole }: RolloutGroup) => String(farmRole.id);

/** How far their cloud is with each group. */
export function GroupProgress({ groups }: { groups: readonly RolloutGroup[] }) {
  if (groups.length === 0) return null;
  return (
    <DataTable
      label="Groups that their cloud moves"
      columns={progressColumns}
      rows={groups}
      rowKey={groupKey}
      rowLabel={label}
    />
  );
}

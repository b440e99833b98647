import { IconList, IconMail } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import type { ReactNode } from 'react';
import type { UsageRow } from '#contract/farms/usage.ts';

import { BulkBar } from '../../components/table/BulkBar.tsx';
import { DataTable } from '../../components/table/DataTable.tsx';
import type { DataTableProps } from '../../components/table/DataTable.tsx';
import { useRowSelection } from '../../hooks/use-row-selection.ts';
import { formatQuantity } from '../../util/format.ts';
import { paths } from '../../util/paths.ts';
import type { PathScope } from '../../util/paths.ts';

import { RowsMessage } from './MessageDialogs.tsx';

const rowKey = (row: UsageRow) => row.id;
const rowLabel = (row: UsageRow) => `${row.farm.name}, ${row.role.name} on ${row.image.name}`;

interface UsageRowsProps {
  at: PathScope;
  columns: DataTableProps<UsageRow>['columns'];
  rows: readonly UsageRow[] | undefined;
  sort: NonNullable<DataTableProps<UsageRow>['sort']>;
  isStale: boolean;
  listKey: string;
  empty: ReactNode;
  /** Asks for a message about one row. */
  onMessage: (row: UsageRow) => void;
}

/** Why one message cannot be about these rows, and what to do. */
function reasonAgainstMessage(rows: readonly UsageRow[]): string | undefined {
  const owners = [...new Set(rows.map((row) => row.owner.name))];
  if (new Set(rows.map((row) => row.owner.id)).size < 2) return undefined;
  const named = owners.slice(0, 3).join(', ');
  const more = owners.length > 3 ? ` and ${owners.length - 3} more` : '';
  return `These belong to ${named}${more}. A message goes to one owner: filter by owner, then select.`;
}

/** The rows one by one: a farm role with servers on one old image. */
export function UsageRows(props: UsageRowsProps) {
  const { at, rows, onMessage } = props;
  const selection = useRowSelection(rows);
  const [selected, setSelected] = useState<readonly UsageRow[]>();
  const actions = useMemo(
    () => (row: UsageRow) => [
      {
        id: 'message',
        label: `Write to ${row.owner.name}`,
        icon: <IconMail size={16} aria-hidden />,
        onSelect: () => onMessage(row),
      },
      {
        id: 'servers',
        label: `Show ${formatQuantity(row.servers.old, 'server')} of the farm`,
        icon: <IconList size={16} aria-hidden />,
        to: paths.farm(at, row.farm.id, { old: true }),
      },
    ],
    [at, onMessage],
  );
  const chosen = selection.rows;
  return (
    <>
      <DataTable
        label="Farm roles with servers on old images"
        columns={props.columns}
        rows={rows}
        rowKey={rowKey}
        rowLabel={rowLabel}
        sort={props.sort}
        selection={selection.forTable}
        actions={actions}
        isStale={props.isStale}
        listKey={props.listKey}
        empty={props.empty}
      />
      <BulkBar
        count={chosen.length}
        noun="row"
        actions={[
          {
            id: 'message',
            label: `Write to ${chosen[0]?.owner.name ?? 'the owner'} about ${formatQuantity(chosen.length, 'row')}`,
            icon: <IconMail size={16} aria-hidden />,
            disabledReason: reasonAgainstMessage(chosen),
            onSelect: () => setSelected(chosen),
          },
        ]}
        onClear={selection.clear}
      />
      {selected !== undefined && (
        <RowsMessage at={at} rows={selected} onClose={() => setSelected(undefined)} />
      )}
    </>
  );
}

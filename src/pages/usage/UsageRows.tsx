import { IconList, IconMail } from '@tabler/icons-react';
import type { UseQueryResult } from '@tanstack/react-query';
import { useState } from 'react';
import type { ReactNode } from 'react';
import type { UsageRow } from '#contract/farms/usage.ts';

import type { Answer } from '../../api/client.ts';
import type { ActionItem } from '../../components/actions/ActionMenu.tsx';
import { ErrorNotice } from '../../components/ErrorNotice.tsx';
import { BulkBar } from '../../components/table/BulkBar.tsx';
import { DataTable } from '../../components/table/DataTable.tsx';
import type { DataTableProps } from '../../components/table/DataTable.tsx';
import { Pager } from '../../components/table/Pager.tsx';
import { useRowSelection } from '../../hooks/use-row-selection.ts';
import { locationWords } from '../../components/flows/flow-names.ts';
import { formatQuantity } from '../../util/format.ts';
import { paths } from '../../util/paths.ts';
import type { PathScope } from '../../util/paths.ts';

import { RowsMessage } from './MessageDialogs.tsx';

const rowKey = (row: UsageRow) => row.id;
const rowLabel = (row: UsageRow) => `${row.farm.name}, ${row.role.name} on ${row.image.name}`;
const rowDetails = (row: UsageRow) => [
  locationWords(row),
  row.envName,
  row.accountName,
  row.farmRole.alias,
  row.id,
];

interface UsageRowsProps {
  at: PathScope;
  columns: DataTableProps<UsageRow>['columns'];
  list: UseQueryResult<Answer<'usageList'>>;
  sort: NonNullable<DataTableProps<UsageRow>['sort']>;
  listKey: string;
  empty: ReactNode;
  pageSize: number;
  onPageSize: (pageSize: number) => void;
  /** Asks for a message about one row. */
  onMessage: (rowId: string) => void;
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
  const { at, list } = props;
  const { data, error, isPlaceholderData } = list;
  const selection = useRowSelection(data?.data);
  if (error !== null && data === undefined) {
    return <ErrorNotice error={error} onRetry={() => void list.refetch()} />;
  }
  return (
    <>
      {error !== null && <ErrorNotice error={error} onRetry={() => void list.refetch()} />}
      <DataTable
        label="Farm roles with servers on old images"
        columns={props.columns}
        rows={data?.data}
        rowKey={rowKey}
        rowLabel={rowLabel}
        rowDetails={rowDetails}
        sort={props.sort}
        selection={selection.forTable}
        actions={(row) => actionsOf(at, row, props.onMessage)}
        isStale={isPlaceholderData}
        listKey={props.listKey}
        empty={props.empty}
      />
      <ForSelected at={at} rows={selection.rows} onClear={selection.clear} />
      <Pager
        pagination={data?.pagination}
        noun="row"
        pageSize={props.pageSize}
        onPageSize={props.onPageSize}
      />
    </>
  );
}

function actionsOf(at: PathScope, row: UsageRow, onMessage: (rowId: string) => void): ActionItem[] {
  return [
    {
      id: 'message',
      label: `Write to ${row.owner.name}`,
      icon: <IconMail size={16} aria-hidden />,
      onSelect: () => onMessage(row.id),
    },
    {
      id: 'servers',
      label: `Show ${formatQuantity(row.servers.old, 'server')} of the farm`,
      icon: <IconList size={16} aria-hidden />,
      to: paths.farm(at, row.farm.id, { old: true }),
    },
  ];
}

interface ForSelectedProps {
  at: PathScope;
  rows: readonly UsageRow[];
  onClear: () => void;
}

/** What can be done with the selected rows: one message about all of them. */
function ForSelected({ at, rows, onClear }: ForSelectedProps) {
  const [about, setAbout] = useState<readonly UsageRow[]>();
  return (
    <>
      <BulkBar
        count={rows.length}
        noun="row"
        actions={[
          {
            id: 'message',
            label: `Write to ${rows[0]?.owner.name ?? 'the owner'} about ${formatQuantity(rows.length, 'row')}`,
            icon: <IconMail size={16} aria-hidden />,
            disabledReason: reasonAgainstMessage(rows),
            onSelect: () => setAbout(rows),
          },
        ]}
        onClear={onClear}
      />
      {about !== undefined && (
        <RowsMessage at={at} rows={about} onClose={() => setAbout(undefined)} />
      )}
    </>
  );
}

import { IconList, IconMail, IconServer } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { UsageGroup } from '#contract/farms/usage.ts';

import { usageGroupListQuery } from '../../api/usage.ts';
import type { UsageListInput } from '../../api/usage.ts';
import type { ActionItem } from '../../components/actions/ActionMenu.tsx';
import { useKnownPage } from '../../components/lists/use-known-page.ts';
import { DataTable } from '../../components/table/DataTable.tsx';
import type { DataTableProps } from '../../components/table/DataTable.tsx';
import { ErrorNotice } from '../../components/ErrorNotice.tsx';
import { Pager } from '../../components/table/Pager.tsx';
import { locationWords } from '../../components/flows/flow-names.ts';
import { formatQuantity } from '../../util/format.ts';
import { paths } from '../../util/paths.ts';
import type { PathScope } from '../../util/paths.ts';

interface UsageGroupsProps {
  at: PathScope;
  by: keyof typeof words;
  input: UsageListInput;
  /** Goes to another page in place of this one. */
  onPage: (cursor: string) => void;
  columns: DataTableProps<UsageGroup>['columns'];
  sort: NonNullable<DataTableProps<UsageGroup>['sort']>;
  empty: ReactNode;
  pageSize: number;
  onPageSize: (pageSize: number) => void;
  /** The address of the rows that a group stands for. */
  rowsTo: (group: UsageGroup) => string;
  /** Asks for a message about a farm, or to an owner about all their farms. */
  onMessage: (id: number) => void;
}

const words = {
  farm: { label: 'Farms with servers on old images', noun: 'farm' },
  owner: { label: 'Owners of farms with servers on old images', noun: 'owner' },
  image: { label: 'Old images that servers run', noun: 'image' },
};

const rowKey = (group: UsageGroup) => group.id;
const rowDetails = ({ farm, image, owner, id }: UsageGroup) => [
  ...(farm === null ? [] : [farm.envName, farm.accountName]),
  ...(image === null ? [] : [locationWords(image)]),
  ...(owner === null ? [] : [owner.email]),
  id,
];
const rowLabel = ({ farm, image, owner, id }: UsageGroup) =>
  farm?.name ?? image?.name ?? owner?.name ?? id;

/** The rows put together by farm, by owner or by image; each leads to its rows. */
export function UsageGroups(props: UsageGroupsProps) {
  const { at, by, input } = props;
  const list = useQuery(usageGroupListQuery(at, { ...input, by }));
  useKnownPage(list, input.cursor === 'start' ? '' : (input.cursor ?? ''), props.onPage);
  if (list.error !== null && list.data === undefined) {
    return <ErrorNotice error={list.error} onRetry={() => void list.refetch()} />;
  }
  return (
    <>
      <DataTable
        label={words[by].label}
        columns={props.columns}
        rows={list.data?.data}
        rowKey={rowKey}
        rowLabel={rowLabel}
        rowDetails={rowDetails}
        sort={props.sort}
        actions={(group) => actionsOf(group, props)}
        isStale={list.isPlaceholderData}
        listKey={JSON.stringify(input)}
        empty={props.empty}
      />
      <Pager
        pagination={list.data?.pagination}
        noun={words[by].noun}
        pageSize={props.pageSize}
        onPageSize={props.onPageSize}
      />
    </>
  );
}

function actionsOf(group: UsageGroup, { at, rowsTo, onMessage }: UsageGroupsProps): ActionItem[] {
  const { farm, owner, farmRoles } = group;
  const toOwner = owner && [
    {
      id: 'message',
      label: `Write to ${owner.name}`,
      icon: <IconMail size={16} aria-hidden />,
      onSelect: () => onMessage(farm?.id ?? owner.id),
    },
  ];
  const ofFarm = farm && [
    {
      id: 'farm',
      label: 'Show its servers on old images',
      icon: <IconServer size={16} aria-hidden />,
      to: paths.farm(at, farm.id, { old: true }),
    },
  ];
  return [
    ...(toOwner ?? []),
    ...(ofFarm ?? []),
    {
      id: 'rows',
      label: `Show ${formatQuantity(farmRoles, 'farm role')}`,
      icon: <IconList size={16} aria-hidden />,
      to: rowsTo(group),
    },
  ];
}

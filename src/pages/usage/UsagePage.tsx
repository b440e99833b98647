import { Button, SegmentedControl } from '@mantine/core';
import { IconCalendar, IconCircleCheck, IconDownload, IconMail } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { ReactNode } from 'react';
import type { LoaderFunctionArgs } from 'react-router';
import type { UsageGroup, UsageRow } from '#contract/farms/usage.ts';

import {
  usageExportUrl,
  usageGroupListQuery,
  usageListQuery,
  usageTotalsQuery,
} from '../../api/usage.ts';
import { sessionQuery } from '../../api/session.ts';
import { ActionButton } from '../../components/actions/ActionButton.tsx';
import { ColumnChooser, useColumnChoice } from '../../components/table/ColumnChooser.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { FilterBar } from '../../components/filters/FilterBar.tsx';
import { NoMatch } from '../../components/filters/NoMatch.tsx';
import { useKnownPage } from '../../components/lists/use-known-page.ts';
import { tip } from '../../components/tip.ts';
import { useDialog } from '../../hooks/use-dialog.ts';
import { useUrlState } from '../../hooks/use-url-state.ts';
import { PageHeader } from '../../layouts/PageHeader.tsx';
import { scopedPage } from '../../components/scoped-page.tsx';
import { queryClient } from '../../query-client.ts';
import { withoutBase } from '../../util/base-path.ts';
import { paths, scopeOfPath } from '../../util/paths.ts';
import type { PathScope } from '../../util/paths.ts';

import { farmGroupColumns, imageGroupColumns, ownerGroupColumns } from './group-columns.tsx';
import { ContactDialog, GroupMessage, RowsMessage } from './MessageDialogs.tsx';
import { usageColumns } from './usage-columns.tsx';
import { useUsageFilters } from './usage-filters.ts';
import { filtersOf, listInputOf, stateOf, usageFields, withFilters } from './usage-search.ts';
import type { UsageSearch } from './usage-search.ts';
import { MoveRows } from './MoveRows.tsx';
import { UsageGroups } from './UsageGroups.tsx';
import { UsageOverTime } from './UsageOverTime.tsx';
import classes from './UsagePage.module.css';
import { UsageRows } from './UsageRows.tsx';
import { UsageTotals } from './UsageTotals.tsx';

/** Starts reading what the address asks for before the page is there. */
export function loader({ request }: LoaderFunctionArgs) {
  const { pathname, searchParams } = new URL(request.url);
  const at = scopeOfPath(withoutBase(pathname));
  if (at === undefined) return null;
  const state = stateOf(searchParams);
  const input = listInputOf(state);
  void queryClient.prefetchQuery(usageTotalsQuery(at, filtersOf(state)));
  if (state.by === undefined) void queryClient.prefetchQuery(usageListQuery(at, input));
  else void queryClient.prefetchQuery(usageGroupListQuery(at, { ...input, by: state.by }));
  return null;
}

/** Which farms still run old images, at and below a scope. */
export const Component = scopedPage(Usage);

/** The rows of the address; none are read while they are grouped. */
function useRows(at: PathScope) {
  const [state, patch] = useUrlState(usageFields);
  const list = useQuery({
    ...usageListQuery(at, listInputOf(state)),
    enabled: state.by === undefined,
  });
  useKnownPage(list, state.by === undefined ? state.cursor : '', (cursor) =>
    patch({ cursor }, { replace: true }),
  );
  const isSettled = list.data !== undefined && !list.isPlaceholderData;
  return { list, settled: state.by !== undefined ? [] : isSettled ? list.data.data : undefined };
}

function Usage({ at }: { at: PathScope }) {
  const { list, settled } = useRows(at);
  const { state, patch, ...bar } = useUsageFilters(at, settled);
  const { dialog, on, open, close } = useDialog(['message', 'contact', 'answer']);
  const choice = useColumns(at);
  const shared = {
    at,
    empty: <NothingOld at={at} filters={bar.active} onClear={bar.clear} />,
    sort: { value: state.sort, onChange: (sort: string) => patch({ sort }) },
    pageSize: state.pageSize,
    onPageSize: (pageSize: number) => patch({ pageSize }),
    onMessage: (id: string | number) => open('message', id),
  };
  const tools = (
    <div className={classes['tools']}>
      <GroupBy value={state.by} onChange={(value) => patch({ by: value })} />
      <MoveRows at={at} state={state} />
      <Contact owner={state.owner} onOpen={open} />
      <Download href={usageExportUrl(at, { ...filtersOf(state), sort: state.sort })} />
    </div>
  );
  const totals = <UsageTotals at={at} state={state} />;
  return (
    <>
      <PageHeader title="Usage" isActionBelow facts={totals} action={tools} />
      <UsageFilterBar at={at} bar={bar} state={state} chooser={choice.chooser} />
      {state.by === undefined ? (
        <UsageRows {...shared} list={list} listKey={JSON.stringify(state)} columns={choice.rows} />
      ) : (
        <UsageGroups
          key={state.by}
          {...shared}
          by={state.by}
          input={listInputOf(state)}
          onPage={(cursor) => patch({ cursor }, { replace: true })}
          columns={choice.groups[state.by].visible}
          rowsTo={choice.rowsTo}
        />
      )}
      {dialog === 'message' && (
        <Message at={at} state={state} on={on} rows={list.data?.data} onClose={close} />
      )}
      {(dialog === 'contact' || dialog === 'answer') && (
        <ContactDialog is={dialog} at={at} filters={filtersOf(state)} onClose={close} />
      )}
    </>
  );
}

interface UsageFilterBarProps {
  at: PathScope;
  bar: Omit<ReturnType<typeof useUsageFilters>, 'state' | 'patch'>;
  state: UsageSearch;
  chooser: ReactNode;
}

/** The filters, and what they leave over time. */
function UsageFilterBar({ at, bar, state, chooser }: UsageFilterBarProps) {
  return (
    <>
      <FilterBar {...bar} onClear={bar.clear} end={chooser} />
      <UsageOverTime at={at} filters={filtersOf(state)} />
    </>
  );
}

interface NothingOldProps {
  at: PathScope;
  filters: ReturnType<typeof useUsageFilters>['active'];
  onClear: () => void;
}

function NothingOld({ at, filters, onClear }: NothingOldProps) {
  const live = useQuery(usageTotalsQuery(at, {})).data?.liveServers;
  if (filters.length > 0)
    return <NoMatch noun="farm roles on old images" filters={filters} onClear={onClear} />;
  if (live === 0)
    return (
      <EmptyState title="No servers run here yet">
        Farms launch servers. Once a role moves on to another image, or an image is deprecated, the
        farms whose servers still run the old one are listed here.
      </EmptyState>
    );
  return (
    <EmptyState
      title="Nothing runs on an old image here"
      icon={<IconCircleCheck size={32} aria-hidden />}
    >
      Every live server runs the image that its role has now, and none of them is deprecated.
    </EmptyState>
  );
}

interface MessageProps {
  at: PathScope;
  state: UsageSearch;
  /** The id of what it is about, as the address says it. */
  on: string | undefined;
  rows: readonly UsageRow[] | undefined;
  onClose: () => void;
}

/** The message about a row, or about all rows of a farm or an owner where they are grouped so. */
function Message({ at, state, on = '', rows, onClose }: MessageProps) {
  const row = rows?.find(({ id }) => id === on);
  if (row !== undefined) return <RowsMessage at={at} rows={[row]} onClose={onClose} />;
  if ((state.by !== 'farm' && state.by !== 'owner') || !/^[1-9]\d*$/.test(on)) return null;
  return (
    <GroupMessage at={at} filters={{ ...filtersOf(state), [state.by]: on }} onClose={onClose} />
  );
}

function GroupBy({
  value,
  onChange,
}: {
  value: string | undefined;
  onChange: (value: string) => void;
}) {
  return (
    <SegmentedControl
      aria-label="Group by"
      size="xs"
      value={value ?? ''}
      data={[
        { value: '', label: 'All rows' },
        { value: 'farm', label: 'By farm' },
        { value: 'owner', label: 'By owner' },
        { value: 'image', label: 'By image' },
      ]}
      onChange={onChange}
    />
  );
}

interface ContactProps {
  /** Whose farms are shown, where that is one owner. */
  owner: UsageSearch['owner'];
  onOpen: (dialog: 'contact' | 'answer') => void;
}

/** To write to the owners of what is shown; to answer, for whoever looks at their own. */
function Contact({ owner, onOpen }: ContactProps) {
  const me = useQuery(sessionQuery).data?.user.id;
  const isMine = owner !== undefined && me !== undefined && String(owner) === String(me);
  return (
    <>
      {isMine && (
        <ActionButton
          icon={<IconCalendar size={16} aria-hidden />}
          onClick={() => onOpen('answer')}
        >
          Say until when
        </ActionButton>
      )}
      <ActionButton icon={<IconMail size={16} aria-hidden />} onClick={() => onOpen('contact')}>
        Contact owners
      </ActionButton>
    </>
  );
}

function Download({ href }: { href: string }) {
  return (
    <Button
      component="a"
      href={href}
      download="usage.csv"
      variant="default"
      size="sm"
      leftSection={<IconDownload size={16} aria-hidden />}
      {...tip('All rows that the filters leave, one per farm role and image, in this order')}
    >
      Download CSV
    </Button>
  );
}

/** The columns of the four tables, those that are chosen, and the chooser of the one in sight. */
function useColumns(at: PathScope) {
  const [state] = useUrlState(usageFields);
  const tables = useMemo(() => {
    const rowsTo = ({ id }: UsageGroup) =>
      paths.usage(
        at,
        withFilters(state, {
          by: undefined,
          ...(state.by === undefined ? {} : { [state.by]: id }),
        }),
      );
    return {
      rowsTo,
      rows: usageColumns(at, (owner) => paths.usage(at, withFilters(state, { owner }))),
      farms: farmGroupColumns(at, rowsTo),
      owners: ownerGroupColumns(rowsTo),
      images: imageGroupColumns(rowsTo),
    };
  }, [at, state]);
  const rows = useColumnChoice(`usage.${at.scope}`, tables.rows);
  const groups = {
    farm: useColumnChoice(`usage.farm.${at.scope}`, tables.farms),
    owner: useColumnChoice(`usage.owner.${at.scope}`, tables.owners),
    image: useColumnChoice(`usage.image.${at.scope}`, tables.images),
  };
  return {
    rowsTo: tables.rowsTo,
    rows: rows.visible,
    groups,
    chooser:
      state.by === undefined ? (
        <ColumnChooser {...rows.chooser} />
      ) : (
        <ColumnChooser {...groups[state.by].chooser} />
      ),
  };
}

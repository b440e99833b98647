import { OperationDays } from '../../components/activity/OperationDays.tsx';
import { DownloadCsv } from '../../components/DownloadCsv.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { ErrorNotice } from '../../components/ErrorNotice.tsx';
import { FilterBar } from '../../components/filters/FilterBar.tsx';
import { NoMatch } from '../../components/filters/NoMatch.tsx';
import { PageSkeleton } from '../../components/PageSkeleton.tsx';
import { Pager, totalWords } from '../../components/table/Pager.tsx';
import { PageHeader } from '../../layouts/PageHeader.tsx';
import type { PathScope } from '../../util/paths.ts';

import { useActivityList } from './activity-filters.ts';
import { ViewOfActivity } from './ViewOfActivity.tsx';

/** What was changed, latest first, under the day on which it was. */
export function ActivityList({ at }: { at: PathScope }) {
  const listing = useActivityList(at);
  const { list, state, patch, active } = listing;
  const rows = list.data?.data;
  return (
    <>
      <PageHeader title="Activity" facts={totalWords(list.data?.pagination, 'change')} />
      <FilterBar
        search={listing.searchBox}
        filters={listing.filters}
        onClear={listing.clear}
        end={
          <ViewOfActivity at={at} view="changes" onChange={(view) => patch({ view })}>
            <DownloadCsv href={listing.csv} file="activity.csv" />
          </ViewOfActivity>
        }
      />
      {list.error !== null && (
        <ErrorNotice error={list.error} onRetry={() => void list.refetch()} />
      )}
      {rows === undefined && list.error === null && <PageSkeleton />}
      {rows?.length === 0 &&
        (active.length > 0 ? (
          <NoMatch noun="changes" filters={active} onClear={listing.clear} />
        ) : (
          <EmptyState title="Nothing was changed here yet">
            Whatever somebody changes here or below shows in this list, with who it was, when and
            why.
          </EmptyState>
        ))}
      {rows !== undefined && <OperationDays at={at} operations={rows} />}
      <Pager
        pagination={list.data?.pagination}
        noun="change"
        pageSize={state.pageSize}
        onPageSize={(pageSize) => patch({ pageSize })}
      />
    </>
  );
}

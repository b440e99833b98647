import { useMemo } from 'react';
import type { LoaderFunctionArgs } from 'react-router';
import type { Farm } from '#contract/farms/farms.ts';

import { farmListQuery } from '../../api/farms.ts';
import { ColumnChooser, useColumnChoice } from '../../components/table/ColumnChooser.tsx';
import { DataTable } from '../../components/table/DataTable.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { ErrorNotice } from '../../components/ErrorNotice.tsx';
import { FilterBar } from '../../components/filters/FilterBar.tsx';
import { NoMatch } from '../../components/filters/NoMatch.tsx';
import { Pager, totalWords } from '../../components/table/Pager.tsx';
import { useScope } from '../../hooks/use-scope.ts';
import { PageHeader } from '../../layouts/PageHeader.tsx';
import { queryClient } from '../../query-client.ts';
import { scopeOfPath, scopePath } from '../../util/paths.ts';
import type { PathScope } from '../../util/paths.ts';

import { farmColumns } from './farm-columns.tsx';
import { listInputOf, useFarmList } from './farm-filters.ts';

const rowKey = (farm: Farm) => String(farm.id);
const rowLabel = (farm: Farm) => farm.name;

/** Starts reading the list before the page is there; the page shows skeletons until it came. */
export function loader({ request }: LoaderFunctionArgs) {
  const { pathname, searchParams } = new URL(request.url);
  const at = scopeOfPath(pathname);
  if (at !== undefined)
    void queryClient.prefetchQuery(farmListQuery(at, listInputOf(searchParams)));
  return null;
}

/** The farms at and below a scope. */
export function Component() {
  const at = useScope();
  return <FarmList key={scopePath(at)} at={at} />;
}

function FarmList({ at }: { at: PathScope }) {
  const { list, ...filters } = useFarmList(at);
  const rows = list.data?.data;
  const columns = useMemo(() => farmColumns(at), [at]);
  const { visible, chooser } = useColumnChoice(`farms.${at.scope}`, columns);
  return (
    <>
      <PageHeader title="Farms" facts={totalWords(list.data?.pagination, 'farm')} />
      <FilterBar
        search={filters.searchBox}
        filters={filters.filters}
        onClear={filters.clear}
        end={<ColumnChooser {...chooser} />}
      />
      {list.error !== null && (
        <ErrorNotice error={list.error} onRetry={() => void list.refetch()} />
      )}
      {(rows !== undefined || list.error === null) && (
        <DataTable
          label="Farms"
          columns={visible}
          rows={rows}
          rowKey={rowKey}
          rowLabel={rowLabel}
          sort={{ value: filters.state.sort, onChange: (sort) => filters.patch({ sort }) }}
          isStale={list.isPlaceholderData}
          listKey={filters.listKey}
          empty={
            filters.active.length > 0 ? (
              <NoMatch noun="farms" filters={filters.active} onClear={filters.clear} />
            ) : (
              <EmptyState title="No farms here yet">
                A farm runs servers of one or more roles. Farms show here with the images that their
                servers run.
              </EmptyState>
            )
          }
        />
      )}
      <Pager
        pagination={list.data?.pagination}
        noun="farm"
        pageSize={filters.state.pageSize}
        onPageSize={(pageSize) => filters.patch({ pageSize })}
      />
    </>
  );
}

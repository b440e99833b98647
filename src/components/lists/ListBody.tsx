import { memo, useCallback, useMemo } from 'react';
import type { ReactNode } from 'react';

import { pluralOf } from '../../util/format.ts';
import { narrow } from '../../util/narrow.ts';
import { ErrorNotice } from '../ErrorNotice.tsx';
import { NoMatch } from '../filters/NoMatch.tsx';
import { DataTable } from '../table/DataTable.tsx';
import type { DataTableProps } from '../table/DataTable.tsx';
import { Pager } from '../table/Pager.tsx';

import type { Listing } from './use-list.ts';
import { useTyped } from './use-search.ts';

export interface ListBodyProps<Row> extends Pick<
  DataTableProps<Row>,
  'label' | 'columns' | 'rowKey' | 'rowLabel' | 'rowDetails' | 'selection' | 'actions'
> {
  listing: Listing<Row>;
  /** What is listed, in the singular. */
  noun: string;
  /** In place of rows where there are none whatever the filters. */
  empty: ReactNode;
  /** Shows the rows in another way than as a table. */
  instead?: ReactNode;
}

/** As it is while somebody types. */
const StillPager = memo(Pager);

/** What to show: while a search is answered, of the rows before those that it will find too. */
function useShownRows<Row>({ list, state, typed, searched }: Listing<Row>) {
  const wanted = useTyped(typed).trim();
  const isStale = list.isPlaceholderData || wanted !== (state.query ?? '');
  const all = list.data?.data;
  const rows = useMemo(
    () => (isStale && all !== undefined ? narrow(all, searched, wanted) : all),
    [isStale, all, searched, wanted],
  );
  return { rows, isStale };
}

/** The rows of a list with their pages; or why there are none, and what to do about it. */
export function ListBody<Row>({ listing, noun, empty, instead, ...table }: ListBodyProps<Row>) {
  const { list, state, patch, active } = listing;
  const { rows, isStale } = useShownRows(listing);
  const changePageSize = useCallback((pageSize: number) => patch({ pageSize }), [patch]);
  return (
    <>
      {list.error !== null && (
        <ErrorNotice error={list.error} onRetry={() => void list.refetch()} />
      )}
      {instead ??
        ((list.data !== undefined || list.error === null) && (
          <DataTable
            {...table}
            rows={rows}
            {...(state.sort === undefined
              ? {}
              : { sort: { value: state.sort, onChange: (sort) => patch({ sort }) } })}
            isStale={isStale}
            listKey={listing.listKey}
            empty={
              active.length > 0 ? (
                <NoMatch noun={pluralOf(noun)} filters={active} onClear={listing.clear} />
              ) : (
                empty
              )
            }
          />
        ))}
      <StillPager
        pagination={list.data?.pagination}
        noun={noun}
        pageSize={state.pageSize}
        onPageSize={changePageSize}
      />
    </>
  );
}

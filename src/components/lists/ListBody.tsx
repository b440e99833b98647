import type { ReactNode } from 'react';

import { ErrorNotice } from '../ErrorNotice.tsx';
import { NoMatch } from '../filters/NoMatch.tsx';
import { DataTable } from '../table/DataTable.tsx';
import type { DataTableProps } from '../table/DataTable.tsx';
import { Pager } from '../table/Pager.tsx';

import type { Listing } from './use-list.ts';

export interface ListBodyProps<Row> extends Pick<
  DataTableProps<Row>,
  'label' | 'columns' | 'rowKey' | 'rowLabel' | 'selection' | 'actions'
> {
  listing: Listing<Row>;
  /** What is listed, in the singular. */
  noun: string;
  /** In place of rows where there are none whatever the filters. */
  empty: ReactNode;
  /** Shows the rows in another way than as a table. */
  instead?: ReactNode;
}

/** The rows of a list with their pages; or why there are none, and what to do about it. */
export function ListBody<Row>({ listing, noun, empty, instead, ...table }: ListBodyProps<Row>) {
  const { list, state, patch, active } = listing;
  return (
    <>
      {list.error !== null && (
        <ErrorNotice error={list.error} onRetry={() => void list.refetch()} />
      )}
      {instead ??
        ((list.data !== undefined || list.error === null) && (
          <DataTable
            {...table}
            rows={listing.rows}
            {...(state.sort === undefined
              ? {}
              : { sort: { value: state.sort, onChange: (sort) => patch({ sort }) } })}
            isStale={listing.isStale}
            listKey={listing.listKey}
            empty={
              active.length > 0 ? (
                <NoMatch noun={`${noun}s`} filters={active} onClear={listing.clear} />
              ) : (
                empty
              )
            }
          />
        ))}
      <Pager
        pagination={list.data?.pagination}
        noun={noun}
        pageSize={state.pageSize}
        onPageSize={(pageSize) => patch({ pageSize })}
      />
    </>
  );
}

import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { Link } from 'react-router';
import type { LoaderFunctionArgs } from 'react-router';
import type { Replacement } from '#contract/replacements/replacements.ts';

import { replacementListQuery } from '../../api/replacements.ts';
import { ActionButton } from '../../components/actions/ActionButton.tsx';
import { Count } from '../../components/Count.tsx';
import { DataTable } from '../../components/table/DataTable.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { ErrorNotice } from '../../components/ErrorNotice.tsx';
import { useKnownPage } from '../../components/lists/use-known-page.ts';
import { Pager, totalWords } from '../../components/table/Pager.tsx';
import { RelativeTime } from '../../components/RelativeTime.tsx';
import { ScopeBadge } from '../../components/ScopeBadge.tsx';
import type { Column } from '../../components/table/table.ts';
import { useScope } from '../../hooks/use-scope.ts';
import { useUrlState } from '../../hooks/use-url-state.ts';
import { PageHeader } from '../../layouts/PageHeader.tsx';
import { queryClient } from '../../query-client.ts';
import { formatQuantity } from '../../util/format.ts';
import { withoutBase } from '../../util/base-path.ts';
import { paths, scopeOfPath } from '../../util/paths.ts';
import type { PathScope } from '../../util/paths.ts';
import { pageSizeParam, parseSearch, sortParam, textParam } from '../../util/search-params.ts';
import type { SearchState } from '../../util/search-params.ts';

import { stateWords } from './replacement-words.ts';

const fields = {
  sort: sortParam(['at'], '-at'),
  pageSize: pageSizeParam(),
  cursor: textParam(),
};

function queryOf(at: PathScope, { sort, pageSize, cursor }: SearchState<typeof fields>) {
  return replacementListQuery(at, {
    sort,
    maxResults: pageSize,
    cursor: cursor === '' ? 'start' : cursor,
    include: ['total'],
  });
}

function columns(at: PathScope): readonly Column<Replacement>[] {
  return [
    {
      id: 'what',
      header: 'What happened',
      isName: true,
      cell: (row) => (
        <Link to={paths.replacement(at, row.id)}>
          {stateWords(row)} in {formatQuantity(row.roles, 'role')}
        </Link>
      ),
    },
    imageColumn(at, 'old', 'Old image', (row) => row.oldImage),
    imageColumn(at, 'new', 'New image', (row) => row.newImage),
    {
      id: 'scope',
      header: 'Made at',
      width: '7rem',
      cell: (row) => <ScopeBadge scope={row.scope} />,
    },
    {
      id: 'left',
      header: 'On the old',
      align: 'end',
      width: '7.25rem',
      cell: (row) => (
        <Count
          withNoun
          value={row.serversOnOldImage}
          noun="server"
          to={
            row.staleServers === row.serversOnOldImage
              ? paths.usage(at, { image: row.oldImage.id })
              : paths.image(at, row.oldImage.id)
          }
        />
      ),
    },
    {
      id: 'at',
      header: 'When',
      width: '7rem',
      sortKey: 'at',
      sortsDescendingFirst: true,
      cell: (row) => <RelativeTime at={row.at} />,
    },
    { id: 'by', header: 'Who', width: '10.25rem', isSmall: true, cell: (row) => row.by },
  ];
}

function imageColumn(
  at: PathScope,
  id: string,
  header: string,
  imageOf: (row: Replacement) => Replacement['oldImage'],
): Column<Replacement> {
  return {
    id,
    header,
    width: '11.25rem',
    cell: (row) => <Link to={paths.image(at, imageOf(row).id)}>{imageOf(row).name}</Link>,
  };
}

const rowKey = (row: Replacement) => row.id;
const rowLabel = (row: Replacement) => `${row.oldImage.name} by ${row.newImage.name}`;

/** Starts reading the list before the page is there. */
export function loader({ request }: LoaderFunctionArgs) {
  const { pathname, searchParams } = new URL(request.url);
  const at = scopeOfPath(withoutBase(pathname));
  if (at !== undefined)
    void queryClient.prefetchQuery(queryOf(at, parseSearch(fields, searchParams)));
  return null;
}

/** Replacements that a scope sees, newest first. */
export function Component() {
  const at = useScope();
  const [state, patch] = useUrlState(fields);
  const shown = useMemo(() => columns(at), [at]);
  const list = useQuery(queryOf(at, state));
  const { data, error, isPlaceholderData, refetch } = list;
  useKnownPage(list, state.cursor, (cursor) => patch({ cursor }, { replace: true }));
  return (
    <>
      <PageHeader title="Replacements" facts={totalWords(data?.pagination, 'replacement')} />
      {error !== null && <ErrorNotice error={error} onRetry={() => void refetch()} />}
      <DataTable
        label="Replacements"
        columns={shown}
        rows={data?.data}
        rowKey={rowKey}
        rowLabel={rowLabel}
        sort={{ value: state.sort, onChange: (sort) => patch({ sort }) }}
        isStale={isPlaceholderData}
        listKey={JSON.stringify([at, state])}
        empty={
          <EmptyState
            title="Nothing was replaced here yet"
            action={
              <ActionButton variant="filled" to={paths.images(at)}>
                Show all images
              </ActionButton>
            }
          >
            Open the image that is old, and choose Replace.
          </EmptyState>
        }
      />
      <Pager
        noun="replacement"
        pagination={data?.pagination}
        pageSize={state.pageSize}
        onPageSize={(pageSize) => patch({ pageSize })}
      />
    </>
  );
}

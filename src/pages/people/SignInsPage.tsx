import { Link } from 'react-router';
import { signInWayWords } from '#contract/people/sign-in-records.ts';
import type { SignInRecord } from '#contract/people/sign-in-records.ts';

import { signInRecordExportUrl, signInRecordListQuery } from '../../api/people/sign-in.ts';
import { DownloadCsv } from '../../components/DownloadCsv.tsx';
import { filtersBy, optionsOf } from '../../components/filters/choices.ts';
import { dayFilters, dayParams, daysOf, peopleOptions } from '../../components/filters/days.ts';
import { useList, useListing } from '../../components/lists/use-list.ts';
import { signInColumns, signInKey, signInLabel } from '../../components/people/sign-in-columns.tsx';
import type { Column } from '../../components/table/table.ts';
import { useNow } from '../../hooks/use-now.ts';
import { ListPage } from '../../layouts/ListPage.tsx';
import { scopedPage } from '../../components/scoped-page.tsx';
import { queryClient } from '../../query-client.ts';
import { paths } from '../../util/paths.ts';
import type { PathScope } from '../../util/paths.ts';
import { scopedLoader } from '../../util/scoped-loader.ts';
import {
  choiceParam,
  listParams,
  pageOf,
  parseSearch,
  textParam,
} from '../../util/search-params.ts';
import type { SearchState } from '../../util/search-params.ts';

import { PeopleViews } from './PeopleViews.tsx';

const ways = Object.keys(signInWayWords) as (keyof typeof signInWayWords)[];
const results = ['in', 'failed', 'asked'] as const;
const resultWords = { in: 'Signed in', failed: 'Failed', asked: 'Asked for a link' } as const;

const search = {
  query: textParam(),
  person: textParam(),
  result: choiceParam(results),
  way: choiceParam(ways),
  ...dayParams,
  ...listParams(['at'], '-at'),
};
type State = SearchState<typeof search>;

function filtersOf(state: State) {
  return {
    query: state.query,
    person: state.person,
    result: state.result,
    way: state.way,
    ...daysOf(state),
    sort: state.sort,
  };
}

const listInput = (state: State) => ({
  ...filtersOf(state),
  ...pageOf(state),
  include: ['total' as const],
});

/** Starts reading the list before the page is there. */
export const loader = scopedLoader((at, params) => {
  void queryClient.prefetchQuery(signInRecordListQuery(at, listInput(parseSearch(search, params))));
});

/** Who signed in and who failed to, for administrators of a scope. */
export const Component = scopedPage(SignInList);

function columnsAt(at: PathScope): readonly Column<SignInRecord>[] {
  const [words, ...others] = signInColumns;
  return [
    {
      id: 'who',
      header: 'Who',
      isName: true,
      cell: ({ user, email }) =>
        user ? (
          <Link to={paths.user(at, user.id)}>{user.name}</Link>
        ) : (
          (email ?? <span className="dim">Nobody known</span>)
        ),
      note: ({ user }) => user?.email ?? '',
    },
    ...(words ? [{ ...words, isName: false, width: '20rem' }] : []),
    ...others.map((column) =>
      column.id === 'at' ? { ...column, sortKey: 'at', sortsDescendingFirst: true } : column,
    ),
  ];
}

function useSignIns(at: PathScope) {
  const now = useNow();
  const base = useList(search, (state) => signInRecordListQuery(at, listInput(state)));
  const { state, patch, list } = base;
  const filter = filtersBy(state, patch);
  const people = (list.data?.data ?? []).flatMap(({ email, user }) =>
    email === null ? [] : { email, name: user?.name ?? null },
  );
  const filters = [
    filter('result', 'Result', optionsOf(results, resultWords)),
    filter('way', 'How', optionsOf(ways, signInWayWords)),
    filter('person', 'Person', peopleOptions(people, state.person)),
    ...dayFilters(now, state, filter),
  ];
  const listing = useListing(base, filters, {
    label: 'Search sign-ins',
    placeholder: 'Name, e-mail or address',
    members: ['email', 'user.name', 'origin'],
  });
  return { listing, csv: signInRecordExportUrl(at, filtersOf(state)) };
}

function SignInList({ at }: { at: PathScope }) {
  const { listing, csv } = useSignIns(at);
  return (
    <ListPage
      {...{ at, listing }}
      columns={columnsAt(at)}
      rowKey={signInKey}
      rowLabel={signInLabel}
      title="Sign-ins"
      noun="sign-in"
      hint="Whoever signs in, or fails to, shows here."
      end={(chooser) => (
        <PeopleViews at={at} value="signIns">
          {chooser}
          <DownloadCsv href={csv} file="sign-ins.csv" />
        </PeopleViews>
      )}
    />
  );
}

import { useMemo } from 'react';
import { Link } from 'react-router';
import type { Rollout } from '#contract/rollouts/rollouts.ts';
import { rolloutStates } from '#contract/rollouts/rollouts.ts';

import { rolloutListQuery } from '../../api/rollouts.ts';
import type { RolloutListInput } from '../../api/rollouts.ts';
import { filtersBy, optionsOf } from '../../components/filters/choices.ts';
import { useBroughtFilters } from '../../components/filters/use-fleet-filters.ts';
import { useList, useListing } from '../../components/lists/use-list.ts';
import { RelativeTime } from '../../components/RelativeTime.tsx';
import type { Column } from '../../components/table/table.ts';
import { ListPage } from '../../layouts/ListPage.tsx';
import { scopedPage } from '../../components/scoped-page.tsx';
import { queryClient } from '../../query-client.ts';
import { paths } from '../../util/paths.ts';
import type { PathScope } from '../../util/paths.ts';
import { scopedLoader } from '../../util/scoped-loader.ts';
import { choiceParam, idParam, listParams, pageOf, parseSearch } from '../../util/search-params.ts';
import type { SearchState } from '../../util/search-params.ts';

import { movedWords, rolloutTitle, stateWord } from './rollout-words.ts';

const search = {
  state: choiceParam(rolloutStates),
  farm: idParam(),
  ...listParams(['at'], '-at'),
};

function listInput(state: SearchState<typeof search>): RolloutListInput {
  return {
    // What was given up before it began is of no interest, unless somebody asks for it.
    state: state.state === undefined ? ['planned', ...started] : [state.state],
    farm: state.farm?.toString(),
    sort: state.sort,
    ...pageOf(state),
    include: ['total'],
  };
}

const started = ['running', 'paused', 'stopped', 'done', 'cancelled'] as const;

const rowKey = ({ id }: Rollout) => id;

/** Starts reading the list before the page is there. */
export const loader = scopedLoader((at, params) => {
  void queryClient.prefetchQuery(rolloutListQuery(at, listInput(parseSearch(search, params))));
});

/** Rollouts that a scope sees, newest first. */
export const Component = scopedPage(RolloutList);

function columnsOf(at: PathScope): readonly Column<Rollout>[] {
  return [
    {
      id: 'what',
      header: 'What',
      isName: true,
      text: rolloutTitle,
      cell: (row) => <Link to={paths.rollout(at, row.id)}>{rolloutTitle(row)}</Link>,
    },
    { id: 'state', header: 'State', width: '11rem', cell: (row) => stateWord[row.state] },
    { id: 'moved', header: 'Servers', width: '9rem', cell: movedWords },
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

function RolloutList({ at }: { at: PathScope }) {
  const base = useList(search, (state) => rolloutListQuery(at, listInput(state)));
  const filter = filtersBy(base.state, base.patch);
  const brought = useBroughtFilters(at, { farm: base.state.farm }, base.patch);
  const filters = [filter('state', 'State', optionsOf(rolloutStates, stateWord)), ...brought];
  const listing = useListing(base, filters);
  const columns = useMemo(() => columnsOf(at), [at]);
  return (
    <ListPage
      {...{ at, listing, columns, rowKey }}
      rowLabel={rolloutTitle}
      noun="rollout"
      hint="Open what has servers on old images: a farm, a version, an image or a replacement, and choose to move them to the new image."
    />
  );
}

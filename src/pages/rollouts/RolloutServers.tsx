import { useMemo } from 'react';
import { Link } from 'react-router';
import type { RolloutServer } from '#contract/rollouts/rollout-members.ts';
import { rolloutServerStates } from '#contract/rollouts/rollout-members.ts';

import { rolloutServerListQuery } from '../../api/rollouts.ts';
import { EmptyState } from '../../components/EmptyState.tsx';
import { filtersBy, optionsOf } from '../../components/filters/choices.ts';
import { FilterBar } from '../../components/filters/FilterBar.tsx';
import { ListBody } from '../../components/lists/ListBody.tsx';
import { useList, useListing } from '../../components/lists/use-list.ts';
import type { Column } from '../../components/table/table.ts';
import { DetailSection } from '../../layouts/DetailLayout.tsx';
import { paths } from '../../util/paths.ts';
import type { PathScope } from '../../util/paths.ts';
import { choiceParam, pageOf, pageSizeParam, textParam } from '../../util/search-params.ts';

import { serverStateWord } from './rollout-words.ts';

const search = {
  state: choiceParam(rolloutServerStates),
  pageSize: pageSizeParam(),
  cursor: textParam(),
};

function columnsOf(at: PathScope): readonly Column<RolloutServer>[] {
  return [
    {
      id: 'name',
      header: 'Server',
      isName: true,
      cell: ({ hostname, index }) => (hostname === '' ? `Number ${index}` : hostname),
      note: ({ reason, cloudWords }) => reason ?? cloudWords,
    },
    {
      id: 'farm',
      header: 'Farm',
      cell: ({ farm }) => <Link to={paths.farm(at, farm.id)}>{farm.name}</Link>,
    },
    { id: 'state', header: 'State', width: '7rem', cell: ({ state }) => serverStateWord[state] },
    {
      id: 'new',
      header: 'In its place',
      cell: ({ newServer }) =>
        newServer === null ? '' : `${newServer.hostname} (${newServer.status.replace('_', ' ')})`,
    },
  ];
}

const rowKey = ({ id }: RolloutServer) => id;
const rowLabel = ({ hostname }: RolloutServer) => hostname;

/** The servers of a rollout in the order in which they are moved, with what became of each. */
export function RolloutServers({ at, rolloutId }: { at: PathScope; rolloutId: string }) {
  const base = useList(search, ({ state, ...page }) =>
    rolloutServerListQuery(at, rolloutId, {
      state: state === undefined ? undefined : [state],
      ...pageOf(page),
      include: ['total'],
    }),
  );
  const filter = filtersBy(base.state, base.patch);
  const listing = useListing(base, [
    filter('state', 'State', optionsOf(rolloutServerStates, serverStateWord)),
  ]);
  const columns = useMemo(() => columnsOf(at), [at]);
  return (
    <DetailSection title="Servers">
      <FilterBar filters={listing.filters} onClear={listing.clear} />
      <ListBody
        {...{ listing, columns, rowKey, rowLabel }}
        label="Servers of the rollout"
        noun="server"
        empty={<EmptyState title="No servers">None of them is seen from here.</EmptyState>}
      />
    </DetailSection>
  );
}

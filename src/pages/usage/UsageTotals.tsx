import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';

import { usageTotalsQuery } from '../../api/usage.ts';
import { Count } from '../../components/Count.tsx';
import { WordHelp } from '../../components/help/WordHelp.tsx';
import { formatCount, formatQuantity } from '../../util/format.ts';
import { paths } from '../../util/paths.ts';
import type { PathScope, Search } from '../../util/paths.ts';

import { filtersOf, withFilters } from './usage-search.ts';
import type { UsageSearch } from './usage-search.ts';

function serverWords({ servers, liveServers }: { servers: number; liveServers: number }): string {
  if (liveServers === 0) return 'no live servers';
  return `${formatCount(servers)} of ${formatQuantity(liveServers, 'live server')} on old images`;
}

/** How much the filters leave, in one line; each count leads to what it counts. */
export function UsageTotals({ at, state }: { at: PathScope; state: UsageSearch }) {
  const { data: totals } = useQuery({
    ...usageTotalsQuery(at, filtersOf(state)),
    placeholderData: keepPreviousData,
  });
  if (totals === undefined) return null;
  const to = (change: Search) => paths.usage(at, withFilters(state, change));
  return (
    <>
      <Count withNoun value={totals.farms} noun="farm" to={to({ by: 'farm' })} />
      <Count withNoun value={totals.owners} noun="owner" to={to({ by: 'owner' })} />
      <Count withNoun value={totals.images} noun="old image" to={to({ by: 'image' })} />
      {totals.servers === 0 ? (
        <span className="dim">{serverWords(totals)}</span>
      ) : (
        <Link to={to({ by: undefined })}>{serverWords(totals)}</Link>
      )}
      <WordHelp word="old" />
    </>
  );
}

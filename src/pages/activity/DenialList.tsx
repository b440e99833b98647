import type { Denial } from '#contract/records/operations.ts';

import { denialListQuery } from '../../api/operations.ts';
import { actorWords } from '../../components/activity/activity-words.ts';
import { EmptyState } from '../../components/EmptyState.tsx';
import { FilterBar } from '../../components/filters/FilterBar.tsx';
import { ListBody } from '../../components/lists/ListBody.tsx';
import { useList, useListing } from '../../components/lists/use-list.ts';
import { PlaceBadge } from '../../components/PlaceBadge.tsx';
import { RelativeTime } from '../../components/RelativeTime.tsx';
import type { Column } from '../../components/table/table.ts';
import { totalWords } from '../../components/table/Pager.tsx';
import { PageHeader } from '../../layouts/PageHeader.tsx';
import type { PathScope } from '../../util/paths.ts';

import { denialInput, search, useCommonFilters } from './activity-filters.ts';
import { ViewOfActivity } from './ViewOfActivity.tsx';

const columns: readonly Column<Denial>[] = [
  {
    id: 'what',
    header: 'What was tried',
    isName: true,
    cell: ({ words, message }) => (
      <>
        {words} <span className="dim small">{message}</span>
      </>
    ),
  },
  { id: 'who', header: 'Who', width: '12rem', cell: ({ actor }) => actorWords(actor) },
  { id: 'where', header: 'Where', width: '12rem', cell: (row) => <PlaceBadge place={row} /> },
  { id: 'from', header: 'From', width: '8rem', isSmall: true, cell: ({ origin }) => origin ?? '' },
  { id: 'count', header: 'Times', width: '4rem', align: 'end', cell: ({ count }) => count },
  {
    id: 'at',
    header: 'When',
    width: '7rem',
    sortKey: 'at',
    sortsDescendingFirst: true,
    cell: ({ lastAt }) => <RelativeTime at={lastAt} />,
  },
];

const rowKey = ({ id }: Denial) => String(id);
const rowLabel = ({ actor, words }: Denial) => `${actorWords(actor)}: ${words}`;

/** What was refused for want of a right, latest first. */
export function DenialList({ at }: { at: PathScope }) {
  const base = useList(search, (state) => denialListQuery(at, denialInput(state)));
  const { state, patch, list } = base;
  const filters = useCommonFilters(state, patch, list.data?.data ?? []);
  const listing = useListing(base, filters);
  return (
    <>
      <PageHeader title="Activity" facts={totalWords(list.data?.pagination, 'refusal')} />
      <FilterBar
        filters={filters}
        onClear={listing.clear}
        end={<ViewOfActivity at={at} view="denied" onChange={(view) => patch({ view })} />}
      />
      <ListBody
        {...{ listing, columns, rowKey, rowLabel }}
        label="Refusals"
        noun="refusal"
        empty={
          <EmptyState title="Nothing was refused here">
            When somebody tries what they have no right to do, it shows here.
          </EmptyState>
        }
      />
    </>
  );
}

import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { Link } from 'react-router';
import type { PolicyFinding } from '#contract/policies/evaluations.ts';
import { findingVerdicts } from '#contract/policies/evaluations.ts';

import {
  policyEvaluationQuery,
  policyFindingExportUrl,
  policyFindingListQuery,
} from '../../api/policies.ts';
import { DownloadCsv } from '../../components/DownloadCsv.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { filtersBy, optionsOf } from '../../components/filters/choices.ts';
import { FilterBar } from '../../components/filters/FilterBar.tsx';
import { ListBody } from '../../components/lists/ListBody.tsx';
import { useList, useListing } from '../../components/lists/use-list.ts';
import type { Column } from '../../components/table/table.ts';
import { DetailSection } from '../../layouts/DetailLayout.tsx';
import { paths } from '../../util/paths.ts';
import type { PathScope } from '../../util/paths.ts';
import { placeName, scopeOfPlace } from '../../util/places.ts';
import {
  choiceParam,
  listParams,
  pageOf,
  patternParam,
  textParam,
} from '../../util/search-params.ts';
import type { SearchState } from '../../util/search-params.ts';

import { findingKindWord, verdictWord } from './policy-words.ts';

const day = /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/;
const search = {
  query: textParam(),
  verdict: choiceParam(findingVerdicts),
  dueFrom: patternParam(day),
  dueTo: patternParam(day),
  ...listParams(['due', 'name'], 'due'),
};

function filtersOf(state: SearchState<typeof search>) {
  return {
    query: state.query,
    verdict: state.verdict,
    dueFrom: state.dueFrom,
    dueTo: state.dueTo,
  };
}

function addressOf(at: PathScope, { kind, id, ...place }: PolicyFinding): string {
  const there = place.scope === 'scalr' ? at : scopeOfPlace(place);
  if (kind === 'role') return paths.role(there, id);
  return kind === 'image' ? paths.image(there, id) : paths.imageSet(there, id);
}

function columnsOf(at: PathScope): readonly Column<PolicyFinding>[] {
  return [
    {
      id: 'name',
      header: 'Name',
      isName: true,
      sortKey: 'name',
      cell: (row) => <Link to={addressOf(at, row)}>{row.name}</Link>,
      note: ({ why }) => why,
    },
    { id: 'kind', header: 'What', width: '6rem', cell: ({ kind }) => findingKindWord[kind] },
    { id: 'scope', header: 'At', width: '12rem', cell: placeName },
    {
      id: 'place',
      header: 'Place',
      width: '11rem',
      cell: ({ cloudPlatform, cloudLocation }) =>
        [cloudPlatform, cloudLocation].filter(Boolean).join(' ') || '–',
    },
    {
      id: 'verdict',
      header: 'Verdict',
      width: '7rem',
      cell: ({ verdict, done }) => (done ? 'Done' : verdictWord[verdict]),
    },
    {
      id: 'due',
      header: 'Due (UTC)',
      width: '8rem',
      sortKey: 'due',
      cell: ({ due }) => due?.slice(0, 10) ?? '–',
    },
  ];
}

const rowKey = ({ kind, id, cloudPlatform, cloudLocation }: PolicyFinding) =>
  [kind, id, cloudPlatform, cloudLocation].join(' ');
const rowLabel = ({ name }: PolicyFinding) => name;

interface FindingsProps {
  at: PathScope;
  policyId: string;
  evaluationId: string;
}

/** The list that the address asks for, with its filters. */
function useFindings({ at, policyId, evaluationId }: FindingsProps) {
  const params = { policyId, evaluationId };
  const base = useList(search, (state) =>
    policyFindingListQuery(at, params, {
      ...filtersOf(state),
      sort: state.sort,
      ...pageOf(state),
      include: ['total'],
    }),
  );
  const { state, patch } = base;
  const evaluation = useQuery(policyEvaluationQuery(at, params));
  const days = daysOf(evaluation.data?.calendar, state.dueFrom);
  const filters = [
    filtersBy(state, patch)('verdict', 'Verdict', optionsOf(findingVerdicts, verdictWord)),
    {
      id: 'day',
      label: 'Day',
      value: state.dueFrom ?? '',
      options: days.map((value) => ({ value, label: value })),
      onChange: (value: string) => patch({ dueFrom: value, dueTo: value }),
    },
  ];
  const listing = useListing(base, filters, {
    label: 'Search findings',
    placeholder: 'Name',
    members: ['name'],
  });
  const csv = policyFindingExportUrl(at, params, { ...filtersOf(state), sort: state.sort });
  return { listing, csv };
}

/** What an evaluation says of each object, and why. */
export function PolicyFindings(props: FindingsProps) {
  const { at } = props;
  const { listing, csv } = useFindings(props);
  const columns = useMemo(() => columnsOf(at), [at]);
  return (
    <DetailSection title="Row by row">
      <FilterBar
        search={listing.searchBox}
        filters={listing.filters}
        onClear={listing.clear}
        end={<DownloadCsv href={csv} file="policy.csv" />}
      />
      <ListBody
        {...{ listing, columns, rowKey, rowLabel }}
        label="Findings"
        noun="finding"
        empty={<EmptyState title="No findings">There is nothing within its reach.</EmptyState>}
      />
    </DetailSection>
  );
}

/** Those on which something falls due, and the one that is chosen. */
function daysOf(calendar: readonly { day: string }[] = [], chosen?: string): string[] {
  const days = calendar.map((entry) => entry.day);
  return chosen === undefined || days.includes(chosen) ? days : [chosen, ...days];
}

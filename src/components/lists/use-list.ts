import { useQuery } from '@tanstack/react-query';
import type { Pagination } from '#contract/envelope.ts';
import type { OperationId } from '#contract/operations.ts';

import { usePrefetchNext } from '../../api/query.ts';
import type { operationQuery } from '../../api/query.ts';
import { useUrlState } from '../../hooks/use-url-state.ts';
import { activeFilters } from '../filters/FilterBar.tsx';
import type { Filter } from '../filters/filter.ts';

import { useKnownPage } from './use-known-page.ts';
import type { ShownPage } from './use-known-page.ts';
import type { Fields, SearchPatch, SearchState } from '../../util/search-params.ts';

import { useSearch } from './use-search.ts';
import type { Typed } from './use-search.ts';

/** The rows of a list under the filters, sort and page of the address, and how to change these. */
export interface ListState<Row> {
  list: {
    data: { data: readonly Row[]; pagination: Pagination | undefined } | undefined;
    error: Error | null;
    isPlaceholderData: boolean;
    refetch: () => unknown;
  };
  state: { query?: string; sort?: string; pageSize: number };
  patch: (change: SearchPatch, options?: { replace?: boolean }) => void;
}

/**
 * Reads a list as the address has it, and its next page ahead.
 * @param fields what the address holds; declare them outside of the component
 * @param queryOf how to read the rows of a state
 */
export function useList<F extends Fields, Id extends OperationId>(
  fields: F,
  queryOf: (state: SearchState<F>) => ReturnType<typeof operationQuery<Id>>,
) {
  const [state, patch] = useUrlState(fields);
  const list = useQuery(queryOf(state));
  usePrefetchNext(list, (cursor) => queryOf({ ...state, cursor }));
  const { cursor } = state as { cursor?: string };
  useKnownPage(list as ShownPage, cursor ?? '', (known) =>
    patch({ cursor: known }, { replace: true }),
  );
  return { state, patch, list };
}

/** A list with all that its filter bar and its table need. */
export interface Listing<Row> extends ListState<Row> {
  typed: Typed;
  /** The members of a row that the server searches. */
  searched: readonly string[];
  filters: readonly Filter[];
  searchBox: Parameters<typeof activeFilters>[1];
  active: ReturnType<typeof activeFilters>;
  clear: () => void;
  /** Names the question, so that another answer is not taken for a change. */
  listKey: string;
}

interface SearchWords {
  label: string;
  placeholder: string;
  /** The members of a row that the server looks into. */
  members: readonly string[];
}

const noSearch: SearchWords = { label: '', placeholder: '', members: [] };

/** A list with its filters; with `words`, it can be searched by text as well. */
export function useListing<Row, L extends ListState<Row>>(
  base: L & ListState<Row>,
  filters: readonly Filter[],
  words?: SearchWords,
): L & Omit<Listing<Row>, keyof ListState<Row>> {
  const { state, patch, list } = base;
  const { label, placeholder, members } = words ?? noSearch;
  const value = state.query ?? '';
  const onChange = (query: string) => patch({ query }, { replace: true });
  const typed = useSearch(value, onChange, list.isPlaceholderData);
  const searchBox = words && { label, placeholder, value, onChange, typed };
  return {
    ...base,
    typed,
    searched: members,
    filters,
    searchBox,
    active: activeFilters(filters, searchBox),
    clear: () => patch({ ...Object.fromEntries(filters.map(({ id }) => [id, ''])), query: '' }),
    listKey: JSON.stringify(state),
  };
}

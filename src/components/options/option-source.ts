import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import type { OperationId } from '#contract/operations.ts';

import type { Answer } from '../../api/client.ts';
import type { operationQuery } from '../../api/query.ts';
import { formatCount, formatQuantity } from '../../util/format.ts';

import type { Choice } from './choice.ts';

const debounceMs = 150;

/** A page of options: enough to look over; the others are found by typing. */
export const optionPage = { maxResults: 20, cursor: 'start', include: ['total' as const] };

/** What to look for: the options with a text in them, or the one of a value. */
type Wanted = { query: string } | { value: string };

export interface FoundOptions {
  options: readonly Choice[];
  /** How many there are in all, and whether counting stopped there. */
  total: number;
  isCapped: boolean;
  isSearching: boolean;
}

/** Where a picker gets its options from. */
export interface OptionSource {
  /** Looks options up; nothing while nothing is wanted. */
  useOptions: (wanted: Wanted | undefined) => FoundOptions;
}

/** Options that are all there. */
export function fixedOptions(all: readonly Choice[]): OptionSource {
  return {
    useOptions: (wanted) => {
      const options = wanted === undefined ? [] : all.filter((option) => isWanted(option, wanted));
      return { options, total: options.length, isCapped: false, isSearching: false };
    },
  };
}

function isWanted({ value, label, detail = '' }: Choice, wanted: Wanted): boolean {
  if ('value' in wanted) return value === wanted.value;
  return `${label} ${detail}`.toLowerCase().includes(wanted.query.trim().toLowerCase());
}

type RowOf<Id extends OperationId> = Answer<Id>['data'] extends readonly (infer Row)[]
  ? Row
  : never;

/**
 * Options that the server searches.
 * @param listOf how to read a page of the list: with a text in it, or with one id
 */
export function serverOptions<Id extends OperationId>(
  listOf: (asked: {
    query: string | undefined;
    id: string | undefined;
  }) => ReturnType<typeof operationQuery<Id>>,
  optionOf: (row: RowOf<Id>) => Choice,
): OptionSource {
  return {
    useOptions: (wanted) => {
      const text = wanted !== undefined && 'query' in wanted ? wanted.query.trim() : '';
      const [settled] = useDebouncedValue(text, debounceMs);
      const id = wanted !== undefined && 'value' in wanted ? wanted.value : undefined;
      const query = id === undefined && settled !== '' ? settled : undefined;
      const { data, isFetching } = useQuery({
        ...listOf({ query, id }),
        enabled: wanted !== undefined,
      });
      // A list answers rows.
      const rows = (data?.data ?? []) as unknown as readonly RowOf<Id>[];
      const { total = rows.length, totalCapped = false } = data?.pagination ?? {};
      return {
        options: rows.map(optionOf),
        total,
        isCapped: totalCapped,
        isSearching: isFetching || settled !== text,
      };
    },
  };
}

/** How many there are, and how to reach those that are not shown. */
export function foundWords({ options, total, isCapped, isSearching }: FoundOptions): string {
  if (total > options.length)
    return `${formatCount(options.length)} of ${formatCount(total, isCapped)} shown: type to find the others`;
  if (isSearching) return 'Searching…';
  return options.length === 0 ? 'Nothing has this in its name' : formatQuantity(total, 'choice');
}

/** The option of a value by name, whether or not it is among those that are offered. */
export function useChosenOption(
  source: OptionSource,
  value: string | undefined,
  known?: Choice,
): Choice | undefined {
  const isAsked = value !== undefined && value !== '' && known === undefined;
  const { options, isSearching } = source.useOptions(isAsked ? { value } : undefined);
  if (value === undefined || value === '') return undefined;
  const found = known ?? options.find((option) => option.value === value);
  return found ?? { value, label: isSearching ? '…' : `#${value}` };
}

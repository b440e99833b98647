import { sql } from 'kysely';
import type { ServiceInput } from '#contract/operations.ts';
import { naturally } from '../lists/natural-order.ts';
import { type ListPlan, parseSort } from '../lists/paging.ts';

export type UsageSort = NonNullable<ServiceInput<'usageList'>['query']['sort']>;

/**
 * What rows of usage are sorted by, in lists and in the export.
 * @param named the alias whose `name` stands for the farm
 */
export function usageOrder(
  sort: UsageSort,
  named: 'f' | 'g',
): Pick<ListPlan, 'key' | 'keyType' | 'descending'> {
  const { name, descending } = parseSort(sort);
  if (name === 'farm')
    return { key: naturally(sql`${sql.raw(named)}.name`), keyType: 'text', descending };
  if (name === 'servers') return { key: sql`g.servers`, keyType: 'integer', descending };
  // What is old since a time that nobody knows counts as the oldest.
  return { key: sql`coalesce(g.since, '-infinity')`, keyType: 'timestamptz', descending };
}

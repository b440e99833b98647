import { sql } from 'kysely';
import type { ServiceInput } from '#contract/operations.ts';
import type { ScopeRef } from '#contract/scope.ts';
import { type ListPlan, parseSort } from '../lists/paging.ts';
import { anyOf, parseSearch } from '../lists/search.ts';
import { usageGroups } from './usage-groups.ts';
import { oldGroups, type UsageFilters, usageWays } from './usage-rows.ts';

type Sort = NonNullable<ServiceInput<'usageList'>['query']['sort']>;
type Grouping = ServiceInput<'usageGroupList'>['query']['by'];

/** How to walk the groups of servers on old images, one for each farm role and image. */
export function usageListPlan(scope: ScopeRef, filters: UsageFilters, sort: Sort): ListPlan {
  const farm = parseSort(sort).name === 'farm' ? sql` JOIN farms f ON f.id = g.farm_id` : sql``;
  const [first, ...others] = parseSearch(filters.query ?? '');
  return {
    from: sql`server_groups g${farm}`,
    branches: first ? first.flatMap(usageWays) : [sql`true`],
    overlapping: true,
    where: [
      ...oldGroups(scope, { ...filters, query: undefined }),
      ...others.map((group) => anyOf(group.flatMap(usageWays))),
    ],
    id: sql`g.id`,
    idType: 'text',
    ...order(sort, 'f'),
  };
}

/** How to walk the same, added up by what they have in common. */
export function usageGroupListPlan(
  by: Grouping,
  scope: ScopeRef,
  filters: UsageFilters,
  sort: Sort,
): ListPlan {
  return {
    from: sql`${usageGroups(by, scope, filters)} g`,
    branches: [sql`true`],
    where: [],
    id: sql`g.id`,
    idType: 'text',
    ...order(sort, 'g'),
  };
}

/** @param named the alias whose `name` stands for the farm */
function order(sort: Sort, named: 'f' | 'g'): Pick<ListPlan, 'key' | 'keyType' | 'descending'> {
  const { name, descending } = parseSort(sort);
  if (name === 'farm') return { key: sql`${sql.raw(named)}.name`, keyType: 'text', descending };
  if (name === 'servers') return { key: sql`g.servers`, keyType: 'integer', descending };
  // What is old since a time that nobody knows counts as the oldest.
  return { key: sql`coalesce(g.since, '-infinity')`, keyType: 'timestamptz', descending };
}

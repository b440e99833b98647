import { sql } from 'kysely';
import type { ServiceInput } from '#contract/operations.ts';
import type { ScopeRef } from '#contract/scope.ts';
import { type ListPlan, parseSort } from '../lists/paging.ts';
import { anyOf, parseSearch } from '../lists/search.ts';
import { usageOrder, type UsageSort } from './usage-order.ts';
import { type GroupFilters, usageGroups } from './usage-groups.ts';
import { oldGroups, type UsageFilters, usageWays } from './usage-rows.ts';

type Grouping = ServiceInput<'usageGroupList'>['query']['by'];

/** How to walk the groups of servers on old images, one for each farm role and image. */
export function usageListPlan(scope: ScopeRef, filters: UsageFilters, sort: UsageSort): ListPlan {
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
    ...usageOrder(sort, 'f'),
  };
}

/** How to walk the same, added up by what they have in common. */
export function usageGroupListPlan(
  by: Grouping,
  scope: ScopeRef,
  filters: GroupFilters,
  sort: UsageSort,
): ListPlan {
  return {
    from: sql`${usageGroups(by, scope, filters)} g`,
    branches: [sql`true`],
    where: [],
    id: sql`g.id`,
    idType: 'text',
    ...usageOrder(sort, 'g'),
  };
}

import { type RawBuilder, sql } from 'kysely';
import type { ServiceInput } from '#contract/operations.ts';
import type { ScopeRef } from '#contract/scope.ts';
import { equal } from '../lists/equal.ts';
import { byCount, sumOfServers } from '../lists/count-order.ts';
import { naturally } from '../lists/natural-order.ts';
import { type ListPlan, parseSort } from '../lists/paging.ts';
import { registrationsWanted } from '../images/same-cloud-image.ts';
import { matchesSearch, waysIn } from '../lists/search.ts';
import { startsFrom } from '../images/image-usage.ts';
import { whetherObserved } from '../observed-farms/observed-as.ts';
import { isAtOrBelow } from '../organisation/visibility.ts';

type Query = ServiceInput<'farmList'>['query'];
type Sort = NonNullable<Query['sort']>;
type FarmFilters = Omit<Query, 'sort' | 'include' | 'pageNum' | 'maxResults' | 'cursor'>;

/** How to walk the farms at and below a scope. */
export function farmListPlan(scope: ScopeRef, filters: FarmFilters, sort: Sort): ListPlan {
  return {
    from: sql`farms f`,
    branches: [isAtOrBelow('f', scope)],
    where: conditions(scope, filters),
    id: sql`f.id`,
    idType: 'integer',
    ...order(scope, sort),
  };
}

function order(scope: ScopeRef, sort: Sort): Pick<ListPlan, 'key' | 'keyType' | 'descending'> {
  const { name, descending } = parseSort(sort);
  if (name === 'name') return { key: naturally(sql`f.name`), keyType: 'text', descending };
  if (name === 'added') return { key: sql`f.added_at`, keyType: 'timestamptz', descending };
  if (name === 'id') return { key: sql`f.id`, keyType: 'integer', descending };
  const servers = sql`SELECT g.farm_id AS id, ${sumOfServers(name)} AS count FROM server_groups g
    WHERE ${isAtOrBelow('g', scope)} GROUP BY 1`;
  return { ...byCount(sql`farms f`, sql`f.id`, servers), descending };
}

function conditions(scope: ScopeRef, filters: FarmFilters): RawBuilder<unknown>[] {
  const { query, id, name, owner, status, account, environment, role, image, imageSet } = filters;
  const { description, project, timezone, launchOrder } = filters;
  return [
    ...matchesSearch(query, waysIn('f.name')),
    ...equal('f', {
      id,
      name,
      description,
      timezone,
      status,
      project_id: project,
      owner_id: owner,
      account_id: account,
      environment_id: environment,
    }),
    ...(launchOrder
      ? [sql`(f.launch_order = 'sequential') = ${launchOrder === 'sequential'}`]
      : []),
    ...(role ? [isAmong(sql`SELECT farm_id FROM farm_roles WHERE role_id = ${role}`)] : []),
    ...registrationsWanted({ image, imageSet }).map((registrations) =>
      isAmong(sql`SELECT g.farm_id FROM server_groups g WHERE g.image_id = ANY(${registrations})
        UNION SELECT fr.farm_id FROM role_images ri JOIN farm_roles fr ON ${startsFrom}
        WHERE ri.image_id = ANY(${registrations})`),
    ),
    ...whetherObserved('f.id', filters.observed),
    ...(filters.onOldImages === undefined
      ? []
      : [isOnOldImages(scope, filters.onOldImages, filters.environment)]),
  ];
}

/** The farms are found once, as an array, and not once for each farm. */
function isAmong(farmIds: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`f.id = ANY(ARRAY(${farmIds}))`;
}

function isOnOldImages(
  scope: ScopeRef,
  wanted: boolean,
  environment?: number,
): RawBuilder<unknown> {
  const inEnvironment = environment ? sql`AND g.environment_id = ${environment}` : sql``;
  const old = isAmong(
    sql`SELECT g.farm_id FROM server_groups g WHERE g.old AND ${isAtOrBelow('g', scope)} ${inEnvironment}`,
  );
  return wanted ? old : sql`NOT (${old})`;
}

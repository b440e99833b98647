import { type RawBuilder, sql } from 'kysely';
import type { ServiceInput } from '#contract/operations.ts';
import type { ScopeRef } from '#contract/scope.ts';
import { isDeprecatedAt } from '../images/same-cloud-image.ts';
import type { Db } from '../../connection/connection.ts';
import { equal } from '../lists/equal.ts';
import { type ListPlan, parseSort } from '../lists/paging.ts';
import { countServersBy, joinCurrentImage } from './usage.ts';
import { inOrder } from '../lists/in-order.ts';
import { type ObservedAs, observedAs } from '../observed-farms/observed-as.ts';
import { isAtOrBelow } from '../organisation/visibility.ts';

type Query = ServiceInput<'farmRoleList'>['query'];

/** A role of a farm, with the image that new servers of it start from. */
export interface FarmRoleRow {
  id: number;
  alias: string;
  farm_id: number;
  farm_name: string;
  role_id: number;
  role_name: string;
  role_deprecated: boolean;
  account_id: number;
  environment_id: number;
  cloud_platform: string;
  cloud_location: string;
  instance_type: string;
  scaling_enabled: boolean;
  min_servers: number;
  max_servers: number;
  version: number;
  image_id: string;
  image_name: string;
  image_cloud_id: string;
  image_deprecated: boolean;
  /** It is not in the catalogue. */
  image_found: boolean;
  observed: ObservedAs | null;
}

/** Farm roles by id, in the order of the ids; unknown ids are left out. */
export async function fetchFarmRoles(tx: Db, ids: readonly number[]): Promise<FarmRoleRow[]> {
  if (ids.length === 0) return [];
  return inOrder(ids, await selectFarmRoles(tx, sql`fr.id = ANY(${ids}::int[])`));
}

/** The farm roles of a farm, in the order of their ids. */
export async function fetchFarmRolesOf(tx: Db, farmId: number): Promise<FarmRoleRow[]> {
  return selectFarmRoles(tx, sql`fr.farm_id = ${farmId} ORDER BY fr.id`);
}

/** A farm role if it is at `scope` or below it. */
export async function findFarmRole(
  tx: Db,
  scope: ScopeRef,
  id: number,
): Promise<FarmRoleRow | undefined> {
  const [row] = await selectFarmRoles(tx, sql`fr.id = ${id} AND ${isAtOrBelow('fr', scope)}`);
  return row;
}

async function selectFarmRoles(tx: Db, condition: RawBuilder<unknown>): Promise<FarmRoleRow[]> {
  const { rows } = await sql<FarmRoleRow>`
    SELECT fr.id, fr.alias, fr.farm_id, f.name AS farm_name,
      fr.role_id, r.name AS role_name, r.deprecated_at IS NOT NULL AS role_deprecated,
      fr.account_id, fr.environment_id, fr.cloud_platform, fr.cloud_location, fr.instance_type,
      fr.scaling_enabled, fr.min_servers, fr.max_servers, fr.version,
      current.id AS image_id, current.name AS image_name, current.cloud_image_id AS image_cloud_id,
      ${isDeprecatedAt('current', 'fr')} AS image_deprecated, current.found_at IS NOT NULL AS image_found,
      ${observedAs('fr.farm_id')} AS observed
    FROM farm_roles fr
    JOIN farms f ON f.id = fr.farm_id
    JOIN roles r ON r.id = fr.role_id
    ${joinCurrentImage('fr')}
    WHERE ${condition}`.execute(tx);
  return rows;
}

/** How many servers of each farm role live, and how many of them are on an old image. */
export async function countFarmRoleServers(
  tx: Db,
  ids: readonly number[],
): ReturnType<typeof countServersBy> {
  return countServersBy(tx, 'farm_role_id', sql`g.farm_role_id = ANY(${ids}::int[])`);
}

/** How to walk the roles of a farm. */
export function farmRoleListPlan(
  farmId: number,
  query: Query,
  sort: NonNullable<Query['sort']>,
): ListPlan {
  const { id, farm, role, platform } = query;
  return {
    from: sql`farm_roles fr`,
    branches: [sql`fr.farm_id = ${farmId}`],
    where: equal('fr', { id, farm_id: farm, role_id: role, cloud_platform: platform }),
    key: sql`fr.id`,
    keyType: 'integer',
    id: sql`fr.id`,
    idType: 'integer',
    descending: parseSort(sort).descending,
  };
}

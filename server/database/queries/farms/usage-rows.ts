import { type RawBuilder, sql } from 'kysely';
import { cloudPlatforms } from '#contract/images/platforms.ts';
import type { ServiceInput } from '#contract/operations.ts';
import type { ScopeRef } from '#contract/scope.ts';
import { isDeprecatedAt, registrationsWanted } from '../images/same-cloud-image.ts';
import type { Db } from '../../connection/connection.ts';
import { equal } from '../lists/equal.ts';
import { inOrder } from '../lists/in-order.ts';
import { matchesSearch, type Ways } from '../lists/search.ts';
import { streamRows } from '../../connection/stream.ts';
import { joinCurrentImage } from './usage.ts';
import { usageOrder, type UsageSort } from './usage-order.ts';
import { isObserved, whetherObserved } from '../observed-farms/observed-as.ts';
import { isAtOrBelow } from '../organisation/visibility.ts';

export type UsageFilters = ServiceInput<'usageTotals'>['query'] &
  Pick<NonNullable<ServiceInput<'ownerContactSend'>['body']['filters']>, 'farms' | 'rollout'>;

/** A farm role with live servers on one old image, and the names that people read. */
export interface UsageRow {
  id: string;
  farm_id: number;
  farm_name: string;
  owner_id: number;
  owner_name: string;
  owner_email: string;
  account_id: number;
  account_name: string;
  environment_id: number;
  environment_name: string;
  farm_role_id: number;
  farm_role_alias: string;
  role_id: number;
  role_name: string;
  cloud_platform: string;
  cloud_location: string;
  image_id: string;
  image_name: string;
  image_cloud_id: string;
  deprecated: boolean;
  role_image_id: string;
  role_image_name: string;
  role_image_cloud_id: string;
  role_image_deprecated: boolean;
  stale: boolean;
  servers: number;
  live: number;
  since: Date | null;
  observed: boolean;
  /** They are not in the catalogue. */
  image_found: boolean;
  role_image_found: boolean;
}

/** The farms of the servers that a rollout moves, or would as it was planned. */
function farmsOfRollout(id: string): RawBuilder<unknown> {
  return sql`SELECT rs.farm_id FROM rollout_servers rs WHERE rs.rollout_id = ${id}
    UNION SELECT s.farm_id FROM rollouts p
      CROSS JOIN LATERAL jsonb_to_recordset(p.items) AS planned (id uuid)
      JOIN servers s ON s.id = planned.id
      WHERE p.id = ${id} AND p.started_at IS NULL`;
}

/** Which part of the fleet is looked at: conditions on `g` (server_groups) that take or leave farm roles as a whole. */
function groupsIn(scope: ScopeRef, filters: UsageFilters): RawBuilder<unknown>[] {
  const { account, environment, farm, role, owner, cloudPlatform, cloudLocation } = filters;
  const { farms, rollout } = filters;
  const ofFarmRole = equal('fr', {
    role_id: role,
    cloud_platform: cloudPlatform,
    cloud_location: cloudLocation,
  });
  return [
    isAtOrBelow('g', scope),
    ...equal('g', { account_id: account, environment_id: environment, farm_id: farm }),
    ...whetherObserved('g.farm_id', filters.observed),
    ...(farms ? [sql`g.farm_id = ANY(${farms}::int[])`] : []),
    ...(rollout ? [sql`g.farm_id IN (${farmsOfRollout(rollout)})`] : []),
    ...(owner ? [sql`g.farm_id IN (SELECT id FROM farms WHERE owner_id = ${owner})`] : []),
    ...(ofFarmRole.length > 0
      ? [
          sql`g.farm_role_id IN (SELECT fr.id FROM farm_roles fr WHERE ${sql.join(ofFarmRole, sql` AND `)})`,
        ]
      : []),
  ];
}

/** The rows of usage as conditions on `g` (server_groups): the groups on old images that the filters leave. */
export function oldGroups(scope: ScopeRef, filters: UsageFilters): RawBuilder<unknown>[] {
  const { image, imageSet, query, why } = filters;
  return [
    sql`g.old`,
    ...groupsIn(scope, filters),
    ...registrationsWanted({ image, imageSet }).map((ids) => sql`g.image_id = ANY(${ids})`),
    ...(why ? [sql`g.${sql.raw(why)}`] : []),
    ...matchesSearch(query, usageWays),
  ];
}

/**
 * The ways in which a group can have a word, one branch of a list for each: joined by OR, none of them
 * could use an index. Names are searched where each stands once, and not in every group.
 */
export const usageWays: Ways = ({ text, pattern, uuid }) => {
  const platforms = cloudPlatforms.filter((platform) => platform.includes(text.toLowerCase()));
  return [
    sql`g.farm_id IN (SELECT f.id FROM farms f WHERE f.name ILIKE ${pattern})`,
    sql`g.farm_id IN (SELECT f.id FROM users u JOIN farms f ON f.owner_id = u.id
      WHERE u.name ILIKE ${pattern} OR u.email ILIKE ${pattern})`,
    sql`g.environment_id IN (SELECT e.id FROM environments e JOIN accounts a ON a.id = e.account_id
      WHERE e.name ILIKE ${pattern} OR a.name ILIKE ${pattern})`,
    sql`g.farm_role_id IN (SELECT fr.id FROM farm_roles fr JOIN roles r ON r.id = fr.role_id
      WHERE r.name ILIKE ${pattern})`,
    // As an array, which counts as short: a place has many farm roles, and still indexes find their groups.
    sql`g.farm_role_id = ANY(ARRAY(SELECT fr.id FROM farm_roles fr
      WHERE fr.cloud_location ILIKE ${pattern}))`,
    ...(platforms.length === 0
      ? []
      : [
          sql`g.farm_role_id = ANY(ARRAY(SELECT fr.id FROM farm_roles fr
            WHERE fr.cloud_platform = ANY(${platforms})))`,
        ]),
    sql`g.image_id IN (SELECT i.id FROM images i WHERE i.deleted_at IS NULL
      AND (i.name ILIKE ${pattern} OR i.cloud_image_id ILIKE ${pattern}))`,
    ...(uuid === undefined ? [] : [sql`g.image_id = ${uuid}`]),
  ];
};

/** Rows of usage under conditions on `g` (server_groups), `f` (farms) and `fr` (farm_roles). */
export function selectUsageRows(
  where: readonly RawBuilder<unknown>[],
  order: RawBuilder<unknown>,
): RawBuilder<UsageRow> {
  return sql<UsageRow>`SELECT g.id, g.farm_id, f.name AS farm_name,
      f.owner_id, owner.name AS owner_name, owner.email AS owner_email,
      g.account_id, a.name AS account_name, g.environment_id, e.name AS environment_name,
      g.farm_role_id, fr.alias AS farm_role_alias, fr.role_id, r.name AS role_name,
      fr.cloud_platform, fr.cloud_location,
      g.image_id, ran.name AS image_name, ran.cloud_image_id AS image_cloud_id, g.deprecated,
      current.id AS role_image_id, current.name AS role_image_name,
      current.cloud_image_id AS role_image_cloud_id,
      ${isDeprecatedAt('current', 'g')} AS role_image_deprecated,
      g.stale, g.servers, g.since, ${isObserved('g.farm_id')} AS observed,
      ran.found_at IS NOT NULL AS image_found, current.found_at IS NOT NULL AS role_image_found,
      (SELECT sum(all_of.servers) FROM server_groups all_of WHERE all_of.farm_role_id = g.farm_role_id) AS live
    FROM server_groups g
    JOIN farms f ON f.id = g.farm_id
    JOIN users owner ON owner.id = f.owner_id
    JOIN accounts a ON a.id = g.account_id
    JOIN environments e ON e.id = g.environment_id
    JOIN farm_roles fr ON fr.id = g.farm_role_id
    JOIN roles r ON r.id = fr.role_id
    JOIN images ran ON ran.id = g.image_id
    ${joinCurrentImage('fr')}
    WHERE ${sql.join(where, sql` AND `)} ${order}`;
}

/** Rows of usage by id, in the order of the ids; what is not old any more is left out. */
export async function fetchUsageRows(tx: Db, ids: readonly string[]): Promise<UsageRow[]> {
  if (ids.length === 0) return [];
  const farmRoleIds = [...new Set(ids.map((id) => Number.parseInt(id, 10)))];
  const where = [
    sql`g.old`,
    sql`g.farm_role_id = ANY(${farmRoleIds}::int[])`,
    sql`g.id = ANY(${ids})`,
  ];
  const { rows } = await selectUsageRows(where, sql``).execute(tx);
  return inOrder(ids, rows);
}

/** Every row at and below a scope, in the order of the list, as the database gives them. */
export function streamUsageRows(
  tx: Db,
  scope: ScopeRef,
  filters: UsageFilters,
  sort: UsageSort,
): AsyncIterable<UsageRow> {
  const { key, descending } = usageOrder(sort, 'f');
  const direction = sql.raw(descending ? 'DESC' : 'ASC');
  const order = sql`ORDER BY ${key} ${direction}, g.id ${direction}`;
  return streamRows(tx, selectUsageRows(oldGroups(scope, filters), order));
}

export interface UsageTotals {
  farms: number;
  owners: number;
  images: number;
  farm_roles: number;
  servers: number;
  live_servers: number;
}

/** Whole counts of what the filters leave; `live_servers` follows those that choose a part of the fleet. */
export async function fetchUsageTotals(
  tx: Db,
  scope: ScopeRef,
  filters: UsageFilters,
): Promise<UsageTotals> {
  const { rows } = await sql<UsageTotals>`
    SELECT count(DISTINCT g.farm_id)::int AS farms, count(DISTINCT f.owner_id)::int AS owners,
      count(DISTINCT g.image_id)::int AS images, count(DISTINCT g.farm_role_id)::int AS farm_roles,
      coalesce(sum(g.servers), 0)::int AS servers,
      (SELECT coalesce(sum(g.servers), 0)::int FROM server_groups g
        WHERE ${sql.join(groupsIn(scope, filters), sql` AND `)}) AS live_servers
    FROM server_groups g JOIN farms f ON f.id = g.farm_id
    WHERE ${sql.join(oldGroups(scope, filters), sql` AND `)}`.execute(tx);
  const [totals] = rows;
  if (!totals) throw new Error('An aggregate always has one row');
  return totals;
}

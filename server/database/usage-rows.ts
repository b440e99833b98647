import { type RawBuilder, sql } from 'kysely';
import type { ServiceInput } from '#contract/operations.ts';
import type { ScopeRef } from '#contract/scope.ts';
import type { Db } from './connection.ts';
import { inOrder } from './in-order.ts';
import { containsPattern } from './paging.ts';
import { streamRows } from './stream.ts';
import { isLive, liveGroups } from './usage.ts';
import { isAtOrBelow } from './visibility.ts';

export type UsageFilters = ServiceInput<'usageTotals'>['query'];

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
}

/** Which part of the fleet is looked at: a condition on `s` that takes or leaves farm roles as a whole. */
export function serversIn(scope: ScopeRef, filters: UsageFilters): RawBuilder<unknown> {
  const { farm, role, owner, cloudPlatform, cloudLocation } = filters;
  const ofFarmRole = [
    ...(farm ? [sql`fr.farm_id = ${farm}`] : []),
    ...(role ? [sql`fr.role_id = ${role}`] : []),
    ...(owner ? [sql`fr.farm_id IN (SELECT id FROM farms WHERE owner_id = ${owner})`] : []),
    ...(cloudPlatform ? [sql`fr.cloud_platform = ${cloudPlatform}`] : []),
    ...(cloudLocation === undefined ? [] : [sql`fr.cloud_location = ${cloudLocation}`]),
  ];
  return sql.join(
    [
      isAtOrBelow('s', scope),
      ...(filters.account ? [sql`s.account_id = ${filters.account}`] : []),
      ...(filters.environment ? [sql`s.environment_id = ${filters.environment}`] : []),
      ...(ofFarmRole.length > 0
        ? [
            sql`s.farm_role_id IN (SELECT fr.id FROM farm_roles fr WHERE ${sql.join(ofFarmRole, sql` AND `)})`,
          ]
        : []),
    ],
    sql` AND `,
  );
}

/** The rows of usage as tables and conditions on `g` (liveGroups), `f` (farms), `r` (roles), `ran` (images). */
export interface OldGroups {
  from: RawBuilder<unknown>;
  where: RawBuilder<unknown>[];
}

/** @param servers which part of the fleet: see `serversIn` */
export function oldGroups(servers: RawBuilder<unknown>, filters: UsageFilters): OldGroups {
  const { image, query, why } = filters;
  const hasImage = image
    ? sql`AND s.farm_role_id IN (SELECT farm_role_id FROM servers WHERE image_id = ${image})`
    : sql``;
  return {
    from: sql`${liveGroups(sql`${servers} ${hasImage}`)} g
      JOIN farms f ON f.id = g.farm_id JOIN roles r ON r.id = g.role_id JOIN images ran ON ran.id = g.image_id`,
    where: [
      sql`g.old`,
      ...(image ? [sql`g.image_id = ${image}`] : []),
      ...(why ? [sql`g.${sql.raw(why)}`] : []),
      ...(query ? [matches(query)] : []),
    ],
  };
}

function matches(query: string): RawBuilder<unknown> {
  const columns = ['f.name', 'r.name', 'ran.name', 'ran.cloud_image_id'];
  const pattern = containsPattern(query);
  return sql`(${sql.join(
    columns.map((column) => sql`${sql.raw(column)} ILIKE ${pattern}`),
    sql` OR `,
  )})`;
}

/** One row per farm role and image. */
export const usageRowId = sql`(g.farm_role_id || ':' || g.image_id)`;

function selectRows({ from, where }: OldGroups, order: RawBuilder<unknown>): RawBuilder<UsageRow> {
  return sql<UsageRow>`SELECT ${usageRowId} AS id, g.farm_id, f.name AS farm_name,
      f.owner_id, owner.name AS owner_name, owner.email AS owner_email,
      g.account_id, a.name AS account_name, g.environment_id, e.name AS environment_name,
      g.farm_role_id, fr.alias AS farm_role_alias, g.role_id, r.name AS role_name,
      g.cloud_platform, g.cloud_location,
      g.image_id, ran.name AS image_name, ran.cloud_image_id AS image_cloud_id, g.deprecated,
      g.role_image_id, current.name AS role_image_name, current.cloud_image_id AS role_image_cloud_id,
      current.deprecated_at IS NOT NULL AS role_image_deprecated,
      g.stale, g.servers, g.live, g.since
    FROM ${from}
    JOIN farm_roles fr ON fr.id = g.farm_role_id
    JOIN users owner ON owner.id = f.owner_id
    JOIN accounts a ON a.id = g.account_id
    JOIN environments e ON e.id = g.environment_id
    JOIN images current ON current.id = g.role_image_id
    WHERE ${sql.join(where, sql` AND `)} ${order}`;
}

/** Rows of usage by id, in the order of the ids; what is not old any more is left out. */
export async function fetchUsageRows(tx: Db, ids: readonly string[]): Promise<UsageRow[]> {
  if (ids.length === 0) return [];
  const farmRoleIds = [...new Set(ids.map((id) => Number.parseInt(id, 10)))];
  const groups = oldGroups(sql`s.farm_role_id = ANY(${farmRoleIds}::int[])`, {});
  groups.where.push(sql`${usageRowId} = ANY(${ids})`);
  const { rows } = await selectRows(groups, sql``).execute(tx);
  return inOrder(ids, rows);
}

/** Every row at and below a scope, most servers first, as the database gives them. */
export function streamUsageRows(
  tx: Db,
  scope: ScopeRef,
  filters: UsageFilters,
): AsyncIterable<UsageRow> {
  const groups = oldGroups(serversIn(scope, filters), filters);
  return streamRows(tx, selectRows(groups, sql`ORDER BY g.servers DESC, ${usageRowId} DESC`));
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
  const { from, where } = oldGroups(serversIn(scope, filters), filters);
  const { rows } = await sql<UsageTotals>`
    SELECT count(DISTINCT g.farm_id)::int AS farms, count(DISTINCT f.owner_id)::int AS owners,
      count(DISTINCT g.image_id)::int AS images, count(DISTINCT g.farm_role_id)::int AS farm_roles,
      coalesce(sum(g.servers), 0)::int AS servers,
      (SELECT count(*)::int FROM servers s
        WHERE ${isLive('s')} AND ${serversIn(scope, filters)}) AS live_servers
    FROM ${from} WHERE ${sql.join(where, sql` AND `)}`.execute(tx);
  const [totals] = rows;
  if (!totals) throw new Error('An aggregate always has one row');
  return totals;
}

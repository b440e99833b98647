import { type RawBuilder, sql } from 'kysely';
import type { ScopeRef } from '#contract/scope.ts';
import type { Db } from '../../connection/connection.ts';
import { inOrder } from '../lists/in-order.ts';
import { matchesSearch, waysIn } from '../lists/search.ts';
import { oldGroups, type UsageFilters } from './usage-rows.ts';

export type UsageGrouping = 'farm' | 'owner' | 'image';

/** `named` is part of the name of the group itself. */
export type GroupFilters = UsageFilters & { named?: string | undefined };

/** Rows of usage put together; the columns of a farm, an owner and an image are null where they are not one. */
export interface UsageGroupRow {
  id: string;
  farms: number;
  images: number;
  farm_roles: number;
  servers: number;
  since: Date | null;
  farm_id: number | null;
  farm_name: string | null;
  environment_id: number | null;
  environment_name: string | null;
  account_name: string | null;
  owner_id: number | null;
  owner_name: string | null;
  owner_email: string | null;
  image_id: string | null;
  image_name: string | null;
  cloud_image_id: string | null;
  cloud_platform: string | null;
  cloud_location: string | null;
  deprecated: boolean | null;
}

const members = {
  farm: { id: 'g.farm_id', type: 'int', table: 'farms' },
  owner: { id: 'owned.owner_id', type: 'int', table: 'users' },
  image: { id: 'g.image_id', type: 'uuid', table: 'images' },
} as const;

/**
 * Usage grouped by farm, owner or image, as a subquery. Columns: id (text), name (of the group),
 * farms, images, farm_roles, servers, since (of the oldest row; null where one is older than anybody
 * knows), deprecated.
 * @param ids only these groups
 */
export function usageGroups(
  by: UsageGrouping,
  scope: ScopeRef,
  filters: GroupFilters,
  ids?: readonly string[],
): RawBuilder<unknown> {
  const { id, type, table } = members[by];
  const column = sql.raw(id);
  const where = [
    ...oldGroups(scope, filters),
    ...(filters.named ? [isNamed(by, filters.named)] : []),
    ...(ids ? [sql`${column} = ANY(${ids}::${sql.raw(type)}[])`] : []),
  ];
  return sql`(SELECT ${column}::text AS id,
      (SELECT named.name FROM ${sql.table(table)} named WHERE named.id = ${column}) AS name,
      count(DISTINCT g.farm_id)::int AS farms, count(DISTINCT g.image_id)::int AS images,
      count(DISTINCT g.farm_role_id)::int AS farm_roles, sum(g.servers)::int AS servers,
      CASE WHEN count(g.since) = count(*) THEN min(g.since) END AS since,
      bool_or(g.deprecated) AS deprecated
    FROM server_groups g ${by === 'owner' ? sql`JOIN farms owned ON owned.id = g.farm_id` : sql``}
    WHERE ${sql.join(where, sql` AND `)}
    GROUP BY ${column})`;
}

/** What is grouped by is found by its name; an owner also by mail address, an image by its cloud image id. */
function isNamed(by: UsageGrouping, text: string): RawBuilder<unknown> {
  const named = (...columns: string[]) =>
    sql.join([sql`true`, ...matchesSearch(text, waysIn(...columns))], sql` AND `);
  if (by === 'farm') return sql`g.farm_id IN (SELECT f.id FROM farms f WHERE ${named('f.name')})`;
  if (by === 'owner')
    return sql`owned.owner_id IN (SELECT u.id FROM users u WHERE ${named('u.name', 'u.email')})`;
  return sql`g.image_id IN (SELECT i.id FROM images i
    WHERE i.deleted_at IS NULL AND ${named('i.name', 'i.cloud_image_id')})`;
}

/** Groups by id, in the order of the ids, counted under the same filters. */
export async function fetchUsageGroups(
  tx: Db,
  by: UsageGrouping,
  scope: ScopeRef,
  filters: GroupFilters,
  ids: readonly string[],
): Promise<UsageGroupRow[]> {
  if (ids.length === 0) return [];
  const groups = usageGroups(by, scope, filters, ids);
  const is = (kind: UsageGrouping, id: string, type: string) =>
    kind === by ? sql`${sql.ref(id)} = member.id::${sql.raw(type)}` : sql`false`;
  const { rows } = await sql<UsageGroupRow>`
    SELECT member.id, member.farms, member.images, member.farm_roles, member.servers, member.since,
      f.id AS farm_id, f.name AS farm_name, e.id AS environment_id, e.name AS environment_name,
      a.name AS account_name, owner.id AS owner_id, owner.name AS owner_name, owner.email AS owner_email,
      i.id AS image_id, i.name AS image_name, i.cloud_image_id, i.cloud_platform, i.cloud_location,
      CASE WHEN i.id IS NOT NULL THEN member.deprecated END AS deprecated
    FROM ${groups} member
    LEFT JOIN farms f ON ${is('farm', 'f.id', 'int')}
    LEFT JOIN images i ON ${is('image', 'i.id', 'uuid')}
    LEFT JOIN environments e ON e.id = f.environment_id
    LEFT JOIN accounts a ON a.id = f.account_id
    LEFT JOIN users owner ON owner.id = f.owner_id OR ${is('owner', 'owner.id', 'int')}`.execute(
    tx,
  );
  return inOrder(ids, rows);
}

import { sql } from 'kysely';
import { ApiError } from '#contract/errors.ts';
import type { FarmRole } from '#contract/farms.ts';
import { type FarmRoleRow, fetchFarmRoles, findFarmRole } from '../database/farm-roles.ts';
import { fetchPage, parseSort } from '../database/paging.ts';
import { countServersBy } from '../database/usage.ts';
import type { Context, Handlers } from './context.ts';
import { getFarm } from './farms.ts';

/** The roles of farms: docs/domain.md, "Farms". */
export const farmRoleHandlers: Handlers<'farmRoleList' | 'farmRoleGet'> = {
  farmRoleList: async (ctx, { params, query }) => {
    const farm = await getFarm(ctx, params.farmId);
    const { sort = 'id', include, pageNum, maxResults, cursor, ...filters } = query;
    const { id, role, platform } = filters;
    const { ids, page } = await fetchPage<number>(
      ctx.tx,
      {
        from: sql`farm_roles fr`,
        branches: [sql`fr.farm_id = ${farm.id}`],
        where: [
          ...(id ? [sql`fr.id = ${id}`] : []),
          ...(role ? [sql`fr.role_id = ${role}`] : []),
          ...(platform ? [sql`fr.cloud_platform = ${platform}`] : []),
        ],
        key: sql`fr.id`,
        keyType: 'integer',
        id: sql`fr.id`,
        idType: 'integer',
        descending: parseSort(sort).descending,
      },
      { pageNum, maxResults, cursor },
      {
        list: ['farmRoleList', ctx.scope, farm.id, filters, sort],
        total: include?.includes('total') ?? false,
      },
    );
    const rows = await fetchFarmRoles(ctx.tx, ids);
    return { data: await toFarmRoles(ctx, rows, include), page };
  },

  farmRoleGet: async (ctx, { params, query }) => {
    const row = await findFarmRole(ctx.tx, ctx.scope, params.farmRoleId);
    const [farmRole] = row ? await toFarmRoles(ctx, [row], query.include) : [];
    if (!farmRole)
      throw new ApiError(
        'ObjectNotFound',
        `No farm role has the id ${params.farmRoleId} here. It may have been deleted, or it belongs to another scope.`,
      );
    return { data: farmRole };
  },
};

async function toFarmRoles(
  ctx: Context,
  rows: readonly FarmRoleRow[],
  include: readonly string[] | undefined,
): Promise<FarmRole[]> {
  const ids = rows.map((row) => row.id);
  const counts = include?.includes('usage')
    ? await countServersBy(ctx.tx, 'farm_role_id', sql`g.farm_role_id = ANY(${ids}::int[])`)
    : undefined;
  return rows.map((row) => ({
    id: row.id,
    alias: row.alias,
    farm: { id: row.farm_id, name: row.farm_name },
    role: { id: row.role_id, name: row.role_name, deprecated: row.role_deprecated },
    accountId: row.account_id,
    envId: row.environment_id,
    cloudPlatform: row.cloud_platform,
    cloudLocation: row.cloud_location,
    instanceType: row.instance_type,
    scaling: {
      enabled: row.scaling_enabled,
      minInstances: row.min_servers,
      maxInstances: row.max_servers,
    },
    image: {
      id: row.image_id,
      name: row.image_name,
      cloudImageId: row.image_cloud_id,
      deprecated: row.image_deprecated,
    },
    ...(counts && { servers: counts.get(row.id) ?? { live: 0, old: 0 } }),
  }));
}

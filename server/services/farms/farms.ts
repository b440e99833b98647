import { type RawBuilder, sql } from 'kysely';
import type { Farm } from '#contract/farms/farms.ts';
import type { ServiceInput } from '#contract/operations.ts';
import { countFarmUsage, type FarmRow, fetchFarms } from '../../database/queries/farms/farms.ts';
import {
  containsPattern,
  fetchPage,
  type ListPlan,
  parseSort,
} from '../../database/queries/lists/paging.ts';
import { isAtOrBelow } from '../../database/queries/organisation/visibility.ts';
import type { Context, Handlers } from '../context.ts';
import { getFarm, toFarm } from './farm-access.ts';
import { listServers } from './servers.ts';

type Query = ServiceInput<'farmList'>['query'];

/** Farms, readable from their environment and every scope above: docs/domain.md, "Farms". */
export const farmHandlers: Handlers<'farmList' | 'farmGet' | 'farmServerList'> = {
  farmList: async (ctx, { query }) => {
    const { sort = 'id', include, pageNum, maxResults, cursor, ...filters } = query;
    const { ids, page } = await fetchPage<number>(
      ctx.tx,
      {
        from: sql`farms f`,
        branches: [isAtOrBelow('f', ctx.scope)],
        where: conditions(ctx, filters),
        id: sql`f.id`,
        idType: 'integer',
        ...order(sort),
      },
      { pageNum, maxResults, cursor },
      { list: ['farmList', ctx.scope, filters, sort], total: include?.includes('total') ?? false },
    );
    const rows = await fetchFarms(ctx.tx, ids);
    return { data: await toFarms(ctx, rows, include), page };
  },

  farmGet: async (ctx, { params, query }) => {
    const [farm] = await toFarms(ctx, [await getFarm(ctx, params.farmId)], query.include);
    if (!farm) throw new Error('A farm that was found is shown');
    return { data: farm };
  },

  farmServerList: async (ctx, { params, query }) => {
    const farm = await getFarm(ctx, params.farmId);
    return listServers(ctx, query, { farm: farm.id });
  },
};

function order(sort: NonNullable<Query['sort']>): Pick<ListPlan, 'key' | 'keyType' | 'descending'> {
  const { name, descending } = parseSort(sort);
  if (name === 'name') return { key: sql`f.name`, keyType: 'text', descending };
  if (name === 'added') return { key: sql`f.added_at`, keyType: 'timestamptz', descending };
  return { key: sql`f.id`, keyType: 'integer', descending };
}

function conditions(
  ctx: Context,
  filters: Omit<Query, 'sort' | 'include' | 'pageNum' | 'maxResults' | 'cursor'>,
): RawBuilder<unknown>[] {
  const { query, id, name, owner, status, account, environment, role, image } = filters;
  const { description, project, timezone, launchOrder } = filters;
  return [
    ...(query ? [sql`f.name ILIKE ${containsPattern(query)}`] : []),
    ...(id ? [sql`f.id = ${id}`] : []),
    ...(name === undefined ? [] : [sql`f.name = ${name}`]),
    ...(description === undefined ? [] : [sql`f.description = ${description}`]),
    ...(project ? [sql`f.project_id = ${project}`] : []),
    ...(timezone === undefined ? [] : [sql`f.timezone = ${timezone}`]),
    ...(launchOrder
      ? [sql`(f.launch_order = 'sequential') = ${launchOrder === 'sequential'}`]
      : []),
    ...(owner ? [sql`f.owner_id = ${owner}`] : []),
    ...(status ? [sql`f.status = ${status}`] : []),
    ...(account ? [sql`f.account_id = ${account}`] : []),
    ...(environment ? [sql`f.environment_id = ${environment}`] : []),
    ...(role ? [isAmong(sql`SELECT farm_id FROM farm_roles WHERE role_id = ${role}`)] : []),
    ...(image
      ? [isAmong(sql`SELECT g.farm_id FROM server_groups g WHERE g.image_id = ${image}`)]
      : []),
    ...(filters.onOldImages === undefined
      ? []
      : [isOnOldImages(ctx, filters.onOldImages, filters.environment)]),
  ];
}

/** The farms are found once, as an array, and not once for each farm. */
function isAmong(farmIds: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`f.id = ANY(ARRAY(${farmIds}))`;
}

function isOnOldImages(ctx: Context, wanted: boolean, environment?: number): RawBuilder<unknown> {
  const inEnvironment = environment ? sql`AND g.environment_id = ${environment}` : sql``;
  const old = isAmong(
    sql`SELECT g.farm_id FROM server_groups g WHERE g.old AND ${isAtOrBelow('g', ctx.scope)} ${inEnvironment}`,
  );
  return wanted ? old : sql`NOT (${old})`;
}

async function toFarms(
  ctx: Context,
  rows: readonly FarmRow[],
  include: readonly string[] | undefined,
): Promise<Farm[]> {
  const usageOf = include?.includes('usage')
    ? await countFarmUsage(
        ctx.tx,
        rows.map((row) => row.id),
      )
    : undefined;
  return rows.map((row) => ({ ...toFarm(row), ...usageOf?.(row.id) }));
}

import type { Farm } from '#contract/farms/farms.ts';
import { farmListPlan } from '../../database/queries/farms/farm-list.ts';
import { countFarmUsage, type FarmRow, fetchFarms } from '../../database/queries/farms/farms.ts';
import { fetchPage } from '../../database/queries/lists/paging.ts';
import type { Context, SomeHandlers } from '../context.ts';
import { getFarm, toFarm } from './farm-access.ts';
import { decideFarmActions } from './fleet-verdicts.ts';
import { listServers } from './servers.ts';

/** Farms, readable from their environment and every scope above: docs/domain.md, "Farms". */
export const farmHandlers = {
  farmList: async (ctx, { query }) => {
    const sort = query.sort ?? 'id';
    const plan = farmListPlan(ctx.scope, query, sort);
    const of = ['farmList', ctx.scope];
    const { ids, page } = await fetchPage<number>(ctx.tx, plan, { ...query, sort }, of);
    const rows = await fetchFarms(ctx.tx, ids);
    return { data: await toFarms(ctx, rows, query.include), page };
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
} satisfies SomeHandlers;

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
  const actionsOf = include?.includes('actions') ? await decideFarmActions(ctx, rows) : undefined;
  return rows.map((row) => {
    const actions = actionsOf?.get(row.id);
    return { ...toFarm(row), ...usageOf?.(row.id), ...(actions && { actions }) };
  });
}

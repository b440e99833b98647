import type { FarmRole } from '#contract/farms/farm-roles.ts';
import {
  countFarmRoleServers,
  type FarmRoleRow,
  farmRoleListPlan,
  fetchFarmRoles,
} from '../../database/queries/farms/farm-roles.ts';
import { fetchSetbacks, type SetbackRow } from '../../database/queries/farms/keeping.ts';
import { fetchPage } from '../../database/queries/lists/paging.ts';
import type { Context, SomeHandlers } from '../context.ts';
import { getFarm, getFarmRole, toFarmRole } from './farm-access.ts';
import {
  changeFarmRole,
  cloneFarmRole,
  createFarmRole,
  deleteFarmRole,
  editFarmRole,
} from './farm-role-edit.ts';
import { decideFarmRoleActions } from './fleet-verdicts.ts';
import { launchServer } from './server-actions.ts';
import { listServers } from './servers.ts';

/** The roles of farms: docs/domain.md, "Farms". */
export const farmRoleHandlers = {
  farmRoleList: async (ctx, { params, query }) => {
    const farm = await getFarm(ctx, params.farmId);
    const sort = query.sort ?? 'id';
    const plan = farmRoleListPlan(farm.id, query, sort);
    const of = ['farmRoleList', ctx.scope, farm.id];
    const { ids, page } = await fetchPage<number>(ctx.tx, plan, { ...query, sort }, of);
    const rows = await fetchFarmRoles(ctx.tx, ids);
    return { data: await toFarmRoles(ctx, rows, query.include), page };
  },

  farmRoleGet: async (ctx, { params, query }) => {
    const row = await getFarmRole(ctx, params.farmRoleId);
    const [farmRole] = await toFarmRoles(ctx, [row], query.include);
    if (!farmRole) throw new Error('A farm role that was found is shown');
    return { data: farmRole };
  },

  farmRoleCreate: createFarmRole,
  farmRoleUpdate: editFarmRole,
  farmRoleDelete: deleteFarmRole,
  farmRoleClone: cloneFarmRole,

  farmRoleServerList: async (ctx, { params, query }) => {
    const row = await getFarmRole(ctx, params.farmRoleId);
    return listServers(ctx, query, { farmRole: row.id });
  },
  farmRoleServerLaunch: async (ctx, { params }) => ({
    data: await launchServer(ctx, await getFarmRoleToRun(ctx, params.farmRoleId)),
  }),
} satisfies SomeHandlers;

/** Parts of farm roles, in Scalr's words. */
export const farmRolePartHandlers = {
  farmRoleScalingGet: async (ctx, { params }) => partOf('scaling', ctx, params.farmRoleId),
  farmRoleScalingUpdate: async (ctx, { params, body }) => ({
    data: (await changeFarmRole(ctx, params.farmRoleId, { scaling: body })).scaling,
  }),
  farmRoleInstanceGet: async (ctx, { params }) => partOf('instance', ctx, params.farmRoleId),
  farmRoleInstanceUpdate: async (ctx, { params, body }) => ({
    data: (await changeFarmRole(ctx, params.farmRoleId, { instance: body })).instance,
  }),
  farmRolePlacementGet: async (ctx, { params }) => partOf('placement', ctx, params.farmRoleId),
  farmRolePlacementUpdate: async (ctx, { params, body }) => ({
    data: (await changeFarmRole(ctx, params.farmRoleId, { placement: body })).placement,
  }),
} satisfies SomeHandlers;

/** A part has the version of its farm role. */
async function partOf<Part extends 'scaling' | 'instance' | 'placement'>(
  part: Part,
  ctx: Context,
  id: number,
): Promise<{ data: FarmRole[Part]; version: number }> {
  const { [part]: data, version } = toFarmRole(await getFarmRole(ctx, id));
  return { data, version };
}

/** @throws ApiError ObjectNotFound, PreconditionFailed */
async function getFarmRoleToRun(ctx: Context, id: number): Promise<FarmRoleRow> {
  const row = await getFarmRole(ctx, id);
  ctx.expectVersion(row.version);
  return row;
}

async function toFarmRoles(
  ctx: Context,
  rows: readonly FarmRoleRow[],
  include: readonly string[] | undefined,
): Promise<FarmRole[]> {
  const ids = rows.map((row) => row.id);
  const wants = (name: string) => include?.includes(name) ?? false;
  const counts = wants('usage') ? await countFarmRoleServers(ctx.tx, ids) : undefined;
  const setbacks = wants('usage') ? await fetchSetbacks(ctx.tx, ids) : undefined;
  const verdicts = wants('actions') ? await decideFarmRoleActions(ctx, rows) : undefined;
  return rows.map((row) => {
    const actions = verdicts?.get(row.id);
    return {
      ...toFarmRole(row),
      ...(counts && { servers: counts.get(row.id) ?? { live: 0, old: 0 } }),
      ...(setbacks && { setback: toSetback(setbacks.get(row.id)) }),
      ...(actions && { actions }),
    };
  });
}

function toSetback(row: SetbackRow | undefined): NonNullable<FarmRole['setback']> | null {
  if (!row) return null;
  const { failures, at, retry_at: retryAt, reason } = row;
  return { failures, at: at.toISOString(), retryAt: retryAt.toISOString(), reason };
}

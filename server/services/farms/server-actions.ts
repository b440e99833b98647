import type { Server } from '#contract/farms/servers.ts';
import {
  fetchLaunchingFarmRoles,
  updateFarmRole,
} from '../../database/queries/farms/farm-role-writes.ts';
import {
  fetchServerFacts,
  launchServers,
  setHostname,
  setServerStatus,
} from '../../database/queries/farms/server-writes.ts';
import type { ServerRow } from '../../database/queries/farms/servers.ts';
import { planServerLaunch } from '../../domain/launches.ts';
import { planServerStep, type ServerVerb } from '../../domain/servers.ts';
import type { Context, Handlers } from '../context.ts';
import { getFarm, getFarmRole } from './farm-access.ts';
import { refusalError } from '../refuse.ts';
import { getServer, toServer } from './servers.ts';

/** What servers do, on stored state: docs/domain.md, "What servers do". */
export const serverActionHandlers: Handlers<
  | 'serverLaunch'
  | 'serverUpdate'
  | 'serverReboot'
  | 'serverSuspend'
  | 'serverResume'
  | 'serverTerminate'
> = {
  serverLaunch: async (ctx, { body }) => ({
    data: await launchServer(ctx, await getFarmRole(ctx, body.farmRole.id)),
  }),

  serverUpdate: async (ctx, { params, body }) => {
    const row = await getServer(ctx, params.serverId);
    const { hostname = row.hostname } = body;
    if (hostname === row.hostname) return { data: toServer(row) };
    await setHostname(ctx.tx, row.id, hostname);
    return { data: await record(ctx, row, { hostname: row.hostname }, { hostname }) };
  },

  serverReboot: async (ctx, { params, body }) => {
    const row = await getServer(ctx, params.serverId);
    await demandStep(ctx, row, 'reboot');
    return { data: await record(ctx, row, undefined, { rebooted: body.hard ? 'hard' : 'soft' }) };
  },

  serverSuspend: async (ctx, { params }) => ({
    data: await step(ctx, await getServer(ctx, params.serverId), 'suspend'),
  }),

  serverResume: async (ctx, { params }) => ({
    data: await step(ctx, await getServer(ctx, params.serverId), 'resume'),
  }),

  serverTerminate: async (ctx, { params, body }) => {
    const force = body.force ?? false;
    return { data: await step(ctx, await getServer(ctx, params.serverId), 'terminate', { force }) };
  },
};

/**
 * Launches one more server of a farm role, which gets room for it if it has none.
 * @throws ApiError UnacceptableState unless the farm runs
 */
export async function launchServer(
  ctx: Context,
  farmRole: { id: number; farm_id: number },
): Promise<Server> {
  const [facts] = await fetchLaunchingFarmRoles(ctx.tx, { farmRoleId: farmRole.id });
  if (!facts) throw new Error(`Farm role ${farmRole.id} vanished`);
  const plan = planServerLaunch(await getFarm(ctx, farmRole.farm_id), facts);
  if ('code' in plan) throw refusalError(plan);
  const { raiseMaxTo } = plan;
  if (raiseMaxTo !== undefined)
    await updateFarmRole(ctx.tx, farmRole.id, { max_servers: raiseMaxTo });
  const stamp = { at: ctx.now, reason: 'Launched by hand', by: ctx.actor };
  const [id = ''] = await launchServers(ctx.tx, [plan], stamp);
  const server = toServer(await getServer(ctx, id));
  ctx.record({
    object: `server:${id}`,
    after: { ...server, ...(raiseMaxTo !== undefined && { raisedMaxInstancesTo: raiseMaxTo }) },
  });
  return server;
}

async function step(
  ctx: Context,
  row: ServerRow,
  verb: ServerVerb,
  options: { force?: boolean } = {},
): Promise<Server> {
  const status = await demandStep(ctx, row, verb, options);
  await setServerStatus(ctx.tx, [row.id], status, ctx.now);
  return record(ctx, row, { status: row.status }, { status, ...options });
}

/** @throws ApiError UnacceptableState, ConfigurationMismatch, InvalidValue, NotImplemented */
async function demandStep(
  ctx: Context,
  row: ServerRow,
  verb: ServerVerb,
  options: { force?: boolean } = {},
): Promise<Server['status']> {
  const [facts] = await fetchServerFacts(ctx.tx, { serverId: row.id });
  if (!facts) throw new Error(`Server ${row.id} vanished`);
  const plan = planServerStep(facts, verb, options);
  if ('code' in plan) throw refusalError(plan);
  return plan.to;
}

async function record(
  ctx: Context,
  row: ServerRow,
  before: object | undefined,
  after: object,
): Promise<Server> {
  ctx.record({ object: `server:${row.id}`, before, after });
  return toServer(await getServer(ctx, row.id));
}

import type { Server } from '#contract/farms/servers.ts';
import {
  fetchLaunchingFarmRoles,
  updateFarmRole,
} from '../../database/queries/farms/farm-role-writes.ts';
import {
  fetchServerFacts,
  launchServers,
  rebootServer,
  setHostname,
  setServerStatus,
} from '../../database/queries/farms/server-writes.ts';
import type { FarmRoleRow } from '../../database/queries/farms/farm-roles.ts';
import type { ServerRow } from '../../database/queries/farms/servers.ts';
import { planServerLaunch } from '../../domain/farms/launches.ts';
import { findObservedRefusal } from '../../domain/inventory/observed-refusal.ts';
import { planServerStep, type ServerVerb } from '../../domain/farms/servers.ts';
import type { Context, SomeHandlers } from '../context.ts';
import type { Change, LogEntry } from '../log-entry.ts';
import { refusalError, refuseIf } from '../refuse.ts';
import { getFarm, getFarmRole, toFarmRole } from './farm-access.ts';
import { lowerMinimum } from './lower-minimum.ts';
import { getServer, toServer } from './servers.ts';

/** What servers do, on stored state: docs/domain.md, "What servers do". */
export const serverActionHandlers = {
  serverLaunch: async (ctx, { body }) => ({
    data: await launchServer(ctx, await getFarmRole(ctx, body.farmRole.id)),
  }),

  serverUpdate: async (ctx, { params, body }) => {
    const row = await getServerToChange(ctx, params.serverId);
    const { hostname = row.hostname } = body;
    refuseIf(findObservedRefusal(row));
    if (hostname === row.hostname) return { data: toServer(row) };
    await setHostname(ctx.tx, row.id, hostname);
    return { data: await record(ctx, row) };
  },

  serverReboot: async (ctx, { params, body }) => {
    const row = await getServerToChange(ctx, params.serverId);
    await demandStep(ctx, row, 'reboot');
    const hard = body.hard ?? false;
    const stamp = { at: ctx.now, actor: ctx.actor, reason: reasons.reboot };
    await rebootServer(ctx.tx, row.id, { ...stamp, hard });
    return { data: await record(ctx, row, { hard }) };
  },

  serverSuspend: async (ctx, { params }) => ({
    data: await step(ctx, await getServerToChange(ctx, params.serverId), 'suspend'),
  }),

  serverResume: async (ctx, { params }) => ({
    data: await step(ctx, await getServerToChange(ctx, params.serverId), 'resume'),
  }),

  serverTerminate: async (ctx, { params, body }) => {
    const force = body.force ?? false;
    const row = await getServerToChange(ctx, params.serverId);
    const others = body.lowerMinimum === true ? await lowerMinimum(ctx, row) : [];
    return { data: await step(ctx, row, 'terminate', { force }, others) };
  },
} satisfies SomeHandlers;

/**
 * Launches one more server of a farm role, which gets room for it if it has none.
 * @throws ApiError UnacceptableState unless the farm runs
 */
export async function launchServer(ctx: Context, farmRole: FarmRoleRow): Promise<Server> {
  const [facts] = await fetchLaunchingFarmRoles(ctx.tx, { farmRoleId: farmRole.id });
  if (!facts) throw new Error(`Farm role ${farmRole.id} vanished`);
  const plan = planServerLaunch(await getFarm(ctx, farmRole.farm_id), facts);
  if ('code' in plan) throw refusalError(plan);
  const others = await makeRoom(ctx, farmRole, plan.raiseMaxTo);
  const stamp = { at: ctx.now, actor: ctx.actor, reason: 'Launched by hand' };
  const [id = ''] = await launchServers(ctx.tx, [plan], { ...stamp, launchedBy: ctx.actor });
  const server = toServer(await getServer(ctx, id));
  ctx.record({ kind: 'server', after: server, others });
  return server;
}

/** Raises the maximum of a farm role where that is needed. @returns the farm role, if that changed it */
export async function makeRoom(
  ctx: Context,
  row: FarmRoleRow,
  raiseMaxTo: number | undefined,
): Promise<Change[]> {
  if (raiseMaxTo === undefined) return [];
  await updateFarmRole(ctx.tx, row.id, { max_servers: raiseMaxTo });
  const after = toFarmRole(await getFarmRole(ctx, row.id));
  return [{ kind: 'farmRole', before: toFarmRole(row), after }];
}

const reasons: Record<ServerVerb, string> = {
  reboot: 'Rebooted by hand',
  suspend: 'Suspended by hand',
  resume: 'Resumed by hand',
  terminate: 'Terminated by hand',
};

async function step(
  ctx: Context,
  row: ServerRow,
  verb: ServerVerb,
  options?: { force: boolean },
  others: readonly Change[] = [],
): Promise<Server> {
  const status = await demandStep(ctx, row, verb, options);
  const stamp = { at: ctx.now, actor: ctx.actor, reason: reasons[verb] };
  await setServerStatus(ctx.tx, [row.id], status, stamp);
  return record(ctx, row, options, others);
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

/** @throws ApiError ObjectNotFound, PreconditionFailed */
async function getServerToChange(ctx: Context, id: string): Promise<ServerRow> {
  const row = await getServer(ctx, id);
  ctx.expectVersion(row.version);
  return row;
}

/** @param row as it was before */
async function record(
  ctx: Context,
  row: ServerRow,
  options?: LogEntry['options'],
  others: readonly Change[] = [],
): Promise<Server> {
  const after = toServer(await getServer(ctx, row.id));
  ctx.record({ kind: 'server', before: toServer(row), after, options, others });
  return after;
}

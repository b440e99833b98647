import type { Blocker } from '#contract/errors.ts';
import type { Farm } from '#contract/farms/farms.ts';
import type { ServerStatus } from '#contract/farms/statuses.ts';
import { fetchLaunchingFarmRoles } from '../../database/queries/farms/farm-role-writes.ts';
import { updateFarm } from '../../database/queries/farms/farm-writes.ts';
import {
  fetchServerFacts,
  launchServers,
  setServerStatus,
} from '../../database/queries/farms/server-writes.ts';
import { fetchServers } from '../../database/queries/farms/servers.ts';
import {
  type FarmVerb,
  findLockRefusal,
  findUnlockRefusal,
  planFarmStep,
  planServerWithFarm,
} from '../../domain/farms/farms.ts';
import { findLaunchRightRefusal, planFarmLaunch } from '../../domain/farms/launches.ts';
import {
  findStepRightRefusal,
  findSuspendRefusal,
  planServerStep,
  type ServerFacts,
} from '../../domain/farms/servers.ts';
import type { Context, SomeHandlers } from '../context.ts';
import { type Change, changesOf, type LogEntry } from '../log-entry.ts';
import { refusalError, refuseIf } from '../refuse.ts';
import { getFarm, toFarm } from './farm-access.ts';
import { readFarm } from './farm-edit.ts';
import { toServer } from './servers.ts';

/** What farms do, on stored state: docs/domain.md, "What farms do". */
export const farmActionHandlers = {
  farmLaunch: async (ctx, { params }) => {
    const { row, to } = await begin(ctx, params.farmId, 'launch');
    const farmRoles = await fetchLaunchingFarmRoles(ctx.tx, { farmId: row.id });
    for (const farmRole of farmRoles) refuseIf(findLaunchRightRefusal(farmRole));
    const launches = planFarmLaunch(farmRoles);
    const stamp = { at: ctx.now, actor: ctx.actor, reason: 'Farm launched' };
    const ids = await launchServers(ctx.tx, launches, { ...stamp, launchedBy: ctx.actor });
    await updateFarm(ctx.tx, row.id, { status: to, launched_at: ctx.now });
    const launched = (await fetchServers(ctx.tx, ids)).map(toServer);
    const others = launched.map((after) => ({ kind: 'server' as const, after }));
    return { data: await record(ctx, row, others) };
  },

  farmTerminate: async (ctx, { params, body }) => {
    const { row, to } = await begin(ctx, params.farmId, 'terminate');
    const servers = await fetchServerFacts(ctx.tx, { farmId: row.id });
    const force = body.force ?? false;
    if (force) refuseUnfit(servers, (one) => planServerStep(one, 'terminate', { force }), isForced);
    refuseForbidden(servers, 'terminate');
    const changed = await moveServers(ctx, servers, 'terminate');
    await updateFarm(ctx.tx, row.id, { status: to });
    return { data: await record(ctx, row, changed, { force }) };
  },

  farmSuspend: async (ctx, { params }) => {
    const { row, to } = await begin(ctx, params.farmId, 'suspend');
    const servers = await fetchServerFacts(ctx.tx, { farmId: row.id });
    refuseUnfit(servers, (one) => findSuspendRefusal(one));
    refuseForbidden(servers, 'suspend');
    const changed = await moveServers(ctx, servers, 'suspend');
    await updateFarm(ctx.tx, row.id, { status: to });
    return { data: await record(ctx, row, changed) };
  },

  farmResume: async (ctx, { params }) => {
    const { row, to } = await begin(ctx, params.farmId, 'resume');
    const servers = await fetchServerFacts(ctx.tx, { farmId: row.id });
    refuseForbidden(servers, 'resume');
    const changed = await moveServers(ctx, servers, 'resume');
    await updateFarm(ctx.tx, row.id, { status: to });
    return { data: await record(ctx, row, changed) };
  },

  farmLock: async (ctx, { params, body }) => {
    const row = await getFarm(ctx, params.farmId);
    ctx.expectVersion(row.version);
    refuseIf(findLockRefusal(row, 'locked again'));
    await updateFarm(ctx.tx, row.id, {
      locked_at: ctx.now,
      locked_by: ctx.actor,
      lock_comment: body.lockComment ?? '',
      unlock_permission: body.unlockPermission ?? 'anyone',
    });
    return { data: await record(ctx, row) };
  },

  farmUnlock: async (ctx, { params }) => {
    const row = await getFarm(ctx, params.farmId);
    ctx.expectVersion(row.version);
    const { principal, actor } = ctx;
    const ownsFarm = principal.kind === 'user' && principal.id === row.owner_id;
    const isAdministrator = ctx.can('scopes.manage', ctx.scope);
    refuseIf(findUnlockRefusal(row, { actor, ownsFarm, isAdministrator }));
    const open = { locked_at: null, locked_by: null, lock_comment: null, unlock_permission: null };
    await updateFarm(ctx.tx, row.id, open);
    return { data: await record(ctx, row) };
  },
} satisfies SomeHandlers;

type FarmRow = Awaited<ReturnType<typeof getFarm>>;

/** @throws ApiError ObjectNotFound, PreconditionFailed, Locked, UnacceptableState */
async function begin(
  ctx: Context,
  id: number,
  verb: FarmVerb,
): Promise<{ row: FarmRow; to: Farm['status'] }> {
  const row = await getFarm(ctx, id);
  ctx.expectVersion(row.version);
  const plan = planFarmStep(row, verb);
  if ('code' in plan) throw refusalError(plan);
  return { row, to: plan.to };
}

type Refusing = ReturnType<typeof planServerStep> | ReturnType<typeof findSuspendRefusal>;

/** A farm changes as a whole or not at all. @throws ApiError with every server that stands in the way */
function refuseUnfit(
  servers: readonly ServerFacts[],
  judge: (server: ServerFacts) => Refusing,
  counts: (code: string) => boolean = () => true,
): void {
  const unfit = servers.flatMap((server) => {
    const verdict = judge(server);
    return verdict && 'code' in verdict && counts(verdict.code) ? [{ server, verdict }] : [];
  });
  const [first] = unfit;
  if (!first) return;
  const blockers: Blocker[] = unfit.map(({ server, verdict }) => ({
    type: 'server',
    id: server.id,
    code: verdict.code,
    reason: verdict.reason,
  }));
  throw refusalError(first.verdict, blockers);
}

/** @throws ApiError with every server that moves and was launched with credentials that do not allow that */
function refuseForbidden(servers: readonly ServerFacts[], verb: Exclude<FarmVerb, 'launch'>): void {
  const moving = servers.filter((server) => planServerWithFarm(server, verb) !== undefined);
  refuseUnfit(moving, (server) => findStepRightRefusal(server, verb));
}

/** Of what speaks against terminating a server, a farm minds only the force that its cloud lacks. */
function isForced(code: string): boolean {
  return code === 'InvalidValue';
}

const reasons = {
  terminate: 'Farm terminated',
  suspend: 'Farm suspended',
  resume: 'Farm resumed',
} as const;

/** @returns the servers that came into another state */
async function moveServers(
  ctx: Context,
  servers: readonly ServerFacts[],
  verb: Exclude<FarmVerb, 'launch'>,
): Promise<Change[]> {
  const byStatus = new Map<ServerStatus, string[]>();
  for (const server of servers) {
    const to = planServerWithFarm(server, verb);
    if (to) byStatus.set(to, [...(byStatus.get(to) ?? []), server.id]);
  }
  const moving = [...byStatus.values()].flat();
  const before = (await fetchServers(ctx.tx, moving)).map(toServer);
  const stamp = { at: ctx.now, actor: ctx.actor, reason: reasons[verb] };
  for (const [status, ids] of byStatus) await setServerStatus(ctx.tx, ids, status, stamp);
  const after = (await fetchServers(ctx.tx, moving)).map(toServer);
  return changesOf('server', before, after);
}

/** @param row as it was before */
async function record(
  ctx: Context,
  row: FarmRow,
  others: readonly Change[] = [],
  options?: LogEntry['options'],
): Promise<Farm> {
  const after = await readFarm(ctx, row.id);
  ctx.record({ kind: 'farm', before: toFarm(row), after, others, options });
  return after;
}

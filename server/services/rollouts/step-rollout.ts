import { fetchLaunchingFarmRoles } from '../../database/queries/farms/farm-role-writes.ts';
import { fetchWaitingFarmRoles } from '../../database/queries/farms/keeping.ts';
import { launchServers, setServerStatus } from '../../database/queries/farms/server-writes.ts';
import {
  fetchOpenMoves,
  fetchRolledFarmRoles,
  findRolledFarm,
  findSpareServer,
  lockRollout,
  noteFailure,
  type OpenMove,
  type RolledFarm,
  type RolloutFarm,
  type SteppingRollout,
  stopRollout,
  updateMove,
} from '../../database/queries/rollouts/rollout-steps.ts';
import { type KeptFarmRole, planAfterTermination } from '../../domain/farms/keeping.ts';
import { freeIndexes } from '../../domain/farms/launches.ts';
import { findSkip, hasEnded, planMoveStep, planNextMoves } from '../../domain/rollout-moves.ts';
import { beginGroups } from '../../database/queries/rollouts/rollout-group-steps.ts';
import type { FleetContext } from '../context.ts';

// What rollouts do by themselves: docs/domain.md, "Rollouts".

/** One step of a rollout in one farm: what has become of its moves, and which come next. */
export async function stepRollout(ctx: FleetContext, of: RolloutFarm): Promise<void> {
  const rollout = await lockRollout(ctx.tx, of.rollout_id);
  if (!rollout) return;
  if (rollout.state === 'running') await beginGroups(ctx.tx, of, ctx.now);
  const farm = await findRolledFarm(ctx.tx, of.farm_id);
  for (const move of await fetchOpenMoves(ctx.tx, of))
    if (move.state !== 'waiting') await goOn(ctx, rollout, move);
  await relaunch(ctx, rollout, farm);
  if (rollout.state === 'running' && farm.locked_at === null) await startMoves(ctx, rollout, farm);
}

/** Follows a move that is under way. */
async function goOn(ctx: FleetContext, rollout: SteppingRollout, move: OpenMove): Promise<void> {
  if (isBack(move)) {
    await takeBack(ctx, rollout, move);
    return;
  }
  if (move.new_server_id === null) return;
  // Its row goes with its farm role.
  const server = move.new_server ?? {
    status: 'terminated',
    ended_by: 'its farm role',
    cloud_words: null,
  };
  const { bakeSeconds } = rollout.settings;
  const { state, ran_at } = move;
  if (state === 'waiting') return;
  const step = planMoveStep({ state, ran_at }, server, { bakeSeconds, now: ctx.now });
  if ('stays' in step) return;
  if ('failed' in step) await fail(ctx, rollout, move, step.failed);
  else if (step.to === 'skipped') await end(ctx, rollout, move, 'skipped', step.reason);
  else if (step.to === 'moved') await end(ctx, rollout, move, 'moved');
  else await updateMove(ctx.tx, rollout.id, move.server_id, { state: 'baking', ran_at: ctx.now });
}

/** The cloud refused to end the server that was to go, so it is there as before. */
function isBack({ server }: OpenMove): boolean {
  return server?.status === 'running' || server?.status === 'suspended';
}

async function takeBack(
  ctx: FleetContext,
  rollout: SteppingRollout,
  move: OpenMove,
): Promise<void> {
  const words = move.server?.cloud_words ?? 'It did not say why.';
  // What did not come up has nothing to end.
  const isThere = move.new_server !== null && !hasEnded(move.new_server);
  if (move.new_server_id !== null && isThere)
    await setServerStatus(ctx.tx, [move.new_server_id], 'pending_terminate', {
      ...stampOf(ctx),
      reason: `Rollout ${rollout.id}: the server in whose place it came has stayed`,
    });
  await fail(ctx, rollout, move, words);
  await end(ctx, rollout, move, 'skipped', 'The cloud refused to terminate it.');
}

async function fail(
  ctx: FleetContext,
  rollout: SteppingRollout,
  move: OpenMove,
  cloudWords: string,
): Promise<void> {
  rollout.failures = await noteFailure(ctx.tx, rollout.id, move.server_id, {
    at: ctx.now,
    cloudWords,
  });
  const isOn = rollout.state === 'running' || rollout.state === 'paused';
  if (!isOn || rollout.failures < rollout.settings.stopAfterFailures) return;
  await stopRollout(ctx.tx, rollout.id);
  rollout.state = 'stopped';
}

async function end(
  ctx: FleetContext,
  rollout: SteppingRollout,
  move: Pick<OpenMove, 'server_id'>,
  state: 'moved' | 'skipped',
  reason: string | null = null,
): Promise<void> {
  await updateMove(ctx.tx, rollout.id, move.server_id, { state, reason, ended_at: ctx.now });
}

/** Launches another server in each place whose new one did not come up. */
async function relaunch(
  ctx: FleetContext,
  rollout: SteppingRollout,
  farm: RolledFarm,
): Promise<void> {
  if (rollout.state === 'stopped') return;
  const of = { rollout_id: rollout.id, farm_id: farm.id };
  const emptied = (await fetchOpenMoves(ctx.tx, of)).filter(
    (move) => move.state === 'moving' && move.new_server_id === null,
  );
  if (emptied.length === 0) return;
  const resting = new Set(await fetchWaitingFarmRoles(ctx.tx, farm.id, ctx.now));
  for (const move of emptied) {
    if (farm.status !== 'running')
      await end(ctx, rollout, move, 'skipped', `Its farm is ${farm.status}.`);
    else if (
      rollout.state === 'cancelled' &&
      rollout.failures >= rollout.settings.stopAfterFailures
    )
      await end(ctx, rollout, move, 'skipped', 'Nothing came up in its place.');
    else if (!resting.has(move.farm_role_id)) await fill(ctx, rollout, move);
  }
}

/** Puts a server into an emptied place: what the keeper has launched meanwhile, or one of its own. */
async function fill(ctx: FleetContext, rollout: SteppingRollout, move: OpenMove): Promise<void> {
  const since = move.started_at ?? ctx.now;
  const spare = await findSpareServer(ctx.tx, { farmRoleId: move.farm_role_id, since });
  const id = spare ?? (await launch(ctx, rollout, move.farm_role_id));
  if (id === undefined)
    await end(ctx, rollout, move, 'skipped', 'Its role has no image there any more.');
  else await updateMove(ctx.tx, rollout.id, move.server_id, { new_server_id: id });
}

/** @returns the id of the new server; nothing where the farm role or its image has gone */
async function launch(
  ctx: FleetContext,
  rollout: SteppingRollout,
  farmRoleId: number,
): Promise<string | undefined> {
  const [facts] = await fetchLaunchingFarmRoles(ctx.tx, { farmRoleId });
  if (!facts) return undefined;
  const [index = 1] = freeIndexes(facts.indexes, 1);
  const reason = `Rollout ${rollout.id}: in the place of a server on the old image`;
  const stamp = { ...stampOf(ctx), reason, launchedBy: null };
  const [id] = await launchServers(ctx.tx, [{ farmRoleId, index }], stamp);
  return id;
}

/** Skips what need not be moved any more, and starts as many moves as the settings allow. */
async function startMoves(
  ctx: FleetContext,
  rollout: SteppingRollout,
  farm: RolledFarm,
): Promise<void> {
  const of = { rollout_id: rollout.id, farm_id: farm.id };
  const moves = await fetchOpenMoves(ctx.tx, of);
  const waiting = new Map<
    number,
    { id: string; status: NonNullable<OpenMove['server']>['status'] }[]
  >();
  for (const move of moves) {
    if (move.state !== 'waiting') continue;
    const reason = findSkip(move.server ?? undefined, farm);
    if (reason !== undefined || !move.server) {
      await end(ctx, rollout, move, 'skipped', reason);
      continue;
    }
    const inFarmRole = waiting.get(move.farm_role_id) ?? [];
    inFarmRole.push({ id: move.server_id, status: move.server.status });
    waiting.set(move.farm_role_id, inFarmRole);
  }
  if (waiting.size === 0) return;
  const farmRoles = await fetchRolledFarmRoles(ctx.tx, rollout.id, [farm.id]);
  for (const farmRole of await fetchLaunchingFarmRoles(ctx.tx, { farmId: farm.id })) {
    const rolled = farmRoles.get(farmRole.id);
    const candidates = waiting.get(farmRole.id);
    if (!rolled || !candidates) continue;
    const underWay = moves
      .filter((move) => move.farm_role_id === farmRole.id && move.state !== 'waiting')
      .map((move) => ({ hasNewServer: move.new_server_id !== null }));
    const state = { ...farmRole, ...rolled, waiting: candidates, underWay };
    const next = planNextMoves(state, rollout.settings, ctx.now);
    if (!('start' in next)) continue;
    for (const id of next.start) await startMove(ctx, rollout, farmRole, id);
  }
}

/** Ends a server and launches another in one transaction, so that whoever counts them counts as many as before. */
async function startMove(
  ctx: FleetContext,
  rollout: SteppingRollout,
  farmRole: Omit<KeptFarmRole, 'farm_status'> & { id: number },
  serverId: string,
): Promise<void> {
  const after = planAfterTermination({ ...farmRole, farm_status: 'running' });
  if (!rollout.settings.replaceAll && !after.starts) {
    const reason = 'Nothing would come in its place by itself.';
    await end(ctx, rollout, { server_id: serverId }, 'skipped', reason);
    return;
  }
  const reason = `Rollout ${rollout.id}: moved to the image that its role has now`;
  await setServerStatus(ctx.tx, [serverId], 'pending_terminate', { ...stampOf(ctx), reason });
  const newServerId = await launch(ctx, rollout, farmRole.id);
  if (newServerId === undefined) throw new Error(`Farm role ${farmRole.id} launches nothing`);
  await updateMove(ctx.tx, rollout.id, serverId, {
    state: 'moving',
    new_server_id: newServerId,
    started_at: ctx.now,
  });
}

function stampOf(ctx: FleetContext) {
  return { at: ctx.now, actor: ctx.actor };
}

import type { RolloutDetail, RolloutNow } from '#contract/rollouts/rollouts.ts';
import { type FarmRow, fetchFarms } from '../../database/queries/farms/farms.ts';
import { fetchSetbacks, type SetbackRow } from '../../database/queries/farms/keeping.ts';
import { fetchBootTimes } from '../../database/queries/rollouts/rollout-candidates.ts';
import {
  fetchFailedMoves,
  fetchOpenFarmRoles,
  findWave,
  type OpenFarmRoleRow,
} from '../../database/queries/rollouts/rollout-servers.ts';
import {
  fetchRolloutGroups,
  type RolloutGroupRow,
} from '../../database/queries/rollouts/rollout-groups.ts';
import {
  fetchRolledFarmRoles,
  type RolledFarmRole,
} from '../../database/queries/rollouts/rollout-steps.ts';
import type { RolloutRow } from '../../database/queries/rollouts/rollouts.ts';
import { findLockRefusal } from '../../domain/farms/farms.ts';
import { planNextMoves } from '../../domain/rollout-moves.ts';
import { estimateSeconds } from '../../domain/rollout-plans.ts';
import type { Context } from '../context.ts';
import { usualBootMs } from './make-plan.ts';
import { toRolloutGroup, toRolloutServer } from './rollout-present.ts';

const [listedFarmRoles, listedFailures] = [50, 50];

type Progress = Pick<RolloutDetail, 'wave' | 'now' | 'failureList' | 'groups' | 'secondsLeft'>;

/** How far a rollout is, what it does now, what went wrong, and how long the rest takes. */
export async function describeProgress(ctx: Context, row: RolloutRow): Promise<Progress> {
  if (!row.started_at)
    return { wave: null, now: [], failureList: [], groups: [], secondsLeft: null };
  const wave = await findWave(ctx.tx, row.id);
  const open = await fetchOpenFarmRoles(ctx.tx, ctx.scope, row.id);
  const failed = await fetchFailedMoves(ctx.tx, ctx.scope, row.id, listedFailures);
  const groups = await fetchRolloutGroups(ctx.tx, ctx.scope, row.id);
  return {
    wave: wave ?? null,
    now: await describeNow(
      ctx,
      row,
      open.filter((farmRole) => farmRole.wave === wave?.now).slice(0, listedFarmRoles),
      groups,
    ),
    failureList: failed.map(toRolloutServer),
    groups: groups.map(toRolloutGroup),
    secondsLeft: row.state === 'running' ? await estimateRest(ctx, row, open) : null,
  };
}

async function estimateRest(
  ctx: Context,
  row: RolloutRow,
  open: readonly OpenFarmRoleRow[],
): Promise<number> {
  const boots = await fetchBootTimes(ctx.tx, [...new Set(open.map((one) => one.farm_role_id))]);
  const left = open.map(({ wave, farm_role_id: farmRoleId, live, waiting, moving, baking }) => ({
    wave,
    farmRoleId,
    live,
    servers: waiting + moving + baking,
  }));
  const waves = estimateSeconds(left, row.settings, (id) => boots.get(id) ?? usualBootMs);
  return [...waves.values()].reduce((sum, seconds) => sum + seconds, 0);
}

async function describeNow(
  ctx: Context,
  row: RolloutRow,
  open: readonly OpenFarmRoleRow[],
  groups: readonly RolloutGroupRow[],
): Promise<RolloutNow[]> {
  const farmIds = [...new Set(open.map((one) => one.farm_id))];
  const farms = new Map((await fetchFarms(ctx.tx, farmIds)).map((farm) => [farm.id, farm]));
  const setbacks = await fetchSetbacks(
    ctx.tx,
    open.map((one) => one.farm_role_id),
  );
  const rolled = await fetchRolledFarmRoles(ctx.tx, row.id, farmIds);
  return open.map((one) => ({
    farm: { id: one.farm_id, name: one.farm_name },
    farmRole: { id: one.farm_role_id, alias: one.alias },
    waiting: one.waiting,
    moving: one.moving,
    baking: one.baking,
    words: wordsOf(ctx, row, one, {
      farm: farms.get(one.farm_id),
      setback: setbacks.get(one.farm_role_id),
      rolled: rolled.get(one.farm_role_id),
      group: groups.find((group) => group.farm_role_id === one.farm_role_id),
    }),
  }));
}

interface Around {
  farm: FarmRow | undefined;
  setback: SetbackRow | undefined;
  rolled: RolledFarmRole | undefined;
  group: RolloutGroupRow | undefined;
}

/** One sentence: what a farm role is at, or what it waits for. */
function wordsOf(
  ctx: Context,
  { state, settings }: RolloutRow,
  { waiting_statuses, moving, baking }: OpenFarmRoleRow,
  { farm, setback, rolled, group }: Around,
): string {
  if (group) return group.words ?? 'Its turn comes.';
  if (setback && moving > 0)
    return `What came in place of an old server did not come up: ${setback.reason}`;
  if (moving > 0) return `${counted(moving)} on the way up on the new image.`;
  if (baking > 0)
    return `${counted(baking)} up on the new image, and must stay so for ${settings.bakeSeconds} s.`;
  const locked = farm && findLockRefusal(farm, 'moved');
  if (locked) return locked.reason;
  if (state === 'paused') return 'Nothing more is moved until the rollout is resumed.';
  if (state === 'stopped')
    return 'Too many new servers did not come up. Resume, undo or cancel it.';
  if (!rolled) return 'Its turn comes.';
  const servers = waiting_statuses.map((status) => ({ id: '', status }));
  const next = planNextMoves({ ...rolled, waiting: servers, underWay: [] }, settings, ctx.now);
  if (!('wait' in next)) return 'Its turn comes.';
  if (next.wait === 'pause') return `It pauses until ${next.until.toISOString()}.`;
  if (next.wait === 'unavailable')
    return `${counted(next.unavailable)} down already, and at most ${next.allowed} may be: the rest waits until they run.`;
  return 'Its turn comes.';
}

function counted(servers: number): string {
  return servers === 1 ? '1 server is' : `${servers} servers are`;
}

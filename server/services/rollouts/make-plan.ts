import { ApiError, type Blocker } from '#contract/errors.ts';
import type { PlanRollout, RolloutSettings } from '#contract/rollouts/rollout-members.ts';
import type { Rollout } from '#contract/rollouts/rollouts.ts';
import type { ScopeRef } from '#contract/scope.ts';
import {
  type BusyFarmRow,
  type CandidateRow,
  fetchBootTimes,
  fetchBusyFarms,
  fetchCandidates,
  findUnknownServer,
} from '../../database/queries/rollouts/rollout-candidates.ts';
import { fetchMovableGroups } from '../../database/queries/rollouts/movable-groups.ts';
import { findOwnerName } from '../../database/queries/farms/owners.ts';
import type { Refusal } from '../../domain/refusal.ts';
import { planRollout, type RolloutMoves } from '../../domain/rollout-plans.ts';
import { getVisibleImage } from '../access.ts';
import type { Context } from '../context.ts';
import { getFarm, getFarmRole } from '../farms/farm-access.ts';
import { getVisibleImageSet } from '../image-sets/image-set-access.ts';
import { getVisibleReplacement } from '../replacements/find-replacement.ts';

/** What a rollout would do, before it is presented. */
export interface MadeRollout extends RolloutMoves<CandidateRow> {
  settings: RolloutSettings;
  /** Milliseconds until a server of a farm role runs. */
  bootMs: (farmRoleId: number) => number;
  busy: BusyFarmRow[];
  refusal: Refusal | undefined;
}

/** Taken where no boot of a farm role was measured yet. */
export const usualBootMs = 60_000;

/** What was wished for, with everything said: docs/domain.md, "Rollouts", names the defaults. */
export function toSettings(wish: PlanRollout): RolloutSettings {
  return {
    waves: wish.waves ?? [],
    batchSize: wish.batchSize ?? '20%',
    maxUnavailable: wish.maxUnavailable ?? '20%',
    pauseSeconds: wish.pauseSeconds ?? 0,
    bakeSeconds: wish.bakeSeconds ?? 0,
    stopAfterFailures: wish.stopAfterFailures ?? 3,
    replaceAll: wish.replaceAll ?? true,
  };
}

/**
 * What somebody asks to be moved, and what it is called.
 * @throws ApiError InvalidStructure for several at once; ObjectNotFound for what is not there
 */
export async function findTarget(ctx: Context, wish: PlanRollout): Promise<Rollout['target']> {
  const { farm, farmRole, servers, image, imageSet, replacement, owner } = wish;
  const wishes = { farm, farmRole, servers, image, imageSet, replacement, owner };
  const named = Object.entries(wishes).filter(([, value]) => value !== undefined);
  if (named.length > 1)
    throw new ApiError(
      'InvalidStructure',
      `What is to be moved is named once, but the body has ${named.map(([name]) => name).join(' and ')}. Leave all but one out.`,
      { field: named[1]?.[0] ?? '' },
    );
  if (farm) return { type: 'farm', id: String(farm.id), name: (await getFarm(ctx, farm.id)).name };
  if (farmRole) {
    const row = await getFarmRole(ctx, farmRole.id);
    return { type: 'farmRole', id: String(row.id), name: `${row.alias} of ${row.farm_name}` };
  }
  if (servers) {
    await demandServers(ctx, servers);
    return {
      type: 'servers',
      id: null,
      name: servers.length === 1 ? '1 server' : `${servers.length} servers`,
    };
  }
  if (image)
    return { type: 'image', id: image.id, name: (await getVisibleImage(ctx, image.id)).name };
  if (imageSet)
    return {
      type: 'imageSet',
      id: String(imageSet.id),
      name: (await getVisibleImageSet(ctx, imageSet.id)).name,
    };
  if (owner) return { type: 'owner', id: String(owner.id), name: await nameFarmsOf(ctx, owner.id) };
  if (!replacement) return { type: 'scope', id: null, name: 'everything on an old image' };
  const { pairs } = await getVisibleReplacement(ctx, replacement.id);
  const [first] = pairs;
  const name = `${first?.oldImage.name ?? ''} → ${first?.newImage.name ?? ''}`;
  return { type: 'replacement', id: replacement.id, name };
}

/** @throws ApiError ObjectNotFound when nobody of that id owns a farm at the scope or below */
async function nameFarmsOf(ctx: Context, ownerId: number): Promise<string> {
  const name = await findOwnerName(ctx.tx, ctx.scope, ownerId);
  if (name !== undefined) return `the farms of ${name}`;
  throw new ApiError('ObjectNotFound', `Nobody with the id ${ownerId} owns a farm here.`);
}

/** @throws ApiError ObjectNotFound */
async function demandServers(ctx: Context, servers: readonly { id: string }[]): Promise<void> {
  const ids = servers.map(({ id }) => id);
  const unknown = await findUnknownServer(ctx.tx, ctx.scope, ids);
  if (unknown === undefined) return;
  throw new ApiError('ObjectNotFound', `No server has the id ${unknown} here.`);
}

/**
 * Decides what a wish moves at a scope as things are.
 * @param undone the rollout that this one takes back, which is in nobody's way
 */
export async function makeRolloutPlan(
  ctx: Context,
  at: ScopeRef,
  wish: PlanRollout,
  undone?: string,
): Promise<MadeRollout> {
  const settings = toSettings(wish);
  const chosen = await fetchCandidates(ctx.tx, at, wish);
  const observed = chosen.filter((server) => server.observed);
  const groups = await fetchMovableGroups(
    ctx.tx,
    unique(observed.map((server) => server.farm_role_id)),
  );
  const moves = planRollout(await withWholeGroups(ctx, at, chosen, groups), settings, groups);
  const moving = moves.moves.map(({ server }) => server);
  const measured = await fetchBootTimes(
    ctx.tx,
    unique(moving.map((server) => server.farm_role_id)),
  );
  const busy = await fetchBusyFarms(ctx.tx, unique(moving.map((server) => server.farm_id)), undone);
  return {
    ...moves,
    settings,
    bootMs: (farmRoleId) => measured.get(farmRoleId) ?? usualBootMs,
    busy,
    refusal: findRefusal(moves, busy),
  };
}

/** Its cloud moves a group as a whole, whichever of its servers somebody chose. */
async function withWholeGroups(
  ctx: Context,
  at: ScopeRef,
  chosen: readonly CandidateRow[],
  groups: ReadonlyMap<number, unknown>,
): Promise<CandidateRow[]> {
  if (groups.size === 0) return [...chosen];
  const known = new Set(chosen.map(({ id }) => id));
  const others = await fetchCandidates(ctx.tx, at, { farmRoles: [...groups.keys()] });
  return [...chosen, ...others.filter(({ id }) => !known.has(id))];
}

/** A plan without servers, such as one whose target has gone. */
export function nothingToMove(wish: PlanRollout, refusal?: Refusal): MadeRollout {
  const settings = toSettings(wish);
  return {
    moves: [],
    stays: [],
    groups: [],
    notByThemselves: [],
    settings,
    bootMs: () => usualBootMs,
    busy: [],
    refusal,
  };
}

function findRefusal(
  { moves, stays }: RolloutMoves<CandidateRow>,
  busy: readonly BusyFarmRow[],
): Refusal | undefined {
  if (moves.length === 0)
    return {
      code: 'UnacceptableState',
      reason:
        stays.length > 0
          ? `None of these servers would gain anything from being moved. Of the first: ${stays[0]?.why ?? ''}`
          : 'No server here runs an old image, so there is nothing to move.',
    };
  if (busy.length === 0) return undefined;
  const blockers = busy.map(({ id, name, rollout_id }): Blocker => ({
    type: 'farm',
    id,
    name,
    reason: `Rollout ${rollout_id} works on it.`,
  }));
  const farms = busy.length === 1 ? `farm "${busy[0]?.name}"` : `${busy.length} of these farms`;
  return {
    code: 'ObjectInUse',
    reason: `Another rollout works on ${farms}. Wait until it has ended, or cancel it.`,
    blockers,
  };
}

/** Each value once. */
export function unique<T>(values: readonly T[]): T[] {
  return [...new Set(values)];
}

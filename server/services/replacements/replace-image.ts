import { ApiError } from '#contract/errors.ts';
import type { ReplaceImage, ReplacementPreview } from '#contract/replacements/replacements.ts';
import { findVisibleImage, type ImageRow } from '../../database/queries/images/images.ts';
import {
  fetchFarmsInShort,
  fetchFarmsOfPlaces,
  type FarmOfPlace,
} from '../../database/queries/replacements/replacement-reach.ts';
import { inOneTrip } from '../../database/connection/sent-ahead.ts';
import { replacementItems } from '../../domain/plan-items.ts';
import { toVerdict } from '../../domain/refusal.ts';
import { getVisibleImage } from '../access.ts';
import type { Context, SomeHandlers } from '../context.ts';
import { digestOf } from '../plan-digest.ts';
import { refusalError } from '../refuse.ts';
import { carryOutReplacement, flagImages, toNewReplacement } from './carry-out.ts';
import { gatherFacts, type MadePair, type MadePlan, makePlan } from './make-plan.ts';
import { listed, toRoleInShort } from './plan-present.ts';
import { toFarmOnOld, toImageInShort, toPlacedId } from './replacement-present.ts';

/** Replacing an image in every role in reach, and looking at that before: docs/domain.md, "Replacement". */
export const replaceImageHandlers = {
  imageReplacePreview: async (ctx, { params, body }) => {
    const plan = await planOne(ctx, params.imageId, body);
    for (const warning of plan.warnings) ctx.warn(warning);
    return { data: await toPreview(ctx, plan) };
  },

  imageReplace: async (ctx, { params, body }) => {
    const plan = await planOne(ctx, params.imageId, body);
    const { oldImage } = plan.pairs[0];
    ctx.expectVersion(oldImage.version);
    await ctx.expectPlan(() => replacementItems(plan, { isWhole: false }));
    const replacement = await applyNow(ctx, plan, body.reason);
    return { data: toChanged(plan), meta: { replacement, ...toCounts(plan) } };
  },
} satisfies SomeHandlers;

/** A plan of one pair. */
type PlanOfOne = MadePlan & { pairs: [MadePair] };

/**
 * Gathers the facts and decides.
 * @throws ApiError ObjectNotFound for an image that is not visible here; InvalidValue for a reach that cannot be
 */
async function planOne(ctx: Context, oldImageId: string, body: ReplaceImage): Promise<PlanOfOne> {
  const ids = { oldImage: { id: oldImageId }, newImage: body.newImage };
  const [oldImage, newImage, facts] = await inOneTrip(
    getVisibleImage(ctx, oldImageId),
    getNewImage(ctx, body.newImage.id),
    gatherFacts(ctx, ctx.scope, [ids]),
  );
  const pairing = { pairs: [{ oldImage, newImage, byHand: false }], holes: [] };
  return makePlan(ctx, ctx.scope, pairing, facts, body) as PlanOfOne;
}

async function getNewImage(ctx: Context, id: string): Promise<ImageRow> {
  const image = await findVisibleImage(ctx.tx, ctx.scope, id);
  if (image) return image;
  throw new ApiError(
    'ObjectNotFound',
    `No image has the id ${id} here. Choose one of this scope or above it.`,
    { field: 'newImage.id' },
  );
}

/**
 * Does what was planned, without keeping the plan.
 * @returns the replacement, or null when no role changes
 * @throws ApiError the plan's refusal
 */
export async function applyNow(
  ctx: Context,
  plan: MadePlan,
  reason: string | undefined,
): Promise<{ id: string } | null> {
  if (plan.refusal) throw refusalError(plan.refusal);
  for (const warning of plan.warnings) ctx.warn(warning);
  const { made, flags } = toNewReplacement(ctx, plan, reason);
  if (plan.changes === 0) {
    const [first, ...others] = await flagImages(ctx, flags);
    if (first) ctx.record({ ...first, others, reason });
    return null;
  }
  const { replacement, others } = await carryOutReplacement(ctx, made, flags);
  ctx.record({ kind: 'replacement', after: replacement, others, reason });
  return { id: replacement.id };
}

/** The roles that changed, each once, in the words that Scalr's clients expect. */
export function toChanged({ pairs }: Pick<MadePlan, 'pairs'>) {
  const roles = new Map(pairs.flatMap(({ change }) => change.map((role) => [role.id, role])));
  return [...roles.values()].sort((a, b) => a.id - b.id).map(toPlacedId);
}

/** What keeps an old image, in numbers. */
export function toCounts({ pairs }: Pick<MadePlan, 'pairs'>) {
  const sum = (of: (pair: MadePair) => number) => pairs.reduce((all, pair) => all + of(pair), 0);
  return {
    outsideReach: { roles: sum((pair) => pair.outsideReach) },
    otherRegistrations: { roles: sum((pair) => pair.otherRegistrations.length) },
  };
}

async function toPreview(ctx: Context, plan: PlanOfOne): Promise<ReplacementPreview> {
  const [{ oldImage, newImage, change, skip, ...pair }] = plan.pairs;
  const shown = pair.roles.slice(0, listed);
  const roles = [...new Set([...change, ...shown.map((planned) => planned.role)])];
  const places = roles.map((role) => ({ roleId: role.id, imageId: oldImage.id }));
  const found = (await fetchFarmsOfPlaces(ctx.tx, places)).filter(({ servers }) => servers > 0);
  const byRole = Map.groupBy(found, ({ place }) => roles[place]?.id);
  // Servers of a role that changes stay on the old cloud image, unless the new image is the same one.
  const isSame = oldImage.cloud_image_id === newImage.cloud_image_id;
  const byFarm = sumByFarm(isSame ? [] : change.flatMap((role) => byRole.get(role.id) ?? []));
  const farms = [...byFarm].sort((a, b) => b[1] - a[1] || a[0] - b[0]).slice(0, listed);
  const names = await fetchFarmsInShort(
    ctx.tx,
    farms.map(([id]) => id),
  );
  return {
    ...toVerdict(plan.refusal),
    digest: digestOf(replacementItems(plan, { isWhole: false })),
    oldImage: toImageInShort(oldImage),
    newImage: toImageInShort(newImage),
    reach: plan.reach,
    roles: shown.map(({ role, outcome, refusal }) => ({
      ...toRoleInShort(role),
      otherRegistration: role.image_id !== oldImage.id,
      outcome,
      code: refusal?.code ?? null,
      reason: refusal?.reason ?? null,
      farms: byRole.get(role.id)?.length ?? 0,
      servers: (byRole.get(role.id) ?? []).reduce((all, { servers }) => all + servers, 0),
    })),
    farms: farms.flatMap(([id, count]) => toFarmOnOld(names.get(id), count)),
    counts: {
      change: change.length,
      skip: skip.length,
      farms: byFarm.size,
      servers: [...byFarm.values()].reduce((all, servers) => all + servers, 0),
    },
    outsideReach: { roles: pair.outsideReach },
    otherRegistrations: {
      roles: pair.otherRegistrations.length,
      items: pair.otherRegistrations.slice(0, listed).map(toRoleInShort),
    },
    deprecateOldImage: pair.deprecateOldImage,
    returnsToEarlierImage: plan.returnsToEarlierImage,
  };
}

function sumByFarm(rows: readonly FarmOfPlace[]): Map<number, number> {
  const sums = new Map<number, number>();
  for (const { farm_id: farm, servers } of rows) sums.set(farm, (sums.get(farm) ?? 0) + servers);
  return sums;
}

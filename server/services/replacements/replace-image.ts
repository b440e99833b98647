import { ApiError } from '#contract/errors.ts';
import type { ReplaceImage, ReplacementPreview } from '#contract/replacements/replacements.ts';
import type { Scope } from '#contract/scope.ts';
import { lacking } from '../../domain/rights.ts';
import { findVisibleImage, type ImageRow } from '../../database/queries/images/images.ts';
import {
  countInheritedRoles,
  fetchFarmsInShort,
  fetchRoleUses,
  fetchServersOnImage,
  type RoleUseRow,
  type ServersOnImage,
} from '../../database/queries/replacements/replacement-reach.ts';
import type { NewReplacement } from '../../database/queries/replacements/replacements.ts';
import { inOneTrip } from '../../database/connection/sent-ahead.ts';
import { isDeprecatedAt } from '../../domain/deprecations.ts';
import { type ChangeStamp, planDeprecation } from '../../domain/images.ts';
import { replacementItems } from '../../domain/plan-items.ts';
import { toVerdict } from '../../domain/refusal.ts';
import { planReach } from '../../domain/replacement-reach.ts';
import { type PlannedRole, planReplacement } from '../../domain/replacements.ts';
import { getVisibleImage } from '../access.ts';
import type { Context, Handlers } from '../context.ts';
import { toPlace } from '../present.ts';
import { digestOf } from '../plan-digest.ts';
import { refusalError } from '../refuse.ts';
import { carryOutReplacement, flagImages, type Flags } from './carry-out.ts';
import { toFarmOnOld, toImageInShort, toPlacedId } from './replacement-present.ts';

/** Replacing an image in every role in reach, and looking at that before: docs/domain.md, "Replacement". */
export const replaceImageHandlers: Handlers<'imageReplacePreview' | 'imageReplace'> = {
  imageReplacePreview: async (ctx, { params, body }) => {
    const plan = await makePlan(ctx, params.imageId, body);
    for (const warning of plan.warnings) ctx.warn(warning);
    return { data: await toPreview(ctx, plan) };
  },

  imageReplace: async (ctx, { params, body }) => {
    const plan = await makePlan(ctx, params.imageId, body);
    ctx.expectVersion(plan.oldImage.version);
    await ctx.expectPlan(() => replacementItems(plan.oldImage, plan));
    if (plan.refusal) throw refusalError(plan.refusal);
    for (const warning of plan.warnings) ctx.warn(warning);
    const id = await carryOut(ctx, plan, body);
    return {
      data: plan.change.map(toPlacedId),
      meta: {
        replacement: id === null ? null : { id },
        outsideReach: { roles: plan.outsideReach },
        otherRegistrations: { roles: plan.otherRegistrations.length },
      },
    };
  },
};

type Plan = Awaited<ReturnType<typeof makePlan>>;

/**
 * Gathers the facts and decides.
 * @throws ApiError ObjectNotFound for an image that is not visible here; InvalidValue for a reach that cannot be
 */
async function makePlan(ctx: Context, oldImageId: string, body: ReplaceImage) {
  const [oldImage, newImage, roles, inheritedRoles] = await inOneTrip(
    getVisibleImage(ctx, oldImageId),
    getNewImage(ctx, body.newImage.id),
    fetchRoleUses(ctx.tx, ctx.scope, oldImageId, body.newImage.id),
    countInheritedRoles(ctx.tx, ctx.scope, oldImageId),
  );
  const reach = getReach(ctx, body.scope);
  const plan = planReplacement<RoleUseRow>({
    at: ctx.scope,
    reach,
    oldImage,
    newImage,
    roles,
    inheritedRoles,
    options: body,
    lacking: findLackingRights(ctx),
  });
  return { ...plan, oldImage, newImage, reach };
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

function getReach(ctx: Context, named: readonly Scope[] | undefined): Scope[] {
  const result = planReach(ctx.scope.scope, named);
  if ('reach' in result) return result.reach;
  throw refusalError(result);
}

/** The sentences for the rights that the caller lacks here. */
export function findLackingRights(ctx: Context): { replace?: string; deprecate?: string } {
  return {
    ...(!ctx.can('replace', ctx.scope) && {
      replace: lacking('replace', ctx.scope, 'replace an image'),
    }),
    ...(!ctx.can('images.manage', ctx.scope) && {
      deprecate: lacking('images.manage', ctx.scope, 'deprecate or restore an image'),
    }),
  };
}

/** Does what was planned. @returns the id of the replacement, or null when no role changes */
async function carryOut(ctx: Context, plan: Plan, body: ReplaceImage): Promise<string | null> {
  const { oldImage, newImage, change } = plan;
  const stamp = { at: ctx.now, by: ctx.actor };
  const flags = planFlags(ctx, plan, body, stamp);
  if (change.length === 0) {
    for (const entry of await flagImages(ctx, flags)) ctx.record({ ...entry, reason: body.reason });
    return null;
  }
  const place = { cloudPlatform: oldImage.cloud_platform, cloudLocation: oldImage.cloud_location };
  const made: NewReplacement = {
    scope: ctx.scope,
    oldImageId: oldImage.id,
    newImageId: newImage.id,
    ...place,
    roles: change.map((role) => ({
      id: role.id,
      oldImageId: role.image_id,
      newImageId: newImage.id,
    })),
    reach: plan.reach,
    ...stamp,
    reason: body.reason,
    deprecatedOldImage: plan.deprecates,
  };
  const images = { old_image: toImageInShort(oldImage), new_image: toImageInShort(newImage) };
  const { replacement, others } = await carryOutReplacement(ctx, made, images, flags);
  ctx.record({ kind: 'replacement', after: replacement, others, reason: body.reason });
  return replacement.id;
}

function planFlags(ctx: Context, plan: Plan, body: ReplaceImage, stamp: ChangeStamp): Flags {
  const { oldImage, newImage } = plan;
  if (!plan.deprecates) return new Map();
  const wish = {
    deprecate: true,
    reason: body.reason,
    // A deprecated image is never recommended, not even where it came back.
    replacementId: isDeprecatedAt(newImage, ctx.scope) ? null : newImage.id,
  };
  return new Map([[oldImage, planDeprecation(oldImage, wish, stamp)]]);
}

/** At most so many roles and farms are listed; the counts are whole. */
const listed = 200;

async function toPreview(ctx: Context, plan: Plan): Promise<ReplacementPreview> {
  const { oldImage, newImage, change, skip } = plan;
  const shown = plan.roles.slice(0, listed);
  const sameCloudImage = oldImage.cloud_image_id === newImage.cloud_image_id;
  const servers = await fetchServersOnImage(
    ctx.tx,
    oldImage.id,
    [...change, ...shown.map((planned) => planned.role)].map((role) => role.id),
  );
  const changing = new Set(change.map((role) => role.id));
  // Servers of a role that changes stay on the old cloud image, unless the new image is the same one.
  const staying = sameCloudImage ? [] : servers.filter((row) => changing.has(row.role_id));
  const byFarm = sumBy(staying, (row) => row.farm_id);
  const farms = [...byFarm].sort((a, b) => b[1] - a[1] || a[0] - b[0]).slice(0, listed);
  const names = await fetchFarmsInShort(
    ctx.tx,
    farms.map(([id]) => id),
  );
  return {
    ...toVerdict(plan.refusal),
    digest: digestOf(replacementItems(oldImage, plan)),
    oldImage: toImageInShort(oldImage),
    newImage: toImageInShort(newImage),
    reach: plan.reach,
    roles: toRolePlans(oldImage.id, shown, servers),
    farms: farms.flatMap(([id, count]) => toFarmOnOld(names.get(id), count)),
    counts: {
      change: change.length,
      skip: skip.length,
      farms: byFarm.size,
      servers: staying.reduce((sum, row) => sum + row.servers, 0),
    },
    outsideReach: { roles: plan.outsideReach },
    otherRegistrations: {
      roles: plan.otherRegistrations.length,
      items: plan.otherRegistrations.slice(0, listed).map(toRoleInShort),
    },
    deprecateOldImage: plan.deprecateOldImage,
    returnsToEarlierImage: plan.returnsToEarlierImage,
  };
}

function toRoleInShort(role: RoleUseRow) {
  return { id: role.id, name: role.name, ...toPlace(role) };
}

function toRolePlans(
  oldImageId: string,
  shown: readonly PlannedRole<RoleUseRow>[],
  servers: readonly ServersOnImage[],
): ReplacementPreview['roles'] {
  const byRole = Map.groupBy(servers, (row) => row.role_id);
  return shown.map(({ role, outcome, refusal }) => {
    const uses = byRole.get(role.id) ?? [];
    return {
      ...toRoleInShort(role),
      otherRegistration: role.image_id !== oldImageId,
      outcome,
      code: refusal?.code ?? null,
      reason: refusal?.reason ?? null,
      farms: uses.length,
      servers: uses.reduce((sum, row) => sum + row.servers, 0),
    };
  });
}

function sumBy(
  rows: readonly ServersOnImage[],
  key: (row: ServersOnImage) => number,
): Map<number, number> {
  const sums = new Map<number, number>();
  for (const row of rows) sums.set(key(row), (sums.get(key(row)) ?? 0) + row.servers);
  return sums;
}

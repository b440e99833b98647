import { judgeOnce } from '../../database/queries/farms/judging.ts';
import type { ImageRow } from '../../database/queries/images/images.ts';
import {
  fetchReplacements,
  type ReplacementRow,
} from '../../database/queries/replacements/replacements.ts';
import {
  applyPlan,
  insertReplacement,
  type NewReplacement,
} from '../../database/queries/replacements/replacement-writes.ts';
import { swapRoleImages } from '../../database/queries/roles/role-images.ts';
import { isDeprecatedAt } from '../../domain/images/deprecations.ts';
import { type ImageChange, planDeprecation } from '../../domain/images/images.ts';
import type { Refusal } from '../../domain/refusal.ts';
import { demandConfirmedFor } from '../confirmation.ts';
import type { Context } from '../context.ts';
import { changeImages } from '../images/change-images.ts';
import type { Change, Recorded } from '../log-entry.ts';
import { toRoleImage } from '../present.ts';
import type { MadePlan } from './make-plan.ts';
import { toRecordedReplacement } from './replacement-present.ts';

/** Deprecations that come or go with a replacement. */
export type Flags = ReadonlyMap<ImageRow, ImageChange>;

/**
 * Puts the new images in the place of the old ones in each role of a replacement, deprecates or restores
 * images, and writes the replacement down.
 * @param planId the plan that becomes this replacement, where there is one
 * @returns the replacement and what else changed, for the log
 */
export async function carryOutReplacement(
  ctx: Context,
  made: NewReplacement,
  flags: Flags,
  planId?: string,
): Promise<{ replacement: Recorded<'replacement'>; row: ReplacementRow; others: Change[] }> {
  const { roles, at, by } = made;
  demandConfirmedFor(ctx, roles);
  const changes = roles.map(({ id: roleId, ...change }) => ({ roleId, ...change }));
  if (planId !== undefined) await applyPlan(ctx.tx, planId, made);
  const id = planId ?? (await insertReplacement(ctx.tx, made));
  const flagged = await judgeOnce(ctx.tx, async () => {
    await swapRoleImages(ctx.tx, changes, { at, by, replacementId: id });
    return flagImages(ctx, flags);
  });
  const roleImages = roles.map((role) => ({
    kind: 'roleImage' as const,
    before: toRoleImage(role, { id: role.oldImageId }),
    after: toRoleImage(role, { id: role.newImageId }),
  }));
  const row = await readReplacement(ctx, id);
  return { replacement: toRecordedReplacement(ctx, row), row, others: [...roleImages, ...flagged] };
}

/** A replacement as it is after a change in this transaction. */
export async function readReplacement(ctx: Context, id: string): Promise<ReplacementRow> {
  const [row] = await fetchReplacements(ctx.tx, ctx.scope, [id]);
  if (!row) throw new Error(`Replacement ${id} vanished in its own transaction`);
  return row;
}

/** Deprecates or restores images. @returns what that changes, for the log */
export async function flagImages(ctx: Context, flags: Flags): Promise<Change[]> {
  const kinds = Map.groupBy(flags, ([, change]) => change.deprecated_at === null);
  const changes: Change[] = [];
  for (const images of kinds.values()) changes.push(...(await changeImages(ctx, images)));
  return changes;
}

/** What of a plan is carried out. */
interface Decided {
  reach: MadePlan['reach'];
  pairs: readonly (Pick<MadePlan['pairs'][number], 'oldImage' | 'newImage' | 'deprecates'> & {
    refusal?: Refusal | undefined;
    /** Roles that change, each with the registration that it holds. */
    change: readonly { id: number; image_id: string }[];
  })[];
}

/** What a plan writes down once it is carried out, and the deprecations that it brings. */
export function toNewReplacement(
  ctx: Context,
  plan: Decided,
  reason: string | undefined,
): { made: NewReplacement; flags: Flags } {
  const stamp = { at: ctx.now, by: ctx.actor };
  const flags = new Map<ImageRow, ImageChange>();
  for (const { oldImage, newImage, deprecates } of plan.pairs) {
    if (!deprecates) continue;
    // A deprecated image is never recommended, not even where it came back.
    const replacementId = isDeprecatedAt(newImage, ctx.scope) ? null : newImage.id;
    flags.set(
      oldImage,
      planDeprecation(oldImage, { deprecate: true, reason, replacementId }, stamp),
    );
  }
  const made: NewReplacement = {
    scope: ctx.scope,
    // One that was left out changed nothing.
    pairs: plan.pairs
      .filter(({ refusal }) => !refusal)
      .map(({ oldImage, newImage, deprecates }) => ({
        oldImageId: oldImage.id,
        newImageId: newImage.id,
        deprecatedOldImage: deprecates,
      })),
    roles: plan.pairs.flatMap(({ oldImage, newImage, change }) =>
      change.map((role) => ({
        id: role.id,
        cloudPlatform: oldImage.cloud_platform,
        cloudLocation: oldImage.cloud_location,
        oldImageId: role.image_id,
        newImageId: newImage.id,
      })),
    ),
    reach: plan.reach,
    ...stamp,
    reason,
  };
  return { made, flags };
}

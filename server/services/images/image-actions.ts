import type { Image } from '#contract/images/images.ts';
import { fetchRightsIn } from '../../database/queries/clouds/environment-clouds.ts';
import { placeColumns } from '../../database/queries/records/operations-log.ts';
import type { ImageRow } from '../../database/queries/images/images.ts';
import {
  type CredentialsInUse,
  findRightRefusal,
} from '../../domain/credentials/cloud-credentials.ts';
import { findDeletionRefusal, type ImageUse } from '../../domain/images/image-deletion.ts';
import { findCopyRefusal } from '../../domain/images/image-copies.ts';
import { findChangeRefusal } from '../../domain/images/image-states.ts';
import { type Refusal, toVerdict } from '../../domain/refusal.ts';
import { findEntryRefusal } from '../../domain/roles/role-images.ts';
import { findLaunchRightRefusal } from '../../domain/farms/launches.ts';
import { findPlaceToTryRefusal } from '../../domain/images/tries.ts';
import { fetchDeletionUse } from './deletion-use.ts';
import { findMissingRight, findOtherScope, judge } from '../access.ts';
import type { Context } from '../context.ts';
import { findImageDemotionRefusals } from '../replacements/demotion-plan.ts';
import { findPromotionRefusals, planImagePromotions } from '../replacements/promotion-plan.ts';

type ImageActions = NonNullable<Image['actions']>;

/** For each image, what the caller may do with it now; by the rules that the operations follow. */
export async function decideImageActions(
  ctx: Context,
  rows: readonly ImageRow[],
): Promise<Map<string, ImageActions>> {
  const uses = await fetchDeletionUse(ctx, rows);
  const rights = await fetchRightsHere(ctx);
  const promotions = await findPromotionRefusals(planImagePromotions, ctx, rows, nameOf);
  const demotions = await findImageDemotionRefusals(ctx, rows);
  return new Map(
    rows.map((row) => {
      const { id } = row;
      const facts = { promotion: promotions.get(id), demotion: demotions.get(id) };
      return [id, decide(ctx, row, { use: uses.get(id), rights, ...facts })];
    }),
  );
}

const nameOf = (row: ImageRow) => `Image "${row.name}"`;

function decide(
  ctx: Context,
  row: ImageRow,
  facts: { use: ImageUse | undefined; rights: RightsHere } & Record<
    'promotion' | 'demotion',
    Refusal | undefined
  >,
): ImageActions {
  const { use, rights, promotion, demotion } = facts;
  const own = findOtherScope(ctx, row, nameOf(row));
  const change = own ?? findChangeRefusal(row);
  const deletion = (fromCloud: boolean) =>
    judge(
      ctx,
      'imageDelete',
      'delete images',
      own ?? (use && findDeletionRefusal(row, use, fromCloud)),
    );
  return {
    update: judge(ctx, 'imageUpdate', 'change images', change),
    promote: toVerdict(promotion),
    demote: toVerdict(demotion),
    replace: judge(ctx, 'imageReplace', 'replace images', undefined),
    copy: judge(
      ctx,
      'imageCopy',
      'copy images',
      own ?? findCopyRefusal(row) ?? (use && findRightRefusal(use, 'registerImages')),
    ),
    deprecate: judge(ctx, 'imageDeprecate', 'deprecate images', change),
    protect: judge(ctx, 'imageProtect', 'protect images', change),
    delete: deletion(false),
    deleteFromCloud: deletion(true),
    addToRole: judge(ctx, 'roleImageCreate', 'add images to roles', findRoleEntryRefusal(ctx, row)),
    // What stays, the plan says; planning refuses nothing.
    move: judge(ctx, 'rolloutPlan', 'move servers', undefined),
    try: judge(ctx, 'imageTry', 'try images', findTryRefusal(ctx, row, rights)),
  };
}

/** By platform, what the credentials of the environment that asks allow. */
type RightsHere = ReadonlyMap<string, CredentialsInUse>;

export function fetchRightsHere(ctx: Context): Promise<RightsHere> {
  return fetchRightsIn(ctx.tx, placeColumns(ctx.scope).environment_id);
}

/** Why no server of an image can be launched here, whatever role and farm are named. */
export function findTryRefusal(
  ctx: Context,
  row: ImageRow,
  rights: RightsHere,
): Refusal | undefined {
  return (
    findPlaceToTryRefusal(row, ctx.scope) ??
    findMissingRight(ctx, 'farms.manage', ctx.scope, 'launch servers') ??
    findLaunchRightRefusal(rights.get(row.cloud_platform) ?? {}) ??
    findRoleEntryRefusal(ctx, row)
  );
}

/** Whether a role of this scope with the image's own OS could take it. */
function findRoleEntryRefusal(ctx: Context, row: ImageRow): Refusal | undefined {
  return findEntryRefusal(row, {
    ...row,
    ...placeColumns(ctx.scope),
    id: 0,
    use_scalr_agent: false,
  });
}

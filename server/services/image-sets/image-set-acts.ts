import type { Handler, SomeHandlers } from '../context.ts';
import { performAct, previewAct } from './act.ts';
import { addToRoleAct } from './add-set-to-role.ts';
import { copyAct } from './copy-set.ts';
import { deleteAct } from './delete-set.ts';
import { deprecateAct, protectAct, updateAct } from './edit-set.ts';
import { demoteAct, previewSetDemotion } from './demote-set.ts';
import { getVisibleImageSet } from './image-set-access.ts';
import { presentImageSets } from './image-sets.ts';
import { previewSetPromotion, promoteAct } from './promote-set.ts';

/** Answers the set that the images are of now, as its GET does. */
const updateSet: Handler<'imageSetUpdate'> = async (ctx, { params, query, body }) => {
  const { data } = await performAct(updateAct, ctx, params.imageSetId, { ...query, ...body });
  const row = await getVisibleImageSet(ctx, data.imageSet?.id ?? params.imageSetId);
  const [set] = await presentImageSets(ctx, [row]);
  if (!set) throw new Error(`Image set ${row.id} vanished in its own transaction`);
  return { data: set, meta: { results: data.results } };
};

/** Acts on the images of a set: docs/domain.md, "Image sets". */
export const imageSetActHandlers = {
  imageSetUpdate: updateSet,
  imageSetDelete: (ctx, { params, query }) => performAct(deleteAct, ctx, params.imageSetId, query),
  imageSetDeletePreview: (ctx, { params, body }) =>
    previewAct(deleteAct, ctx, params.imageSetId, body),
  imageSetDeprecate: (ctx, { params, body }) =>
    performAct(deprecateAct, ctx, params.imageSetId, body),
  imageSetDeprecatePreview: (ctx, { params, body }) =>
    previewAct(deprecateAct, ctx, params.imageSetId, body),
  imageSetProtect: (ctx, { params, body }) => performAct(protectAct, ctx, params.imageSetId, body),
  imageSetProtectPreview: (ctx, { params, body }) =>
    previewAct(protectAct, ctx, params.imageSetId, body),
  imageSetCopy: (ctx, { params, body }) => performAct(copyAct, ctx, params.imageSetId, body),
  imageSetCopyPreview: (ctx, { params, body }) => previewAct(copyAct, ctx, params.imageSetId, body),
  imageSetAddToRole: (ctx, { params, body }) =>
    performAct(addToRoleAct, ctx, params.imageSetId, body),
  imageSetAddToRolePreview: (ctx, { params, body }) =>
    previewAct(addToRoleAct, ctx, params.imageSetId, body),
  imageSetPromote: (ctx, { params, body }) => performAct(promoteAct, ctx, params.imageSetId, body),
  imageSetPromotePreview: previewSetPromotion,
  imageSetDemote: (ctx, { params, body }) => performAct(demoteAct, ctx, params.imageSetId, body),
  imageSetDemotePreview: previewSetDemotion,
} satisfies SomeHandlers;

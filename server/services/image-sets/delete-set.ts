import type { ServiceInput } from '#contract/operations.ts';
import { findDeletionRefusal } from '../../domain/images/image-deletion.ts';
import { fetchDeletionUse } from '../images/deletion-use.ts';
import { listBlockers } from '../images/image-blockers.ts';
import { removeImages } from '../images/image-deletion.ts';
import { deletionItemsOf } from '../images/image-plans.ts';
import { refusedImages, type SetAct } from './act.ts';
import { findForeignSet } from './image-set-access.ts';

type DeleteBody = ServiceInput<'imageSetDelete'>['query'];

/** Deletes images that nothing uses: docs/domain.md, "Deleting an image". */
export const deleteAct: SetAct<DeleteBody, true> = {
  operation: 'imageSetDelete',
  doing: 'delete images',
  verb: ({ deleteFromCloud }) => (deleteFromCloud ? 'is deleted from its cloud' : 'is deleted'),
  gate: findForeignSet,
  find: async (ctx, { images }, { deleteFromCloud = false }) => {
    const uses = await fetchDeletionUse(ctx, images);
    return images.map((image) => {
      const use = uses.get(image.id);
      return {
        image,
        refusal: use && findDeletionRefusal(image, use, deleteFromCloud),
        step: true,
      };
    });
  },
  items: async (ctx, { images }, _body, own) => [...own, ...(await deletionItemsOf(ctx, images))],
  blockers: async (ctx, refused, { deleteFromCloud = false }) => {
    const used = refused.filter(({ refusal }) => refusal?.code === 'ObjectInUse');
    const images = used.map(({ image }) => image);
    return [
      ...(images.length > 0 ? await listBlockers(ctx, images, deleteFromCloud) : []),
      ...refusedImages(refused.filter((finding) => !used.includes(finding))),
    ];
  },
  carryOut: async (ctx, due, { all }, { deleteFromCloud = false }) => {
    const images = due.map(({ image }) => image);
    const changes = await removeImages(ctx, images, deleteFromCloud);
    const staying = all.filter((image) => deleteFromCloud || !images.includes(image));
    const now = staying.map(({ id }) => id);
    return { changes, now, ...(deleteFromCloud && { status: 202 }) };
  },
};

import { findChangeRefusal } from '../../domain/images/image-states.ts';
import { planProtection } from '../../domain/images/images.ts';
import { getOwnImage, readImage } from '../access.ts';
import type { Handler } from '../context.ts';
import { toImageAt } from '../present.ts';
import { refuseIf } from '../refuse.ts';
import { changeImages } from './change-images.ts';

/**
 * Protects an image from being deleted, or ends that (docs/domain.md, "Protecting an image").
 * @throws ApiError ObjectNotFound, ScopeViolation, UnacceptableImageStatus, PreconditionFailed
 */
export const protectImage: Handler<'imageProtect'> = async (ctx, { params, body }) => {
  const row = await getOwnImage(ctx, params.imageId);
  refuseIf(findChangeRefusal(row));
  ctx.expectVersion(row.version);
  const change = planProtection(row, body, { at: ctx.now, by: ctx.actor });
  if (Object.keys(change).length === 0) return { data: toImageAt(row, ctx.scope) };
  for (const entry of await changeImages(ctx, [[row, change]]))
    ctx.record({ ...entry, reason: body.reason });
  return { data: toImageAt(await readImage(ctx, row.id), ctx.scope) };
};

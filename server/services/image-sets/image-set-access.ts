import { ApiError } from '#contract/errors.ts';
import {
  findVisibleImageSet,
  type ImageSetRow,
} from '../../database/queries/image-sets/image-sets.ts';
import type { Refusal } from '../../domain/refusal.ts';
import { findOtherScope } from '../access.ts';
import type { Context } from '../context.ts';

/** @throws ApiError ObjectNotFound when the set is not there or not visible from the request's scope */
export async function getVisibleImageSet(ctx: Context, id: number): Promise<ImageSetRow> {
  const row = await findVisibleImageSet(ctx.tx, ctx.scope, id);
  if (row) return row;
  throw new ApiError(
    'ObjectNotFound',
    `No image set has the id ${id} here. Its images may have been deleted, renamed or promoted, or it belongs to another scope.`,
  );
}

/** To begin a sentence with. */
export const setInWords = ({ name }: { name: string }) => `Image set "${name}"`;

/** The refusal of changing a set from another scope than its own. */
export function findForeignSet(ctx: Context, set: ImageSetRow): Refusal | undefined {
  return findOtherScope(ctx, set, setInWords(set));
}

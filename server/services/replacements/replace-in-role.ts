import type { ImageRow } from '../../database/queries/images/images.ts';
import type { RoleRow } from '../../database/queries/roles/roles.ts';
import type { Context } from '../context.ts';
import { carryOutReplacement, toNewReplacement } from './carry-out.ts';

/** An image of a role that gives its place there to another one. */
export interface Swap {
  oldImage: ImageRow;
  newImage: ImageRow;
  /** Whether the old image is deprecated with it, for all who use it. */
  deprecates: boolean;
}

/**
 * Replaces images in one role alone, at its own scope. It is a replacement like any other, so that it is listed,
 * explains what the role starts servers from, and can be rolled back: docs/domain.md, "Replacement". The rules
 * are the caller's: "What may enter a role".
 * @param swaps one for each place
 * @returns the replacement and what else changed, for the log
 */
export function replaceInRole(
  ctx: Context,
  role: RoleRow,
  swaps: readonly Swap[],
): ReturnType<typeof carryOutReplacement> {
  const pairs = swaps.map((swap) => ({
    ...swap,
    change: [{ id: role.id, image_id: swap.oldImage.id }],
  }));
  const { made, flags } = toNewReplacement(ctx, { pairs, reach: [ctx.scope.scope] }, undefined);
  return carryOutReplacement(ctx, made, flags);
}

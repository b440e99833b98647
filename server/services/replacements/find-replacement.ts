import { ApiError } from '#contract/errors.ts';
import {
  findVisibleReplacement,
  type ReplacementRow,
} from '../../database/queries/replacements/replacements.ts';
import type { Context } from '../context.ts';

/** @throws ApiError ObjectNotFound for a replacement that is not visible here */
export async function getVisibleReplacement(ctx: Context, id: string): Promise<ReplacementRow> {
  const row = await findVisibleReplacement(ctx.tx, ctx.scope, id);
  if (row) return row;
  throw new ApiError(
    'ObjectNotFound',
    `No replacement has the id ${id} here. It may have been made in another account or environment.`,
  );
}

import { ApiError } from '#contract/errors.ts';
import { findRecordedSince } from '../../database/records/images-then.ts';
import type { Context } from '../context.ts';

/**
 * The moment that somebody asks about what was there, as far as records tell: docs/domain.md, "What was here then".
 * @param text as the contract has it; undefined for the present
 * @throws ApiError InvalidValue for a moment to come, and for one from before what records tell of
 */
export async function demandRemembered(
  ctx: Pick<Context, 'tx' | 'scope' | 'now'>,
  text: string | undefined,
): Promise<Date | undefined> {
  if (text === undefined) return undefined;
  const at = new Date(text);
  if (at > ctx.now)
    throw new ApiError('InvalidValue', `${text} is still to come. Leave at out for the present.`, {
      field: 'at',
    });
  const since = await findRecordedSince(ctx.tx, ctx.scope);
  if (since && at < since)
    throw new ApiError(
      'InvalidValue',
      `Records tell what was here from ${since.toISOString()} on, and ${text} is before that.`,
      { field: 'at' },
    );
  return at;
}

import { ApiError } from '#contract/errors.ts';
import { findDeletion } from '../database/queries/records/deletions.ts';
import type { Context } from './context.ts';
import type { Kind } from './log-entry.ts';

/** Objects that a scope sees with those above it, and objects that it sees at and below itself. */
const reaches = { image: 'above', role: 'above', farm: 'below' } as const satisfies Partial<
  Record<Kind, 'above' | 'below'>
>;

/**
 * The refusal of an object that is not there: who deleted it and when, where the scope that asks saw it; of
 * everything else it says the same (docs/domain.md, "Visibility").
 */
export async function notFound(
  ctx: Context,
  kind: keyof typeof reaches,
  id: string | number,
): Promise<ApiError> {
  const gone = await findDeletion(ctx.tx, `${kind}:${id}`, ctx.scope, reaches[kind]);
  if (gone === undefined)
    return new ApiError(
      'ObjectNotFound',
      `No ${kind} has the id ${id} here. It may have been deleted, or it belongs to another scope.`,
    );
  const noun = kind.charAt(0).toUpperCase() + kind.slice(1);
  const at = gone.at.toISOString().slice(0, 16).replace('T', ' ');
  return new ApiError(
    'ObjectNotFound',
    `${noun} "${gone.name}" was deleted by ${gone.actor} at ${at} UTC.`,
  );
}

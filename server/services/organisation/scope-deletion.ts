import {
  fetchScopeContents,
  type OwnedScope,
  removeScopeRemains,
} from '../../database/queries/organisation/scope-contents.ts';
import { findDeletionObstacles } from '../../domain/organisation.ts';
import type { Refusal } from '../../domain/refusal.ts';
import type { Context } from '../context.ts';
import { refuseIf } from '../refuse.ts';

/** Of each kind, how many objects a refusal names before it only counts. */
const listedBlockers = 20;

/** Why an account or environment cannot be deleted, or undefined when nothing lives in it. */
export async function whyNotEmpty(
  ctx: Context,
  scope: OwnedScope,
  what: string,
): Promise<Refusal | undefined> {
  return findDeletionObstacles(what, await fetchScopeContents(ctx.tx, scope, listedBlockers));
}

/**
 * Clears an empty account or environment of what nobody can see any more, so that its row can go.
 * @returns how many rights of people went with it
 * @throws ApiError ObjectInUse with everything that still lives in it
 */
export async function clearScope(ctx: Context, scope: OwnedScope, what: string): Promise<number> {
  refuseIf(await whyNotEmpty(ctx, scope, what));
  return removeScopeRemains(ctx.tx, scope);
}

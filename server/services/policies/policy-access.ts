import { ApiError } from '#contract/errors.ts';
import { findSeenPolicy, type PolicyRow } from '../../database/queries/policies/policies.ts';
import { demandOwn } from '../access.ts';
import type { Context } from '../context.ts';

export const nameOf = ({ name }: { name: string }) => `Policy "${name}"`;

/** @throws ApiError ObjectNotFound */
export async function getPolicy(ctx: Context, id: string): Promise<PolicyRow> {
  const row = await findSeenPolicy(ctx.tx, ctx.scope, id);
  if (row) return row;
  throw new ApiError(
    'ObjectNotFound',
    `No policy has the id ${id} here. It may have been deleted, or belongs to another scope.`,
  );
}

/**
 * A policy at its own scope: what it found elsewhere is not shown below it.
 * @throws ApiError ObjectNotFound, ScopeViolation
 */
export async function getPolicyAtHome(ctx: Context, id: string): Promise<PolicyRow> {
  const row = await getPolicy(ctx, id);
  demandOwn(ctx, row, nameOf(row));
  return row;
}

/** @throws ApiError ObjectNotFound, ScopeViolation, PreconditionFailed */
export async function getOwnPolicy(ctx: Context, id: string): Promise<PolicyRow> {
  const row = await getPolicyAtHome(ctx, id);
  ctx.expectVersion(row.version);
  return row;
}

import type { Verdict } from '#contract/actions.ts';
import { ApiError } from '#contract/errors.ts';
import type { OperationSpec } from '#contract/operation.ts';
import { type OperationId, operations } from '#contract/operations.ts';
import type { Permission } from '#contract/permissions.ts';
import { type Scope, scopeLabel, type ScopeRef } from '#contract/scope.ts';
import { fetchImages, findVisibleImage, type ImageRow } from '../database/queries/images/images.ts';
import { fetchOs, type OsRow } from '../database/queries/roles/os.ts';
import { findVisibleCostCenter } from '../database/queries/organisation/projects.ts';
import { findVisibleRole, type RoleRow } from '../database/queries/roles/roles.ts';
import { type Refusal, toVerdict } from '../domain/refusal.ts';
import { lacking } from '../domain/rights.ts';
import { isOwn, type ScopedRow } from '../domain/scopes.ts';
import type { Context } from './context.ts';
import { notFound } from './not-found.ts';
import { refuseIf } from './refuse.ts';

/** @throws ApiError ObjectNotFound when the image is not there or not visible from the request's scope */
export async function getVisibleImage(ctx: Context, id: string): Promise<ImageRow> {
  const row = await findVisibleImage(ctx.tx, ctx.scope, id);
  if (!row) throw await notFound(ctx, 'image', id);
  return row;
}

/** @throws ApiError ObjectNotFound; ScopeViolation when it belongs to a higher scope than the request's */
export async function getOwnImage(ctx: Context, id: string): Promise<ImageRow> {
  const row = await getVisibleImage(ctx, id);
  demandOwn(ctx, row, `Image "${row.name}"`);
  return row;
}

/** @throws ApiError ObjectNotFound when the role is not there or not visible from the request's scope */
export async function getVisibleRole(ctx: Context, id: number): Promise<RoleRow> {
  const row = await findVisibleRole(ctx.tx, ctx.scope, id);
  if (!row) throw await notFound(ctx, 'role', id);
  return row;
}

/** @throws ApiError ObjectNotFound; ScopeViolation when it belongs to a higher scope than the request's */
export async function getOwnRole(ctx: Context, id: number): Promise<RoleRow> {
  const row = await getVisibleRole(ctx, id);
  demandOwn(ctx, row, `Role "${row.name}"`);
  return row;
}

/** @throws ApiError InvalidValue when there is no operating system of the id that a body names */
export async function getOs(ctx: Context, id: string): Promise<OsRow> {
  const [row] = await fetchOs(ctx.tx, [id]);
  if (row) return row;
  throw new ApiError('InvalidValue', `No operating system has the id "${id}"; os/ lists them.`, {
    field: 'os.id',
  });
}

/** @throws ApiError InvalidValue when a body names a cost center that the request's scope does not see */
export async function demandCostCenter(ctx: Context, id: string): Promise<void> {
  if (await findVisibleCostCenter(ctx.tx, ctx.scope, id)) return;
  throw new ApiError(
    'InvalidValue',
    `No cost center has the id ${id} here. cost-centers/ lists those that exist.`,
    { field: 'costCenter.id' },
  );
}

/** @throws ApiError ScopeViolation when it belongs to a higher scope than the request's */
export function demandOwn(ctx: Context, row: ScopedRow, what: string): void {
  refuseIf(findOtherScope(ctx, row, what));
}

/** The refusal of changing an object from another scope than its own. */
export function findOtherScope(ctx: Context, row: ScopedRow, what: string): Refusal | undefined {
  if (isOwn(row, ctx.scope)) return undefined;
  return { code: 'ScopeViolation', reason: otherScopeReason(what, row) };
}

/** The refusal of somebody who lacks a right. */
export function findMissingRight(
  ctx: Context,
  permission: Permission,
  at: ScopeRef,
  doing: string,
): Refusal | undefined {
  if (ctx.can(permission, at)) return undefined;
  return { code: 'PermissionViolation', reason: lacking(permission, at, doing) };
}

/**
 * The verdict on an operation at the request's scope: like the call, it asks for the right first, and
 * only then for what the rules say.
 * @param doing the action in words, for whoever lacks the right, e.g. `delete images`
 * @param refusal what the operation itself would refuse with
 */
export function judge(
  ctx: Context,
  operation: OperationId,
  doing: string,
  refusal: Refusal | undefined,
): Verdict {
  const { permission }: OperationSpec = operations[operation];
  const needed = permission === 'none' || permission === 'signed-in' ? 'view' : permission;
  return toVerdict(findMissingRight(ctx, needed, ctx.scope, doing) ?? refusal);
}

/** The sentence for an object that can only be changed at its own, higher scope. */
export function otherScopeReason(what: string, row: ScopedRow): string {
  return `${what} belongs to the ${scopeLabel[row.scope]} scope and can only be changed there.`;
}

/** @throws ApiError InvalidValue when a body names another scope than that of the request */
export function refuseOtherScope(ctx: Context, scope: Scope | undefined): void {
  if (scope === undefined || scope === ctx.scope.scope) return;
  throw new ApiError(
    'InvalidValue',
    `This request is sent to the ${scopeLabel[ctx.scope.scope]} scope, but the body says ${scopeLabel[scope]}. Leave scope out, or send the request to that scope.`,
    { field: 'scope' },
  );
}

/** An image as it is after a change in this transaction. */
export async function readImage(ctx: Context, id: string): Promise<ImageRow> {
  const [row] = await fetchImages(ctx.tx, [id], ctx.scope);
  if (!row) throw new Error(`Image ${id} vanished in its own transaction`);
  return row;
}

import { ApiError } from '#contract/errors.ts';
import type { RoleCategory } from '#contract/roles/role-categories.ts';
import {
  deleteRoleCategoryRow,
  fetchCategoryNamesakes,
  fetchCategoryUsers,
  findVisibleCategory,
  insertRoleCategory,
  renameRoleCategory,
  type RoleCategoryRow,
} from '../../database/queries/roles/role-categories.ts';
import { atField } from '../../domain/refusal.ts';
import {
  findCategoryDeletionRefusal,
  findCategoryNameClash,
  toRoleBlockers,
} from '../../domain/roles/role-categories.ts';
import { scopeOf } from '../../domain/scopes.ts';
import { demandOwn, refuseOtherScope } from '../access.ts';
import type { Context, Handler } from '../context.ts';
import { listedBlockers } from '../farms/farm-role-blockers.ts';
import { refuseIf } from '../refuse.ts';

/** @throws ApiError InvalidValue, UnicityViolation (docs/domain.md, "Role categories") */
export const createRoleCategory: Handler<'roleCategoryCreate'> = async (ctx, { body }) => {
  refuseOtherScope(ctx, body.scope);
  await demandFreeName(ctx, body.name);
  const category = toRoleCategory(await insertRoleCategory(ctx.tx, ctx.scope, body.name));
  ctx.record({ kind: 'roleCategory', after: category });
  return { data: category };
};

/** @throws ApiError ObjectNotFound, ScopeViolation, InvalidValue, UnicityViolation */
export const updateRoleCategory: Handler<'roleCategoryUpdate'> = async (ctx, { params, body }) => {
  refuseOtherScope(ctx, body.scope);
  const row = await getOwnCategory(ctx, params.roleCategoryId);
  if (body.name === undefined || body.name === row.name) return { data: toRoleCategory(row) };
  await demandFreeName(ctx, body.name, row.id);
  await renameRoleCategory(ctx.tx, row.id, body.name);
  const after = toRoleCategory(await getVisibleCategory(ctx, row.id));
  ctx.record({ kind: 'roleCategory', before: toRoleCategory(row), after });
  return { data: after };
};

/** @throws ApiError ObjectNotFound, ScopeViolation, UnacceptableState, ObjectInUse with the roles in it */
export const deleteRoleCategory: Handler<'roleCategoryDelete'> = async (ctx, { params }) => {
  const row = await getOwnCategory(ctx, params.roleCategoryId);
  const users = await fetchCategoryUsers(ctx.tx, row.id, listedBlockers);
  const total = users[0]?.total ?? 0;
  const seen = users.filter((user) => ctx.can('view', scopeOf(user)));
  refuseIf(findCategoryDeletionRefusal(row, total), toRoleBlockers(seen, total));
  await deleteRoleCategoryRow(ctx.tx, row.id);
  ctx.record({ kind: 'roleCategory', before: toRoleCategory(row) });
  return { data: null };
};

/** @throws ApiError ObjectNotFound when the category is not there or not visible from the request's scope */
export async function getVisibleCategory(ctx: Context, id: number): Promise<RoleCategoryRow> {
  const row = await findVisibleCategory(ctx.tx, ctx.scope, id);
  if (row) return row;
  throw new ApiError(
    'ObjectNotFound',
    `No role category has the id ${id} here. It may have been deleted, or it belongs to another scope.`,
  );
}

/** @throws ApiError ObjectNotFound, ScopeViolation, PreconditionFailed */
async function getOwnCategory(ctx: Context, id: number): Promise<RoleCategoryRow> {
  const row = await getVisibleCategory(ctx, id);
  demandOwn(ctx, row, `Role category "${row.name}"`);
  ctx.expectVersion(row.version);
  return row;
}

async function demandFreeName(ctx: Context, name: string, ownId?: number): Promise<void> {
  const namesakes = await fetchCategoryNamesakes(ctx.tx, [name], ctx.scope);
  refuseIf(atField(findCategoryNameClash(namesakes, ctx.scope, ownId), 'name'));
}

/** The wire form of a role category. */
export function toRoleCategory(row: RoleCategoryRow): RoleCategory {
  return {
    id: row.id,
    name: row.name,
    scope: row.scope,
    accountId: row.account_id,
    envId: row.environment_id,
    version: row.version,
  };
}

import { ApiError } from '#contract/errors.ts';
import type { ScopeRef } from '#contract/scope.ts';
import type { OsRow } from '../../database/queries/roles/os.ts';
import { fetchRoleCells } from '../../database/queries/roles/role-cells.ts';
import { findVisibleCategory } from '../../database/queries/roles/role-categories.ts';
import { fetchNamesakes } from '../../database/queries/roles/role-writes.ts';
import type { RoleRow } from '../../database/queries/roles/roles.ts';
import { findMisfits, findNameClash, nameClashReason } from '../../domain/roles/roles.ts';
import type { Context } from '../context.ts';
import { demandFittingName } from '../policies/name-policies.ts';

/**
 * @throws ApiError UnicityViolation when the name is taken, InvalidValue when a policy wants it made otherwise
 * @param ownId a role that may keep it
 */
export async function demandFreeName(
  ctx: Context,
  name: string,
  at: ScopeRef,
  ownId?: number,
): Promise<void> {
  const clash = findNameClash(await fetchNamesakes(ctx.tx, [name], at), at, ownId);
  if (clash) throw new ApiError('UnicityViolation', nameClashReason(clash), { field: 'name' });
  await demandFittingName(ctx, 'roles', name);
}

/** @throws ApiError InvalidValue when the category is not there or not visible from the request's scope */
export async function demandCategory(ctx: Context, id: number): Promise<void> {
  if (await findVisibleCategory(ctx.tx, ctx.scope, id)) return;
  throw new ApiError(
    'InvalidValue',
    `No role category has the id ${id} here. role-categories/ lists those that a role of this scope may have.`,
    { field: 'category.id' },
  );
}

/** @throws ApiError OperatingSystemMismatch that names the images of a role which another system does not fit */
export async function demandFit(ctx: Context, role: RoleRow, os: OsRow): Promise<void> {
  const misfits = findMisfits(await fetchRoleCells(ctx.tx, [role.id]), {
    os_name: os.name,
    os_family: os.family,
    os_generation: os.generation,
  });
  const [first] = misfits;
  if (!first) return;
  throw new ApiError(
    'OperatingSystemMismatch',
    `Role "${role.name}" holds ${misfits.length} image(s) that are not ${os.name}, such as "${first.name}" with ${first.os_name}. Take them out of the role first.`,
    {
      field: 'os.id',
      blockers: misfits.map(({ id, name, scope }) => ({ type: 'image', id, name, scope })),
    },
  );
}

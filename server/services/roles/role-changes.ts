import type { Role } from '#contract/roles/roles.ts';
import { type RoleChanges, updateRole } from '../../database/queries/roles/role-writes.ts';
import { fetchRoles, type RoleRow } from '../../database/queries/roles/roles.ts';
import type { Context } from '../context.ts';
import { toRole } from '../present.ts';

/** The wire form of a live role as it is at this point of the transaction. */
export async function readRole(ctx: Context, id: number): Promise<Role> {
  const [row] = await fetchRoles(ctx.tx, [id], ctx.scope);
  if (!row) throw new Error(`Role ${id} vanished in its own transaction`);
  return toRole(row);
}

/** Writes and records changes of a role; without any, nothing happens. @returns the role as it is now */
export async function applyRoleChanges(
  ctx: Context,
  row: RoleRow,
  changes: RoleChanges,
  reason?: string,
): Promise<Role> {
  const before = toRole(row);
  if (Object.keys(changes).length === 0) return before;
  await updateRole(ctx.tx, row.id, changes);
  const after = await readRole(ctx, row.id);
  ctx.record({ kind: 'role', before, after, reason });
  return after;
}

/** What deprecating a role for the first time changes. */
export function deprecateNow(ctx: Context): RoleChanges {
  return { deprecated_at: ctx.now, deprecated_by: ctx.actor };
}

/** What restoring a deprecated role changes. */
export const restored: RoleChanges = {
  deprecated_at: null,
  deprecated_by: null,
  deprecation_reason: null,
  deprecation_replacement_id: null,
};

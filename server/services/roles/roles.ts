import { fetchPage } from '../../database/queries/lists/paging.ts';
import { roleListPlan } from '../../database/queries/roles/role-lists.ts';
import { fetchRoles } from '../../database/queries/roles/roles.ts';
import { getVisibleRole } from '../access.ts';
import type { Handler, SomeHandlers } from '../context.ts';
import { cloneRole, deleteRole, deprecateRole } from './role-cycle.ts';
import { createRole, updateRole } from './role-edit.ts';
import { presentRoles } from './role-include.ts';

const listRoles: Handler<'roleList'> = async (ctx, { query }) => {
  const plan = roleListPlan(ctx.scope, query);
  const { ids, page } = await fetchPage<number>(ctx.tx, plan, query, ['roleList', ctx.scope]);
  const rows = await fetchRoles(ctx.tx, ids, ctx.scope);
  return { data: await presentRoles(ctx, rows, query.include), page };
};

const getRole: Handler<'roleGet'> = async (ctx, { params, query }) => {
  const row = await getVisibleRole(ctx, params.roleId);
  const [role] = await presentRoles(ctx, [row], query.include);
  // One row in, one role out.
  return { data: role as NonNullable<typeof role> };
};

/** Roles: docs/domain.md, "Roles". */
export const roleHandlers = {
  roleList: listRoles,
  roleGet: getRole,
  roleCreate: createRole,
  roleUpdate: updateRole,
  roleDelete: deleteRole,
  roleDeprecate: deprecateRole,
  roleClone: cloneRole,
} satisfies SomeHandlers;

import type { PlanItem } from '#contract/plans.ts';
import { fetchRoleCells } from '../../database/queries/roles/role-cells.ts';
import { fetchFarmRolesOf } from '../../database/queries/roles/role-usage.ts';
import { fetchRecommenders } from '../../database/queries/roles/role-writes.ts';
import type { RoleRow } from '../../database/queries/roles/roles.ts';
import { isWithin } from '../../domain/scopes.ts';
import { getVisibleRole } from '../access.ts';
import type { Context, Handler, SomeHandlers } from '../context.ts';
import { farmRoleBlockers, listedBlockers } from '../farms/farm-role-blockers.ts';
import { toPlan } from '../plan-digest.ts';
import { judgeRoleActions } from './role-actions.ts';

/** What deprecating a role concerns: the farm roles that keep it. */
export async function deprecationItems(ctx: Context, role: RoleRow): Promise<PlanItem[]> {
  const users = await fetchFarmRolesOf(ctx.tx, role.id, undefined, listedBlockers);
  return farmRoleBlockers(ctx, users).flatMap(({ type, id, name }): PlanItem[] =>
    type === 'farmRole' && id !== undefined
      ? [{ type, id, name: name ?? '', what: 'uses it' }]
      : [],
  );
}

/** What deleting a role concerns: who uses it, the images that it holds, and what recommends it. */
export async function deletionItems(ctx: Context, role: RoleRow): Promise<PlanItem[]> {
  const images = await fetchRoleCells(ctx.tx, [role.id]);
  const recommenders = await fetchRecommenders(ctx.tx, role.id, ctx.scope);
  return [
    ...(await deprecationItems(ctx, role)),
    ...images.map(({ id, name }) => ({
      type: 'image' as const,
      id,
      name,
      what: 'is no longer held',
    })),
    ...recommenders
      .filter((row) => isWithin(row, ctx.scope))
      .map(({ id, name }) => ({
        type: 'role' as const,
        id,
        name,
        what: 'no longer recommends it',
      })),
  ];
}

const preview =
  (
    act: 'deprecate' | 'delete',
    itemsOf: typeof deletionItems,
    isBlockedByUse: boolean,
  ): Handler<'roleDeprecatePreview' | 'roleDeletePreview'> =>
  async (ctx, { params }) => {
    const role = await getVisibleRole(ctx, params.roleId);
    const users = await fetchFarmRolesOf(ctx.tx, role.id, undefined, listedBlockers);
    const actions = judgeRoleActions(ctx, role, {
      images: [],
      used: users.total > 0,
      promotion: undefined,
      demotion: undefined,
    });
    const blockers = isBlockedByUse ? farmRoleBlockers(ctx, users) : [];
    return { data: toPlan(actions[act], await itemsOf(ctx, role), blockers) };
  };

/** What deprecating or deleting a role would do: docs/domain.md, "Acting on what was shown". */
export const rolePlanHandlers = {
  roleDeprecatePreview: preview('deprecate', deprecationItems, false),
  roleDeletePreview: preview('delete', deletionItems, true),
} satisfies SomeHandlers;

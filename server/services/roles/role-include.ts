import type { ScopeRef } from '#contract/scope.ts';
import type { Role } from '#contract/roles/roles.ts';
import {
  fetchNewerSets,
  fetchRoleCells,
  type NewerSetRow,
  type RoleCellRow,
} from '../../database/queries/roles/role-cells.ts';
import { fetchRoleUsage, findUsedRoleIds } from '../../database/queries/roles/role-usage.ts';
import type { RoleRow } from '../../database/queries/roles/roles.ts';
import { isDeprecatedAt } from '../../domain/images/deprecations.ts';
import { scopeOf } from '../../domain/scopes.ts';
import type { Context } from '../context.ts';
import { toRole } from '../present.ts';
import { findRoleDemotionRefusals } from '../replacements/demotion-plan.ts';
import { findPromotionRefusals, planRolePromotions } from '../replacements/promotion-plan.ts';
import { judgeRoleActions, roleInWords } from './role-actions.ts';

type Include = readonly ('images' | 'usage' | 'actions' | 'total')[] | undefined;

/** The wire form of roles with the members that were asked for: one query per member, whatever the number. */
export async function presentRoles(
  ctx: Context,
  rows: readonly RoleRow[],
  include: Include,
): Promise<Role[]> {
  const ids = rows.map((row) => row.id);
  const wants = (member: 'images' | 'usage' | 'actions') => include?.includes(member) ?? false;
  const cells = wants('images') || wants('actions') ? await fetchRoleCells(ctx.tx, ids) : [];
  const images = Map.groupBy(cells, (cell) => cell.role_id);
  const newer = wants('images') ? await fetchNewerSets(ctx.tx, ids) : [];
  const newerOf = new Map(newer.map((row) => [`${row.role_id} ${row.set_id}`, row]));
  const usage = wants('usage') ? await fetchRoleUsage(ctx.tx, ctx.scope, ids) : [];
  const usageById = new Map(usage.map((row) => [row.role_id, row]));
  const used = wants('actions') ? await findUsedRoleIds(ctx.tx, ids) : new Set<number>();
  const promotions = wants('actions')
    ? await findPromotionRefusals(planRolePromotions, ctx, rows, roleInWords)
    : undefined;
  const demotions = wants('actions') ? await findRoleDemotionRefusals(ctx, rows) : undefined;
  return rows.map((row) => {
    const own = images.get(row.id) ?? [];
    const counts = usageById.get(row.id);
    return {
      ...toRole(row),
      ...(wants('images') && {
        images: own.map((cell) =>
          toCell(cell, scopeOf(row), newerOf.get(`${row.id} ${cell.set_id}`)),
        ),
      }),
      ...(wants('usage') && {
        usage: {
          farms: counts?.farms ?? 0,
          servers: counts?.servers ?? 0,
          oldServers: counts?.old_servers ?? 0,
        },
      }),
      ...(wants('actions') && {
        actions: judgeRoleActions(ctx, row, {
          images: own,
          used: used.has(row.id),
          promotion: promotions?.get(row.id),
          demotion: demotions?.get(row.id),
        }),
      }),
    };
  });
}

/** @param at the scope of the role: whether its image is deprecated is decided there */
function toCell(
  row: RoleCellRow,
  at: ScopeRef,
  newer: NewerSetRow | undefined,
): NonNullable<Role['images']>[number] {
  return {
    cloudPlatform: row.cloud_platform,
    cloudLocation: row.cloud_location,
    image: {
      id: row.id,
      name: row.name,
      cloudImageId: row.cloud_image_id,
      deprecated: isDeprecatedAt(row, at),
      scope: row.scope,
      set: { id: row.set_id },
      newer: newer === undefined ? null : { id: newer.newer_id, name: newer.newer_name },
    },
  };
}

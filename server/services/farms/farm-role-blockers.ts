import type { Clearing } from '#contract/blockers.ts';
import type { Blocker } from '#contract/errors.ts';
import type { FarmRoleRow } from '../../database/queries/roles/role-usage.ts';
import type { Context } from '../context.ts';

/** How many blockers a refusal names; the rest are counted. */
export const listedBlockers = 100;

/** Farm roles that stand in the way: what the caller may see by name, all others as a count. */
export function farmRoleBlockers(
  ctx: Context,
  { rows, total }: { rows: readonly FarmRoleRow[]; total: number },
): Blocker[] {
  const seen = rows.filter((row) =>
    ctx.can('view', {
      scope: 'environment',
      accountId: row.account_id,
      environmentId: row.environment_id,
    }),
  );
  const rest = total - seen.length;
  return [
    ...seen.map((row) => ({
      type: 'farmRole' as const,
      id: row.id,
      name: row.alias,
      scope: 'environment',
      scopeName: row.environment_name,
      accountId: row.account_id,
      environmentId: row.environment_id,
      farmId: row.farm_id,
      farmName: row.farm_name,
      clearBy: clearingSteps(row),
    })),
    ...(rest > 0 ? [{ type: 'hidden' as const, scope: 'environment', count: rest }] : []),
  ];
}

/** A farm that is locked has to be unlocked first. */
function clearingSteps(row: FarmRoleRow): Clearing[] {
  const at = {
    scope: 'environment' as const,
    accountId: row.account_id,
    envId: row.environment_id,
  };
  return [
    ...(row.locked
      ? [{ operation: 'farmUnlock' as const, params: { farmId: row.farm_id }, ...at }]
      : []),
    { operation: 'farmRoleDelete', params: { farmRoleId: row.id }, ...at },
  ];
}

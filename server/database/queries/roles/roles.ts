import { type RawBuilder, sql } from 'kysely';
import type { Role } from '#contract/roles/roles.ts';
import type { ScopeRef } from '#contract/scope.ts';
import type { Db } from '../../connection/connection.ts';
import { inOrder } from '../lists/in-order.ts';
import { ask } from '../../connection/sent-ahead.ts';
import { lastUse } from '../organisation/last-use.ts';
import { usableSuccessor } from '../organisation/successors.ts';
import { isVisible } from '../organisation/visibility.ts';

/** A live Role with the names that people read beside it. */
export interface RoleRow {
  id: number;
  name: string;
  description: string;
  scope: ScopeRef['scope'];
  account_id: number | null;
  environment_id: number | null;
  account_name: string | null;
  environment_name: string | null;
  category_id: number;
  category_name: string;
  os_id: string;
  os_name: string;
  os_family: string | null;
  os_generation: string | null;
  quick_start: boolean;
  use_scalr_agent: boolean;
  builtin_automation: Role['builtinAutomation'];
  deprecated_at: Date | null;
  deprecated_by: string | null;
  deprecation_reason: string | null;
  deprecation_replacement_id: number | null;
  deprecation_replacement_name: string | null;
  /** The first in the chain of recommendations that is not deprecated. */
  usable_successor: { id: number; name: string } | null;
  created_by: string;
  added_at: Date;
  last_used_at: Date | null;
  version: number;
}

/**
 * Live roles by id, in the order of the ids; unknown and deleted ones are left out.
 * @param viewer whose view of their last use it is
 */
export async function fetchRoles(
  tx: Db,
  ids: readonly number[],
  viewer: ScopeRef,
): Promise<RoleRow[]> {
  if (ids.length === 0) return [];
  return inOrder(ids, await selectRoles(tx, viewer, sql`r.id = ANY(${ids}::int[])`));
}

/** A live role if it is at `scope` or above it. */
export async function findVisibleRole(
  tx: Db,
  scope: ScopeRef,
  id: number,
): Promise<RoleRow | undefined> {
  const [row] = await selectRoles(tx, scope, sql`r.id = ${id} AND ${isVisible('r', scope)}`);
  return row;
}

/** Live roles that meet a condition on `r` (roles) and `os`; the caller bounds their number. */
export async function selectRoles(
  tx: Db,
  viewer: ScopeRef,
  condition: RawBuilder<unknown>,
): Promise<RoleRow[]> {
  const select = sql<RoleRow>`
    SELECT r.id, r.name, r.description, r.scope, r.account_id, r.environment_id,
      a.name AS account_name, e.name AS environment_name,
      r.category_id, category.name AS category_name, r.os_id, os.name AS os_name, os.family AS os_family, os.generation AS os_generation,
      r.quick_start, r.use_scalr_agent, r.builtin_automation,
      r.deprecated_at, r.deprecated_by, r.deprecation_reason, r.deprecation_replacement_id,
      successor.name AS deprecation_replacement_name,
      ${usableSuccessor('roles', 'r', (member) => sql`${sql.raw(member)}.deprecated_at IS NOT NULL`)}
        AS usable_successor,
      r.created_by, r.added_at, ${lastUse('role', 'r', viewer)} AS last_used_at, r.version
    FROM roles r
    JOIN os ON os.id = r.os_id
    JOIN role_categories category ON category.id = r.category_id
    LEFT JOIN accounts a ON a.id = r.account_id
    LEFT JOIN environments e ON e.id = r.environment_id
    LEFT JOIN roles successor ON successor.id = r.deprecation_replacement_id
    WHERE r.deleted_at IS NULL AND ${condition}`;
  return ask(tx, select.compile(tx));
}

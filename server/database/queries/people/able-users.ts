import { sql } from 'kysely';
import { type Permission, rolePermissions, userRoles } from '#contract/permissions.ts';
import type { ScopeRef } from '#contract/scope.ts';
import type { Db } from '../../connection/connection.ts';
import { isVisible } from '../organisation/visibility.ts';

/**
 * Active users who hold a role with all of these permissions at a scope or above it, those nearest to it
 * first.
 */
export async function fetchUsersWhoMay(
  tx: Db,
  permissions: readonly Permission[],
  at: ScopeRef,
  limit: number,
): Promise<{ total: number; users: { id: number; name: string; email: string }[] }> {
  const able = userRoles.filter((role) =>
    permissions.every((permission) => rolePermissions[role].includes(permission)),
  );
  const { rows } = await sql<{ id: number; name: string; email: string; total: number }>`
    SELECT u.id, u.name, u.email, (count(*) OVER ())::int AS total
    FROM users u JOIN (
      SELECT g.user_id, bool_or(g.environment_id IS NOT NULL) AS of_environment,
        bool_or(g.account_id IS NOT NULL) AS of_account
      FROM held_grants g WHERE g.role = ANY(${able}::text[]) AND ${isVisible('g', at)} GROUP BY 1) held
      ON held.user_id = u.id
    WHERE u.status = 'active'
    ORDER BY held.of_environment DESC, held.of_account DESC, u.name, u.id LIMIT ${limit}`.execute(
    tx,
  );
  return {
    total: rows[0]?.total ?? 0,
    users: rows.map(({ id, name, email }) => ({ id, name, email })),
  };
}

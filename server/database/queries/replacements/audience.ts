import { sql } from 'kysely';
import type { Image } from '#contract/images/images.ts';
import type { ScopeRef } from '#contract/scope.ts';
import type { ScopedRow } from '../../../domain/scopes.ts';
import type { Db } from '../../connection/connection.ts';
import { isSameCloudImage } from '../images/same-cloud-image.ts';
import { isAtOrBelow, isVisible } from '../organisation/visibility.ts';

/** More scopes than this are not looked through for those that somebody may see. */
const mostScopes = 5_000;

/** An account or an environment by its name. */
export interface NamedScope {
  id: number;
  name: string;
  account_id: number;
}

/** Who will newly see what moves from one scope to the one above, by name; what they may not see is left to the caller. */
export async function fetchAudience(
  tx: Db,
  from: ScopeRef,
): Promise<{ accounts: NamedScope[]; environments: NamedScope[] }> {
  if (from.scope === 'scalr') return { accounts: [], environments: [] };
  const isNew =
    from.scope === 'environment'
      ? sql`e.account_id = ${from.accountId} AND e.id <> ${from.environmentId}`
      : sql`e.account_id <> ${from.accountId}`;
  const environments = await sql<NamedScope>`
    SELECT e.id, e.name, e.account_id FROM environments e WHERE ${isNew}
    ORDER BY e.name, e.id LIMIT ${mostScopes}`.execute(tx);
  const isNewAccount =
    from.scope === 'environment' ? sql`a.id = ${from.accountId}` : sql`a.id <> ${from.accountId}`;
  const accounts = await sql<NamedScope>`
    SELECT a.id, a.name, a.id AS account_id FROM accounts a WHERE ${isNewAccount}
    ORDER BY a.name, a.id LIMIT ${mostScopes}`.execute(tx);
  return { accounts: accounts.rows, environments: environments.rows };
}

/** An image that stays further down when others move up. */
export interface LeftBelowRow extends ScopedRow {
  id: string;
  name: string;
  cloud_platform: Image['cloudPlatform'];
  cloud_location: string;
  architecture: Image['architecture'];
  same_cloud_image: boolean;
}

/**
 * What stays below the scope that images move to: other registrations of their cloud images, and images of the same
 * name and OS in cells that neither they nor the target scope have. At most `limit`, registrations first.
 */
export async function fetchLeftBelow(
  tx: Db,
  ids: readonly string[],
  target: ScopeRef,
  limit: number,
): Promise<LeftBelowRow[]> {
  const { rows } = await sql<LeftBelowRow>`
    WITH moving AS MATERIALIZED (SELECT * FROM images WHERE id = ANY(${ids}::uuid[])),
    there AS (
      SELECT m.name, m.os_id, i.cloud_platform, i.cloud_location, i.architecture FROM moving m
      JOIN images i ON i.name = m.name AND i.os_id = m.os_id AND i.deleted_at IS NULL
        AND (i.id = m.id OR ${isVisible('i', target)})),
    below AS (
      SELECT o.*, true AS same_cloud_image FROM moving m JOIN images o ON ${isSameCloudImage('o', 'm')}
      UNION
      SELECT o.*, false FROM moving m JOIN images o ON o.name = m.name AND o.os_id = m.os_id
      WHERE NOT EXISTS (SELECT FROM there t WHERE t.name = o.name AND t.os_id = o.os_id AND
        (t.cloud_platform, t.cloud_location, t.architecture)
          = (o.cloud_platform, o.cloud_location, o.architecture)))
    SELECT o.id, o.name, o.scope, o.account_id, o.environment_id, o.cloud_platform, o.cloud_location,
      o.architecture, bool_or(o.same_cloud_image) AS same_cloud_image
    FROM below o WHERE o.deleted_at IS NULL AND NOT (o.id = ANY(${ids}::uuid[]))
      AND ${isAtOrBelow('o', target)} AND NOT ${isVisible('o', target)}
    GROUP BY 1, 2, 3, 4, 5, 6, 7, 8
    ORDER BY same_cloud_image DESC, o.name, o.cloud_platform, o.cloud_location, o.id LIMIT ${limit}`.execute(
    tx,
  );
  return rows;
}

import { type RawBuilder, sql } from 'kysely';
import type { ScopeRef } from '#contract/scope.ts';
import type { ScopeContent } from '../../../domain/organisation.ts';
import type { Db } from '../../connection/connection.ts';
import { type ApiKeyRow, deleteApiKeysBelow } from '../people/api-keys.ts';
import { changeGrants, type GrantRow } from '../people/grants.ts';
import { deleteTeamsAt, type TeamRow } from '../people/teams.ts';
import type { CostCenterRow } from './projects.ts';
import { naturally } from '../lists/natural-order.ts';
import type { EnvironmentCloudRow } from '../clouds/environment-clouds.ts';
import { isAt, isAtOrBelow } from './visibility.ts';

/** An account or an environment. */
export type OwnedScope = Exclude<ScopeRef, { scope: 'scalr' }>;

/** What lives at exactly this scope, and the environments of an account: of each kind at most `limit`, by name. */
export async function fetchScopeContents(
  tx: Db,
  scope: OwnedScope,
  limit: number,
): Promise<ScopeContent[]> {
  const listed = (type: ScopeContent['type'], from: RawBuilder<unknown>) =>
    sql`(SELECT ${sql.lit(type)} AS type, x.id::text AS id, x.name, (count(*) OVER ())::int AS total
      FROM ${from} ORDER BY ${naturally(sql`x.name`)}, x.id LIMIT ${limit})`;
  const below =
    scope.scope === 'account'
      ? listed('environment', sql`environments x WHERE x.account_id = ${scope.accountId}`)
      : listed('farm', sql`farms x WHERE x.environment_id = ${scope.environmentId}`);
  const own = isAt('x', scope);
  const { rows } = await sql<ScopeContent>`${below}
    UNION ALL ${listed('image', sql`images x WHERE x.deleted_at IS NULL AND ${own}`)}
    UNION ALL ${listed('role', sql`roles x WHERE x.deleted_at IS NULL AND ${own}`)}
    UNION ALL ${listed('roleCategory', sql`role_categories x WHERE ${own}`)}
    UNION ALL ${listed('project', sql`projects x WHERE ${own}`)}
    UNION ALL ${listed('cloudCredentials', sql`cloud_credentials x WHERE ${own}`)}
    UNION ALL ${listed('policy', sql`policies x WHERE ${own}`)}`.execute(tx);
  return rows;
}

/**
 * Removes what is left of an empty scope and nobody can see: grants, teams, deleted images and roles, and their
 * history and replacements. The operations log keeps what happened.
 * @returns the grants, teams, API keys narrowed to it, cost centers and attached credentials that went
 */
export async function removeScopeRemains(
  tx: Db,
  scope: OwnedScope,
): Promise<{
  grants: GrantRow[];
  teams: TeamRow[];
  keys: ApiKeyRow[];
  costCenters: CostCenterRow[];
  clouds: EnvironmentCloudRow[];
}> {
  const images = sql`SELECT x.id FROM images x WHERE ${isAt('x', scope)}`;
  const roles = sql`SELECT x.id FROM roles x WHERE ${isAt('x', scope)}`;
  const replacements = sql`SELECT x.id FROM replacements x WHERE ${isAt('x', scope)}
    OR x.id IN (SELECT pair.replacement_id FROM replacement_pairs pair
      WHERE pair.old_image_id IN (${images}) OR pair.new_image_id IN (${images}))`;
  const steps = [
    sql`UPDATE replacements SET rolls_back_id = NULL, completes = false WHERE rolls_back_id IN (${replacements})`,
    sql`DELETE FROM replacement_roles WHERE replacement_id IN (${replacements}) OR role_id IN (${roles})
      OR old_image_id IN (${images}) OR new_image_id IN (${images})`,
    // At once, since the pairs tell which they are.
    sql`WITH pairs AS (DELETE FROM replacement_pairs WHERE replacement_id IN (${replacements}))
      DELETE FROM replacements WHERE id IN (${replacements})`,
    // A role that was promoted keeps its history; where an image stayed behind, it now says "none".
    sql`DELETE FROM role_image_history WHERE role_id IN (${roles})
      OR ((old_image_id IS NULL OR old_image_id IN (${images}))
        AND (new_image_id IS NULL OR new_image_id IN (${images})))`,
    sql`UPDATE role_image_history SET old_image_id = NULL WHERE old_image_id IN (${images})`,
    sql`UPDATE role_image_history SET new_image_id = NULL WHERE new_image_id IN (${images})`,
    sql`UPDATE images SET deprecation_replacement_id = NULL WHERE deprecation_replacement_id IN (${images})`,
    sql`UPDATE roles SET deprecation_replacement_id = NULL WHERE deprecation_replacement_id IN (${roles})`,
    sql`DELETE FROM role_images WHERE role_id IN (${roles})`,
    sql`DELETE FROM roles WHERE id IN (${roles})`,
    sql`DELETE FROM images WHERE id IN (${images})`,
  ];
  for (const step of steps) await step.execute(tx);
  const costCenters = await sql<CostCenterRow>`
    DELETE FROM cost_centers x WHERE ${isAt('x', scope)} RETURNING x.*`.execute(tx);
  const clouds = await sql<EnvironmentCloudRow>`
    DELETE FROM environment_clouds x WHERE ${isAtOrBelow('x', scope)} RETURNING x.*`.execute(tx);
  const grants = await changeGrants(tx, sql`DELETE FROM grants x WHERE ${isAt('x', scope)}`);
  const teams = await deleteTeamsAt(tx, scope);
  // One that was to reach nothing else must not come to reach everything.
  const keys = await deleteApiKeysBelow(tx, scope);
  return { grants, teams, keys, costCenters: costCenters.rows, clouds: clouds.rows };
}

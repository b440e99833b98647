import { type Kysely, sql } from 'kysely';

/**
 * Most changes of images and roles concern nothing that runs: then the triggers of `server_groups` end at
 * once. Three indexes more: reports on everything that is old need no table, replacements of all accounts
 * come in their order, and roles that recommend a deleted one are found as images are.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    CREATE OR REPLACE FUNCTION judge_server_groups(farm_roles integer[]) RETURNS void LANGUAGE plpgsql AS $$
    BEGIN
      IF farm_roles IS NULL OR cardinality(farm_roles) = 0 THEN RETURN; END IF;
      UPDATE server_groups g SET stale = v.stale, deprecated = v.deprecated, since = v.since
      FROM server_group_verdicts v
      WHERE v.farm_role_id = ANY (farm_roles) AND (v.farm_role_id, v.image_id) = (g.farm_role_id, g.image_id)
        AND (g.stale, g.deprecated, g.since) IS DISTINCT FROM (v.stale, v.deprecated, v.since);
    END $$`.execute(db);
  await sql`
    CREATE INDEX roles_replaced_by ON roles (deprecation_replacement_id)
    WHERE deprecation_replacement_id IS NOT NULL`.execute(db);
  await sql`CREATE INDEX replacements_at ON replacements (at, id)`.execute(db);
  await sql`
    CREATE INDEX server_groups_old_by_farm ON server_groups (farm_id, image_id, farm_role_id, servers, since)
    WHERE old`.execute(db);
  await sql`
    CREATE INDEX server_groups_old_by_image ON server_groups (image_id, farm_id, farm_role_id, servers, since)
    WHERE old`.execute(db);
}

import { type Kysely, sql } from 'kysely';

/**
 * What makes a replacement in thousands of roles quick (docs/performance.md): the servers that it concerns are judged
 * once, and its records repeat no reference that the role images themselves had to pass in the same statement.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const text of [verdictsSql, judgeSql, referencesSql]) await sql.raw(text).execute(db);
  // Replacements of a line are found by its sets.
  await sql`CREATE INDEX image_sets_line ON image_sets (line, id)`.execute(db);
}

/**
 * The same verdicts, each part of them found out once (OFFSET 0). History is asked by the place, whatever the
 * statistics say (IS NOT DISTINCT FROM has no index): a large replacement gives thousands of entries the same old image.
 */
const verdictsSql = `
CREATE OR REPLACE VIEW server_group_verdicts AS
SELECT g.farm_role_id, g.image_id, facts.stale, facts.deprecated_at IS NOT NULL AS deprecated,
  least(facts.deprecated_at, CASE WHEN facts.stale THEN (
    SELECT history.at FROM role_image_history history
    WHERE history.role_id = fr.role_id AND history.cloud_platform = fr.cloud_platform
      AND history.cloud_location = fr.image_location AND history.old_image_id IS NOT DISTINCT FROM g.image_id
    ORDER BY history.id DESC LIMIT 1) END) AS since
FROM server_groups g
JOIN farm_roles fr ON fr.id = g.farm_role_id
JOIN role_images role_image ON role_image.role_id = fr.role_id
  AND role_image.cloud_platform = fr.cloud_platform AND role_image.cloud_location = fr.image_location
JOIN images current ON current.id = role_image.image_id
JOIN images ran ON ran.id = g.image_id,
LATERAL (SELECT (ran.cloud_platform, ran.cloud_image_id) <> (current.cloud_platform, current.cloud_image_id) AS stale,
  least(ran.deprecated_at, (
    SELECT min(other.deprecated_at) FROM images other
    WHERE other.deleted_at IS NULL AND other.cloud_image_id = ran.cloud_image_id
      AND other.cloud_platform = ran.cloud_platform AND other.cloud_location = ran.cloud_location
      AND (other.account_id IS NULL OR other.account_id = g.account_id
        AND (other.environment_id IS NULL OR other.environment_id = g.environment_id)))) AS deprecated_at
  OFFSET 0) facts;
`;

/**
 * A change that touches both images of roles and deprecations has its servers judged at its end, where it says so
 * first: `begin_judging_later()`, then `judge_waiting_groups()`. In between, `slipway.waiting_groups` holds the ids
 * of the farm roles that wait; it is empty otherwise, and forgotten with the transaction.
 */
const judgeSql = `
CREATE OR REPLACE FUNCTION judge_server_groups(farm_roles integer[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE waiting text := current_setting('slipway.waiting_groups', true);
BEGIN
  IF farm_roles IS NULL OR cardinality(farm_roles) = 0 THEN RETURN; END IF;
  IF waiting <> '' THEN
    PERFORM set_config('slipway.waiting_groups', (waiting::integer[] || farm_roles)::text, true);
    RETURN;
  END IF;
  UPDATE server_groups g SET stale = v.stale, deprecated = v.deprecated, since = v.since
  FROM (SELECT * FROM server_group_verdicts WHERE farm_role_id = ANY (farm_roles) OFFSET 0) v
  WHERE (v.farm_role_id, v.image_id) = (g.farm_role_id, g.image_id)
    AND (g.stale, g.deprecated, g.since) IS DISTINCT FROM (v.stale, v.deprecated, v.since);
END $$;

CREATE FUNCTION begin_judging_later() RETURNS void LANGUAGE sql AS $$
  SELECT set_config('slipway.waiting_groups', '{}', true)
$$;

CREATE FUNCTION judge_waiting_groups() RETURNS void LANGUAGE plpgsql AS $$
DECLARE waiting integer[] := ARRAY(SELECT DISTINCT unnest(current_setting('slipway.waiting_groups')::integer[]));
BEGIN
  PERFORM set_config('slipway.waiting_groups', '', true);
  PERFORM judge_server_groups(waiting);
END $$;
`;

/**
 * History and the roles of a replacement are written with a change of role images alone, which has just checked the same
 * roles and images, and after the replacement itself; roles, images and replacements are deleted by `removeScopeRemains`
 * alone, which takes their records along. The invariants INV-17g and INV-19c hold them to it.
 */
const referencesSql = `
ALTER TABLE role_image_history
  DROP CONSTRAINT role_image_history_role_id_fkey,
  DROP CONSTRAINT role_image_history_old_image_id_fkey,
  DROP CONSTRAINT role_image_history_new_image_id_fkey;
ALTER TABLE replacement_roles
  DROP CONSTRAINT replacement_roles_replacement_id_fkey,
  DROP CONSTRAINT replacement_roles_role_id_fkey,
  DROP CONSTRAINT replacement_roles_old_image_id_fkey,
  DROP CONSTRAINT replacement_roles_new_image_id_fkey;
`;

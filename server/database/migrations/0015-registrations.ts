import { type Kysely, sql } from 'kysely';

/** What one cloud image with several registrations needs, and lines of images. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await keepRestoredReasons(db);
  await addLines(db);
  for (const text of [verdictsSql, judgeSql]) await sql.raw(text).execute(db);
}

/** A roll-back that restores an image keeps why it was deprecated: rolled back in turn, that comes back. */
async function keepRestoredReasons(db: Kysely<unknown>): Promise<void> {
  await sql`ALTER TABLE replacements ADD COLUMN restored_reason text`.execute(db);
  await sql`
    UPDATE replacements back SET restored_reason = undone.reason
    FROM replacements undone WHERE undone.id = back.rolls_back_id AND back.restored_new_image`.execute(
    db,
  );
}

/** The rule is `lineOf` in server/domain/images/lines.ts. */
async function addLines(db: Kysely<unknown>): Promise<void> {
  await sql`
    ALTER TABLE images ADD COLUMN line text NOT NULL
      GENERATED ALWAYS AS (regexp_replace(name, '(-+[0-9]+)+$', '')) STORED`.execute(db);
}

/**
 * Whether servers run something deprecated is decided by their cloud image, as staleness is: it counts that
 * any registration is deprecated that is seen in their environment (docs/domain.md, "One machine image,
 * several registrations").
 */
const verdictsSql = `
CREATE OR REPLACE VIEW server_group_verdicts AS
SELECT g.farm_role_id, g.image_id, facts.stale, facts.deprecated_at IS NOT NULL AS deprecated,
  least(facts.deprecated_at, CASE WHEN facts.stale THEN (
    SELECT history.at FROM role_image_history history
    WHERE history.role_id = fr.role_id AND history.cloud_platform = fr.cloud_platform
      AND history.cloud_location = fr.image_location AND history.old_image_id = g.image_id
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
        AND (other.environment_id IS NULL OR other.environment_id = g.environment_id)))) AS deprecated_at) facts;

UPDATE server_groups g SET stale = v.stale, deprecated = v.deprecated, since = v.since
FROM server_group_verdicts v
WHERE (v.farm_role_id, v.image_id) = (g.farm_role_id, g.image_id)
  AND (g.stale, g.deprecated, g.since) IS DISTINCT FROM (v.stale, v.deprecated, v.since);
`;

/** A deprecation, or a change of who sees it, concerns the servers of every registration. */
const judgeSql = `
CREATE FUNCTION judge_cloud_images(images uuid[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM judge_server_groups(ARRAY(
    SELECT g.farm_role_id FROM server_groups g WHERE g.image_id = ANY (ARRAY(
      SELECT same.id FROM images changed JOIN images same ON same.cloud_image_id = changed.cloud_image_id
        AND same.cloud_platform = changed.cloud_platform AND same.cloud_location = changed.cloud_location
      WHERE changed.id = ANY (images) AND (same.deleted_at IS NULL OR same.id = changed.id)))));
END $$;

CREATE OR REPLACE FUNCTION judge_image() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM judge_cloud_images(ARRAY[NEW.id]);
  RETURN NULL;
END $$;
DROP TRIGGER judge_deprecated_image ON images;
CREATE TRIGGER judge_deprecated_image
  AFTER UPDATE OF deprecated_at, deleted_at, account_id, environment_id, cloud_image_id ON images FOR EACH ROW
  WHEN ((OLD.deprecated_at IS NOT NULL OR NEW.deprecated_at IS NOT NULL)
    AND (OLD.deprecated_at, OLD.deleted_at, OLD.account_id, OLD.environment_id, OLD.cloud_image_id)
      IS DISTINCT FROM (NEW.deprecated_at, NEW.deleted_at, NEW.account_id, NEW.environment_id, NEW.cloud_image_id))
  EXECUTE FUNCTION judge_image();

CREATE FUNCTION judge_new_images() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM judge_cloud_images(ARRAY(SELECT id FROM added WHERE deprecated_at IS NOT NULL));
  RETURN NULL;
END $$;
CREATE TRIGGER judge_new_images AFTER INSERT ON images REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION judge_new_images();
`;

import { type Kysely, sql } from 'kysely';

/**
 * Images that are deprecated or restored by one statement have their servers judged at once: a version in
 * twelve places took as long for that as for all the roles that it stood in. And a change of role images is judged
 * once, not once more for the history that it writes.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw(judgeSql).execute(db);
  // What is written with a change of role images is there when that change is judged, at the end of the statement.
  await sql`DROP TRIGGER judge_groups_on_insert ON role_image_history`.execute(db);
}

/** Which changes concern the servers is as it was: docs/domain.md, "One machine image, several registrations". */
const judgeSql = `
DROP TRIGGER judge_deprecated_image ON images;
DROP FUNCTION judge_image();

CREATE FUNCTION judge_changed_images() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE ids uuid[];
BEGIN
  SELECT array_agg(now.id) INTO ids FROM changed now JOIN before was USING (id)
  WHERE (was.deprecated_at IS NOT NULL OR now.deprecated_at IS NOT NULL)
    AND (was.deprecated_at, was.deleted_at, was.account_id, was.environment_id, was.cloud_image_id)
      IS DISTINCT FROM (now.deprecated_at, now.deleted_at, now.account_id, now.environment_id, now.cloud_image_id);
  IF ids IS NOT NULL THEN PERFORM judge_cloud_images(ids); END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER judge_changed_images AFTER UPDATE ON images REFERENCING OLD TABLE AS before NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION judge_changed_images();
`;

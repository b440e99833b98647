import { type Kysely, sql } from 'kysely';

/**
 * A server may wait for its launch before its image is known: what it uses is noted once it is, as that of
 * a server with an image is when its row is made (0019). Servers that were launched so before are noted now.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw(noteSql).execute(db);
}

const noteUse = (of: 'image' | 'role', id: string) => `
  INSERT INTO ${of}_uses AS known (${of}_id, account_id, environment_id, at)
  VALUES (${id}, NEW.account_id, NEW.environment_id, NEW.launched_at)
  ON CONFLICT (${of}_id, account_id, environment_id) DO UPDATE SET at = greatest(known.at, EXCLUDED.at);`;

const noteSql = `
CREATE FUNCTION note_use_of_resolved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  ${noteUse('image', 'NEW.image_id')}
  ${noteUse('role', '(SELECT role_id FROM farm_roles WHERE id = NEW.farm_role_id)')}
  RETURN NULL;
END $$;
-- By row: a trigger with a list of columns sees no transition tables, and launches are resolved one by one.
CREATE TRIGGER note_use_of_resolved AFTER UPDATE OF image_id ON servers FOR EACH ROW
  WHEN (OLD.image_id IS NULL AND NEW.image_id IS NOT NULL) EXECUTE FUNCTION note_use_of_resolved();
SELECT rebuild_uses();`;

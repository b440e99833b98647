import { type Kysely, sql } from 'kysely';

/**
 * What can be changed has a version, which `If-Match` may name: five tables were without one.
 *
 * When images and roles were last used is kept for each environment, since whoever looks from an account
 * must not see what other tenants do with what all share. A trigger keeps it, so that nothing that launches servers
 * can forget it; whoever loads servers as a whole may leave it out and call `rebuild_uses()` at the end.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const table of ['accounts', 'environments', 'role_categories', 'servers', 'api_keys'])
    await sql`ALTER TABLE ${sql.table(table)} ADD version integer NOT NULL DEFAULT 1`.execute(db);
  for (const text of [usesTable('image', 'uuid'), usesTable('role', 'integer'), noteSql])
    await sql.raw(text).execute(db);
}

const usesTable = (of: 'image' | 'role', idType: string) => `
CREATE TABLE ${of}_uses (
  ${of}_id ${idType} NOT NULL REFERENCES ${of}s,
  account_id integer NOT NULL,
  environment_id integer NOT NULL,
  -- When a server was last launched from it there.
  at timestamptz NOT NULL,
  PRIMARY KEY (${of}_id, account_id, environment_id),
  FOREIGN KEY (environment_id, account_id) REFERENCES environments (id, account_id) ON DELETE CASCADE
);
CREATE INDEX ${of}_uses_environment ON ${of}_uses (environment_id);`;

const insertUses = (of: 'image' | 'role', servers: string) => `
  INSERT INTO ${of}_uses AS known (${of}_id, account_id, environment_id, at)
  SELECT ${of === 'image' ? 's.image_id' : 'fr.role_id'}, s.account_id, s.environment_id, max(s.launched_at)
  FROM ${servers} s JOIN farm_roles fr ON fr.id = s.farm_role_id
  WHERE s.image_id IS NOT NULL GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
  ON CONFLICT (${of}_id, account_id, environment_id) DO UPDATE SET at = greatest(known.at, EXCLUDED.at);`;

const noteSql = `
CREATE FUNCTION rebuild_uses() RETURNS void LANGUAGE sql AS $$
  ${insertUses('image', 'servers')}
  ${insertUses('role', 'servers')}
$$;
CREATE FUNCTION note_uses() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  ${insertUses('image', 'launched')}
  ${insertUses('role', 'launched')}
  RETURN NULL;
END $$;
CREATE TRIGGER note_uses AFTER INSERT ON servers
  REFERENCING NEW TABLE AS launched FOR EACH STATEMENT EXECUTE FUNCTION note_uses();
SELECT rebuild_uses();`;

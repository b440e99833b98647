import { type Kysely, sql } from 'kysely';

/**
 * How far the fleet of each account has moved, for pages that show it (docs/domain.md, "Live"): the sum of the
 * account's rows. Fleets change without the operations log, many transactions at once, and none may wait for
 * another: each raises a row that nobody holds, and adds one where all are held. So there are as many rows as
 * transactions ever met in an account, and nothing to deadlock on. A sequence would not do: it moves before the
 * change can be seen.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw(tableSql).execute(db);
  for (const [event, rows] of [
    ['insert', 'NEW'],
    ['update', 'NEW'],
    ['delete', 'OLD'],
  ])
    await sql
      .raw(
        `CREATE TRIGGER raise_fleet_on_${event} AFTER ${event} ON servers
         REFERENCING ${rows} TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION raise_fleet_of_changed()`,
      )
      .execute(db);
}

const tableSql = `
CREATE TABLE fleet_revisions (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  account_id integer NOT NULL REFERENCES accounts ON DELETE CASCADE,
  revision bigint NOT NULL DEFAULT 1
) WITH (fillfactor = 20);
CREATE INDEX fleet_revisions_account ON fleet_revisions (account_id);

CREATE FUNCTION raise_fleet_revisions(accounts integer[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE account integer;
BEGIN
  FOR account IN SELECT DISTINCT unnest(accounts) LOOP
    UPDATE fleet_revisions SET revision = revision + 1 WHERE id = (
      SELECT id FROM fleet_revisions WHERE account_id = account LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED);
    IF NOT FOUND THEN INSERT INTO fleet_revisions (account_id) VALUES (account); END IF;
  END LOOP;
END $$;

CREATE FUNCTION raise_fleet_of_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM raise_fleet_revisions(ARRAY(SELECT DISTINCT account_id FROM changed));
  RETURN NULL;
END $$;
`;

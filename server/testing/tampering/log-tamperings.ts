import { sql } from 'kysely';
import type { Db } from '../../database/connection/connection.ts';
import { entryHash, normalJson } from '../../database/queries/records/operations-log.ts';
import { quietly, type Tampering } from './tampering.ts';

/** The chain of the account, and an entry in its middle. */
const chain = `(SELECT chain FROM operations_log WHERE chain <> 'corporate' GROUP BY chain ORDER BY count(*) DESC LIMIT 1)`;
const entry = `chain = ${chain} AND revision = 5`;
const last = `chain = ${chain} AND revision = (SELECT max(revision) FROM operations_log WHERE chain = ${chain})`;

const edits: [member: string, set: string][] = [
  ['who did it', `actor = 'somebody@example.com'`],
  ['when', `at = at - interval '1 day'`],
  ['the request', 'request_id = gen_random_uuid()'],
  ['what was done', `operation = 'imageUpdate'`],
  ['with what', `credential = 'key:OTHER'`],
  ['from where', `origin = '203.0.113.5'`],
  ['where', `scope = 'environment'`],
  ['the account', 'account_id = 2147483647'],
  ['the environment', 'environment_id = 2147483647'],
  ['the object', `object = 'image:00000000-0000-4000-8000-000000000000'`],
  ['the reason', `reason = 'none'`],
  ['what was before', `before = '{"id": 1}'`],
  ['what came after', `after = jsonb_set(coalesce(after, '{}'), '{name}', '"other"')`],
  ['what else changed', `others = '[]'`],
  ['how it was done', `options = '{"force": true}'`],
  ['how to undo it', `undo = '{}'`],
  ['its shape', 'shape = 1'],
  ['its number', 'revision = 1000'],
  ['its hash', `hash = sha256('x')`],
  ['the hash before it', `prev_hash = sha256('x')`],
  ['its seal', `seal = sha256('x')`],
  ['that it is sealed', 'seal = NULL'],
];

const editTamperings: Tampering[] = edits.map(([member, set]) => ({
  name: `an entry of the log of which was changed ${member}`,
  by: 'LOG',
  act: quietly(`UPDATE operations_log SET ${set} WHERE ${entry}`),
}));

export const logTamperings: Tampering[] = [
  ...editTamperings,
  {
    name: 'an entry taken out of the middle',
    by: 'LOG',
    act: quietly(`DELETE FROM operations_log WHERE ${entry}`),
  },
  {
    name: 'the first entry taken out',
    by: 'LOG',
    act: quietly(`DELETE FROM operations_log WHERE chain = ${chain} AND revision = 1`),
  },
  {
    name: 'the last entry taken out, and the counter left',
    by: 'LOG',
    act: quietly(`DELETE FROM operations_log WHERE ${last}`),
  },
  {
    name: 'two entries that changed places',
    by: 'LOG',
    act: quietly(`UPDATE operations_log SET revision = 1000 WHERE ${entry};
      UPDATE operations_log SET revision = 5 WHERE chain = ${chain} AND revision = 6;
      UPDATE operations_log SET revision = 6 WHERE chain = ${chain} AND revision = 1000`),
  },
  {
    name: 'an entry edited, and the counter of its chain deleted',
    by: 'LOG',
    act: quietly(`UPDATE operations_log SET actor = 'nobody' WHERE ${entry};
      DELETE FROM revisions WHERE chain = ${chain}`),
  },
  {
    name: 'a counter deleted',
    by: 'LOG',
    act: quietly(`DELETE FROM revisions WHERE chain = ${chain}`),
  },
  {
    name: 'a counter raised',
    by: 'LOG',
    act: `UPDATE revisions SET revision = revision + 1 WHERE chain = ${chain}`,
  },
  {
    name: 'a counter with another hash',
    by: 'LOG',
    act: `UPDATE revisions SET hash = sha256('x') WHERE chain = ${chain}`,
  },
  {
    name: 'a chain under another name',
    by: 'HEADS',
    act: quietly(`INSERT INTO revisions SELECT 'account:2147483647', revision, hash, at FROM revisions WHERE chain = ${chain};
      UPDATE operations_log SET chain = 'account:2147483647' WHERE chain = ${chain}`),
  },
  {
    name: 'an entry edited, and the chain chained anew',
    by: 'LOG',
    act: (tx) => rechain(tx, `UPDATE operations_log SET actor = 'nobody' WHERE ${entry}`),
  },
  {
    name: 'an entry taken out, and the chain numbered and chained anew',
    by: 'LOG',
    act: (tx) =>
      rechain(
        tx,
        `DELETE FROM operations_log WHERE ${entry};
        UPDATE operations_log SET revision = revision - 1 WHERE chain = ${chain} AND revision > 5`,
      ),
  },
  {
    name: 'an entry that nobody sealed, chained as it should be',
    by: 'LOG',
    act: (tx) =>
      rechain(
        tx,
        `INSERT INTO operations_log (chain, revision, at, request_id, operation, actor, credential, origin, scope,
            account_id, object, after, shape, prev_hash, hash)
          SELECT chain, revision + 1, at, gen_random_uuid(), operation, actor, credential, origin, scope, account_id,
            object, after, shape, '', '' FROM operations_log WHERE ${last}`,
      ),
  },
  {
    name: 'an entry with the seal of another',
    by: 'LOG',
    act: quietly(`UPDATE operations_log SET seal = (SELECT seal FROM operations_log WHERE chain = ${chain} AND revision = 6)
      WHERE ${entry}`),
  },
  {
    name: 'the tail cut, and the counter set back',
    by: 'HEADS',
    act: quietly(`DELETE FROM operations_log WHERE ${last};
      UPDATE revisions r SET revision = l.revision, hash = l.hash FROM operations_log l
      WHERE r.chain = ${chain} AND l.chain = r.chain AND l.revision = r.revision - 1`),
  },
  {
    name: 'the half of a chain cut, and the counter set back',
    by: 'HEADS',
    act: quietly(`DELETE FROM operations_log WHERE chain = ${chain} AND revision > 5;
      UPDATE revisions r SET revision = l.revision, hash = l.hash FROM operations_log l
      WHERE r.chain = ${chain} AND l.chain = r.chain AND l.revision = 5`),
  },
  {
    name: 'a chain emptied, with its counter',
    by: 'HEADS',
    act: quietly(
      `DELETE FROM revisions WHERE chain = ${chain}; DELETE FROM operations_log WHERE chain = ${chain}`,
    ),
  },
  {
    name: 'all chains emptied, and their counters at zero',
    by: 'HEADS',
    act: quietly(`DELETE FROM operations_log; UPDATE revisions SET revision = 0, hash = ''`),
  },
  {
    name: 'all chains emptied, and the begin of records with them',
    by: 'BEGIN',
    act: quietly(`DELETE FROM operations_log; UPDATE revisions SET revision = 0, hash = '';
      DELETE FROM record_begins; DELETE FROM record_baseline`),
  },
  {
    name: 'the trigger dropped',
    by: 'LOG',
    act: 'DROP TRIGGER operations_log_append_only ON operations_log',
  },
  {
    name: 'the trigger switched off',
    by: 'LOG',
    act: 'ALTER TABLE operations_log DISABLE TRIGGER operations_log_append_only',
  },
  {
    name: 'the trigger made to look at less',
    by: 'LOG',
    act: `CREATE OR REPLACE TRIGGER operations_log_append_only BEFORE TRUNCATE ON operations_log
      FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()`,
  },
  {
    name: 'the function of the trigger made to do nothing',
    by: 'LOG',
    act: `CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'`,
  },
  {
    name: 'a rule that keeps entries from being written',
    by: 'LOG',
    act: `CREATE RULE quiet AS ON INSERT TO operations_log DO INSTEAD NOTHING`,
  },
  {
    name: 'a trigger of somebody else on the log',
    by: 'LOG',
    act: `CREATE FUNCTION quiet() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
      CREATE TRIGGER quiet BEFORE INSERT ON operations_log FOR EACH ROW EXECUTE FUNCTION quiet()`,
  },
  {
    name: 'triggers silenced for all connections of a database',
    by: 'LOG',
    act: `DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET session_replication_role = replica', current_database()); END $$`,
  },
  {
    name: 'the begin of records taken out',
    by: 'BEGIN',
    act: quietly('DELETE FROM record_begins'),
  },
  {
    name: 'the begin of records moved on, past what was changed',
    by: 'BEGIN',
    act: quietly(`UPDATE record_begins SET heads = (SELECT jsonb_object_agg(chain, jsonb_build_array(revision, encode(hash, 'hex')))
      FROM revisions WHERE revision > 0)`),
  },
  {
    name: 'a begin of records that nobody signed',
    by: 'BEGIN',
    act: `INSERT INTO record_begins (by, reason, heads, objects, digest, seal)
      SELECT 'system:start', 'x', heads, objects, digest, sha256('x') FROM record_begins LIMIT 1`,
  },
  {
    name: 'the state that records begin with, edited',
    by: 'BEGIN',
    act: `UPDATE record_baseline SET state = jsonb_set(state, '{name}', '"other"') WHERE object LIKE 'image:%'`,
  },
  {
    name: 'the state that records begin with, taken out',
    by: 'BEGIN',
    act: `DELETE FROM record_baseline WHERE object LIKE 'image:%'`,
  },
  {
    name: 'entries taken out under a cut that nobody signed',
    by: 'BEGIN',
    act: quietly(`INSERT INTO record_cuts (chain, revision, hash, entries, entries_in_all, before, by, seal)
        SELECT chain, revision, hash, 5, 5, now(), 'cli:x', sha256('x') FROM operations_log WHERE ${entry};
      DELETE FROM operations_log WHERE chain = ${chain} AND revision <= 5`),
  },
];

/** Edits the chain, and then makes all hashes right, as anybody can who knows how they are made. */
async function rechain(tx: Db, statements: string): Promise<void> {
  await sql.raw(quietly(statements)).execute(tx);
  const { rows } = await sql<Record<string, unknown> & { revision: number; at: Date }>`
    SELECT chain, revision, at, request_id, operation, actor, credential, origin, scope, account_id, environment_id,
      object, reason, before::text, after::text, others::text, options::text, shape
    FROM operations_log WHERE chain = ${sql.raw(chain)} ORDER BY revision`.execute(tx);
  let [hash, revision]: [Buffer, number] = [Buffer.alloc(0), 0];
  await sql.raw('SET LOCAL session_replication_role = replica').execute(tx);
  for (const row of rows) {
    const previous = hash;
    const json = Object.fromEntries(
      ['before', 'after', 'others', 'options'].map((name) => [
        name,
        normalJson(row[name] as string),
      ]),
    );
    hash = entryHash(previous, { ...row, ...json, at: row.at.toISOString() });
    revision = row.revision;
    await sql`UPDATE operations_log SET prev_hash = ${previous}, hash = ${hash}
      WHERE chain = ${sql.raw(chain)} AND revision = ${revision}`.execute(tx);
  }
  await sql`UPDATE revisions SET revision = ${revision}, hash = ${hash} WHERE chain = ${sql.raw(chain)}`.execute(
    tx,
  );
  await sql.raw('SET LOCAL session_replication_role = origin').execute(tx);
}

import { sql } from 'kysely';
import type { Db } from '../connection/connection.ts';

/** Tables that are added to and never changed, each with its trigger. */
const appendOnly = ['operations_log', 'record_begins', 'record_cuts'];
const refusal = `BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END`;

/** What of the triggers that keep records from being changed is not there, is switched off or does something else. */
export async function findGuardProblems(db: Db): Promise<string[]> {
  const { rows } = await sql<{ table: string; isOn: boolean | null; source: string | null }>`
    SELECT named.name AS table, t.tgenabled IN ('O', 'A') AND t.tgtype = ${beforeAllButInsert} AS "isOn", p.prosrc AS source
    FROM unnest(${appendOnly}::text[]) named (name)
    LEFT JOIN pg_trigger t ON t.tgrelid = to_regclass(named.name) AND t.tgname = named.name || '_append_only'
    LEFT JOIN pg_proc p ON p.oid = t.tgfoid`.execute(db);
  const problems = rows.flatMap(({ table, isOn, source }) => {
    if (isOn === null) return `${table} has no trigger that keeps it from being changed`;
    if (!isOn) return `the trigger that keeps ${table} from being changed is switched off`;
    if (source?.trim().replaceAll(/\s+/g, ' ') === refusal) return [];
    return `the trigger that keeps ${table} from being changed does something else`;
  });
  return [...problems, ...(await findRules(db)), ...(await findSilencers(db))];
}

/** As pg_trigger spells BEFORE UPDATE OR DELETE OR TRUNCATE, for each statement. */
const beforeAllButInsert = 2 + 8 + 16 + 32;

/** Rules and triggers of others on what is added to alone: they could keep an entry from being written. */
async function findRules(db: Db): Promise<string[]> {
  const known = [...appendOnly.map((table) => `${table}_append_only`), 'follow_log'];
  const { rows } = await sql<{ name: string; table: string }>`
    SELECT rulename AS name, tablename AS table FROM pg_rules WHERE tablename = ANY (${appendOnly}::text[])
    UNION ALL
    SELECT tgname, tgrelid::regclass::text FROM pg_trigger
    WHERE NOT tgisinternal AND tgrelid = ANY (${appendOnly}::regclass[]) AND tgname <> ALL (${known}::text[])`.execute(
    db,
  );
  return rows.map(({ name, table }) => `"${name}" of ${table} is none of Slipway's`);
}

/** Settings that silence triggers, for a role or for the database. */
async function findSilencers(db: Db): Promise<string[]> {
  const { rows } = await sql<{ setting: string }>`
    SELECT setting FROM pg_db_role_setting, unnest(setconfig) setting
    WHERE setting LIKE 'session_replication_role=%' AND setdatabase IN (0, (
      SELECT oid FROM pg_database WHERE datname = current_database()))`.execute(db);
  return rows.map(({ setting }) => `${setting} is set, which silences triggers`);
}

import { sql } from 'kysely';
import type { Db } from '../../connection/connection.ts';
import { forgetSignIns } from '../../records/sign-in-chain.ts';
import { serverRebootKind, serverRemovalKind, serverStepKind } from '../farms/server-steps.ts';

/** Rows deleted at a time, so that no statement takes long. */
const rowsAtOnce = 5_000;

/** What is of no use any more, and since when. A session that nobody uses any more ends at its latest. */
const ended = [
  { table: 'denials', key: 'id', since: 'coalesce(last_at, at)' },
  { table: 'sessions', key: 'token_hash', since: 'expires_at' },
  { table: 'sign_in_links', key: 'token_hash', since: 'expires_at' },
  { table: 'notices', key: 'id', since: 'at' },
  { table: 'server_events', key: 'id', since: 'at' },
] as const;

/**
 * Deletes denials, sign-ins and events of servers of so many days ago, sessions and links that ended then, old plans, and
 * what servers have done in their clouds. @returns how many
 */
export async function pruneRecords(db: Db, keepDays: number): Promise<number> {
  let all = 0;
  for (const { table, key, since } of ended)
    for (let last = rowsAtOnce; last === rowsAtOnce; all += last) {
      const { numAffectedRows } = await sql`
        DELETE FROM ${sql.table(table)} WHERE ${sql.ref(key)} IN (
          SELECT ${sql.ref(key)} FROM ${sql.table(table)}
          WHERE ${sql.raw(since)} < clock_timestamp() - make_interval(days => ${keepDays})
          LIMIT ${rowsAtOnce})`.execute(db);
      last = Number(numAffectedRows);
    }
  all += await forgetSignIns(db, keepDays);
  return all + (await prunePlans(db)) + (await pruneServerJobs(db));
}

/** Deletes the jobs of servers that were settled more than a day ago: their events tell what came of them. */
async function pruneServerJobs(db: Db): Promise<number> {
  const { numAffectedRows } = await sql`
    DELETE FROM outbox WHERE done_at < clock_timestamp() - interval '1 day'
      AND kind = ANY(${[serverStepKind, serverRebootKind, serverRemovalKind]})`.execute(db);
  return Number(numAffectedRows);
}

/** How long plans are kept that cannot be applied any more. */
const planDays = 7;

/** Deletes plans of replacements and rollouts that expired or were cancelled, a week after their time was over. */
async function prunePlans(db: Db): Promise<number> {
  const { numAffectedRows } = await sql`
    WITH gone AS MATERIALIZED (
      SELECT id FROM replacements
      WHERE state <> 'applied' AND expires_at < clock_timestamp() - make_interval(days => ${planDays})
      LIMIT ${rowsAtOnce} FOR UPDATE SKIP LOCKED),
    pairs AS (DELETE FROM replacement_pairs WHERE replacement_id IN (SELECT id FROM gone))
    DELETE FROM replacements WHERE id IN (SELECT id FROM gone)`.execute(db);
  const rollouts = await sql`
    DELETE FROM rollouts WHERE started_at IS NULL
      AND expires_at < clock_timestamp() - make_interval(days => ${planDays})`.execute(db);
  return Number(numAffectedRows) + Number(rollouts.numAffectedRows);
}

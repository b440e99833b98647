import { sql, type Transaction } from 'kysely';
import type { Db } from '../connection/connection.ts';
import type { Database } from '../schema.ts';
import { tellBurnDowns } from './burn-down.ts';
import { continueSequences, lockEmptyDatabase } from './empty-database.ts';
import { type EstatePlan, planEstate } from './plan.ts';

export interface LoadEstateOptions {
  /** `s`: three accounts, about 250 real images, 900 servers and those that they came after. */
  size: 's';
  /** The moment that everything in the estate is dated from. */
  now: Date;
  /** Told before each table: its name, and rows written so far of all. */
  onProgress?: (step: string, done: number, total: number) => void;
}

/** Rows written, by table. */
export type EstateSummary = Record<keyof EstatePlan, number>;

/**
 * Loads the demo estate (docs/domain.md, "The demo estate") into a migrated, empty database, whole or
 * not at all. The same `now` gives the same rows. The first administrator, whom an older Slipway made at a
 * start with --empty, is also the estate's first user and stays.
 * @throws EstateNotEmptyError if there is any account, or a user whom the estate does not know
 */
export async function loadEstate(db: Db, options: LoadEstateOptions): Promise<EstateSummary> {
  const plan = planEstate(options.now);
  const total = Object.values(plan).reduce((sum, rows) => sum + rows.length, 0);
  let done = 0;
  await db.transaction().execute(async (tx) => {
    await lockEmptyDatabase(tx, plan.users);
    for (const table of Object.keys(plan) as (keyof EstatePlan)[]) {
      options.onProgress?.(table, done, total);
      await insertRows(tx, table, plan[table]);
      done += plan[table].length;
    }
    await tellWhatServersDid(tx);
    await tellBurnDowns(tx, options.now);
    await continueSequences(tx);
  });
  for (const table of Object.keys(plan)) await sql`ANALYZE ${sql.table(table)}`.execute(db);
  options.onProgress?.('done', done, total);
  return Object.fromEntries(
    Object.entries(plan).map(([table, rows]) => [table, rows.length]),
  ) as EstateSummary;
}

/** Each server was launched, and some have ended: their events say so. */
async function tellWhatServersDid(tx: Transaction<Database>): Promise<void> {
  await sql`INSERT INTO server_events (server_id, farm_id, account_id, at, status, actor, reason)
    SELECT id, farm_id, account_id, at, status, actor, reason FROM (
      SELECT id, farm_id, account_id, launched_at AS at, 'running' AS status,
        coalesce(launched_by, 'system:keeper') AS actor, launch_reason AS reason FROM servers
      WHERE status NOT IN ('pending_launch', 'pending', 'initializing')
      UNION ALL
      SELECT id, farm_id, account_id, terminated_at, 'terminated', 'system:server-steps', 'It has ended in the cloud'
      FROM servers WHERE terminated_at IS NOT NULL) told
    ORDER BY at, id`.execute(tx);
}

/** Rows of one statement: stays below PostgreSQL's 65,535 parameters with the widest table. */
const rowsPerStatement = 1_000;
const mayBeThere = new Set<keyof EstatePlan>(['users', 'grants', 'revisions']);

async function insertRows(
  tx: Transaction<Database>,
  table: keyof EstatePlan,
  rows: EstatePlan[keyof EstatePlan],
): Promise<void> {
  for (let start = 0; start < rows.length; start += rowsPerStatement) {
    await tx
      .insertInto(table)
      .values(rows.slice(start, start + rowsPerStatement))
      // The first administrator and the chains of accounts that are gone.
      .$if(mayBeThere.has(table), (insert) => insert.onConflict((conflict) => conflict.doNothing()))
      .execute();
  }
}

import { sql, type Transaction } from 'kysely';
import type { Db } from '../connection/connection.ts';
import { takeWriteLock } from '../connection/locks.ts';
import type { Seal } from '../connection/seal.ts';
import type { Database } from '../schema.ts';
import type { Violation } from '../invariants.ts';
import { type Begin, writeBegin } from './begins.ts';
import { checkRecords } from './check-records.ts';
import { type Cut, findCuts, writeCut } from './cuts.ts';
import { type Noted, nothingNoted } from './heads-file.ts';

/** What came of a wish to cut: what was deleted of each chain, or why nothing was. */
export type CutOutcome = { cuts: Cut[]; begin: Begin | undefined } | { problems: Violation[] };

interface CutWish {
  /** Entries from before this moment are deleted. */
  before: Date;
  /** Who wants it, as an actor of the log. */
  by: string;
  noted?: Noted;
}

/**
 * Deletes what the log has from before a moment, and signs for where each chain begins now, how much was deleted, and
 * the state that everything has at this moment: records account for it from here on. Where they do not fit what is
 * there nothing is deleted, since nobody could find out any more. All is looked at first, while others go on; they wait
 * for what is deleted and signed.
 * @param db as the owner of the tables
 */
export async function cutLog(
  db: Db,
  seal: Seal,
  { before, by, noted = nothingNoted }: CutWish,
): Promise<CutOutcome> {
  if ((await findEnds(db, before)).length === 0) return { cuts: [], begin: undefined };
  const problems = await checkRecords(db, { seal, noted });
  if (problems.length > 0) return { problems };
  return db.transaction().execute(async (tx) => {
    await takeWriteLock(tx, { corporate: true });
    const ends = await findEnds(tx, before);
    const cuts: Cut[] = [];
    for (const end of ends) cuts.push(await writeCut(tx, seal, { ...end, before, by }));
    await deleteEntries(tx, ends);
    const reason = `Records from before ${before.toISOString()} were deleted`;
    return { cuts, begin: await writeBegin(tx, seal, { by, reason }) };
  });
}

type End = Pick<Cut, 'chain' | 'revision' | 'hash' | 'entries'>;

/** The last entry of each chain that is from before, with how many there are up to it. */
async function findEnds(db: Db, before: Date): Promise<End[]> {
  const cuts = await findCuts(db);
  const { rows } = await sql<Omit<End, 'entries'>>`
    SELECT r.chain, l.revision, l.hash FROM revisions r
    CROSS JOIN LATERAL (
      -- An entry stays with all that came after it, whatever the clock said.
      SELECT min(revision) AS revision FROM operations_log WHERE chain = r.chain AND at >= ${before}) kept
    JOIN operations_log l ON l.chain = r.chain AND l.revision = coalesce(kept.revision - 1, r.revision)
    ORDER BY r.chain`.execute(db);
  return rows.map((row) => ({
    ...row,
    entries: row.revision - (cuts.get(row.chain)?.revision ?? 0),
  }));
}

/** What the log is read by goes with the last entry of its request. */
async function deleteEntries(tx: Transaction<Database>, ends: readonly End[]): Promise<void> {
  const upTo = sql`unnest(${ends.map(({ chain }) => chain)}::text[],
    ${ends.map(({ revision }) => revision)}::bigint[]) AS cut (chain, revision)`;
  await sql`ALTER TABLE operations_log DISABLE TRIGGER operations_log_append_only`.execute(tx);
  await sql`
    CREATE TEMPORARY TABLE cut_requests ON COMMIT DROP AS
    WITH gone AS (
      DELETE FROM operations_log l USING ${upTo} WHERE l.chain = cut.chain AND l.revision <= cut.revision
      RETURNING l.request_id)
    SELECT DISTINCT request_id AS id FROM gone`.execute(tx);
  await sql`ALTER TABLE operations_log ENABLE TRIGGER operations_log_append_only`.execute(tx);
  await sql`DELETE FROM cut_requests c USING operations_log l WHERE l.request_id = c.id`.execute(
    tx,
  );
  await sql`DELETE FROM operations_unfollowed u USING ${upTo}
    WHERE u.chain = cut.chain AND u.revision <= cut.revision`.execute(tx);
  for (const table of ['operation_objects', 'operation_places'])
    await sql`DELETE FROM ${sql.table(table)} t USING cut_requests c WHERE t.operation_id = c.id`.execute(
      tx,
    );
  await sql`DELETE FROM operations o USING cut_requests c WHERE o.id = c.id`.execute(tx);
}

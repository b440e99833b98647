import { sql } from 'kysely';
import { type Db, sealOf } from '../connection/connection.ts';
import { takeSignInLock } from '../connection/locks.ts';
import { isSameSeal, type Seal } from '../connection/seal.ts';
import type { SignInWay } from '../schema-people.ts';
import { writeCut } from './cuts.ts';

/** The name of the chain of sign-ins among the heads of chains. */
export const signInChain = 'sign-ins';

/** A settled attempt as its seal covers it. */
interface SignInRow {
  id: number;
  number: number;
  /** In microseconds. */
  at: string;
  way: SignInWay;
  outcome: string;
  user_id: number | null;
  email: string | null;
  origin: string;
  network: string;
  seal: Buffer | null;
}

const columns = sql`id, number, (extract(epoch FROM at) * 1000000)::bigint::text AS at, way, outcome, user_id,
  email, origin, network, seal`;

/** Each covers the one before, so none can be taken out unnoticed. */
function sealOfSignIn(seal: Seal, previous: Buffer | null, row: SignInRow): Buffer {
  const { number, at, way, outcome, user_id, email, origin, network } = row;
  const before = previous?.toString('hex') ?? '';
  return seal('sign_ins', [before, number, at, way, outcome, user_id, email, origin, network]);
}

/**
 * Gives settled attempts that have none their numbers, in the order in which they were made, and seals them.
 * @param ids all that have none, unless given
 */
export async function chainSignIns(tx: Db, ids?: readonly number[]): Promise<void> {
  await takeSignInLock(tx);
  const seal = sealOf(tx);
  let { number, seal: previous } = await findSignInHead(tx);
  const which = ids ? sql`id = ANY(${[...ids]}::int[])` : sql`outcome <> 'trying'`;
  const { rows } = await sql<SignInRow>`
    SELECT ${columns} FROM sign_ins WHERE number IS NULL AND ${which} ORDER BY id`.execute(tx);
  for (const row of rows) {
    number += 1;
    previous = seal ? sealOfSignIn(seal, previous, { ...row, number }) : null;
    await tx
      .updateTable('sign_ins')
      .set({ number, seal: previous })
      .where('id', '=', row.id)
      .execute();
  }
}

/** Where the chain stands: its last row, or where it was cut when none is left. */
export async function findSignInHead(tx: Db): Promise<{ number: number; seal: Buffer | null }> {
  const { rows } = await sql<{ number: number; seal: Buffer | null }>`
    SELECT number, seal FROM (
      (SELECT number, seal FROM sign_ins WHERE number IS NOT NULL ORDER BY number DESC LIMIT 1)
      UNION ALL
      (SELECT revision, hash FROM record_cuts WHERE chain = ${signInChain} ORDER BY id DESC LIMIT 1)) head
    ORDER BY number DESC LIMIT 1`.execute(tx);
  return rows[0] ?? { number: 0, seal: null };
}

const rowsAtOnce = 5_000;

/**
 * Walks the chain of sign-ins.
 * @param from where its records begin, or were cut
 * @returns what does not fit, at most the first row of it
 */
export async function findBrokenSignIns(
  db: Db,
  seal: Seal,
  from: { number: number; seal: Buffer | null },
): Promise<string[]> {
  const { rows: loose } = await sql<{ id: number }>`
    SELECT id FROM sign_ins WHERE number IS NULL AND outcome <> 'trying' LIMIT 20`.execute(db);
  const problems = loose.map(({ id }) => `sign-in ${id} is in no chain`);
  let { number, seal: previous } = from;
  for (;;) {
    const { rows } = await sql<SignInRow>`
      SELECT ${columns} FROM sign_ins WHERE number > ${number} ORDER BY number LIMIT ${rowsAtOnce}`.execute(
      db,
    );
    for (const row of rows) {
      number += 1;
      if (row.number !== number) return [...problems, `sign-in number ${number} is missing`];
      if (!isSameSeal(row.seal, sealOfSignIn(seal, previous, row)))
        return [...problems, `sign-in number ${number} does not carry its seal`];
      previous = row.seal;
    }
    if (rows.length === 0) return problems;
  }
}

/**
 * Forgets attempts to sign in of more than so many days ago, and signs for where the chain was cut.
 * @returns how many
 */
export async function forgetSignIns(db: Db, keepDays: number): Promise<number> {
  return db.transaction().execute(async (tx) => {
    await takeSignInLock(tx);
    const before = sql<Date>`now() - make_interval(days => ${keepDays})`;
    // An attempt has its number when it is settled: whatever comes after one that is kept is kept, too.
    const { rows } = await sql<{
      number: number | null;
      seal: Buffer | null;
      entries: number;
      before: Date;
    }>`
      WITH kept AS (SELECT min(number) AS number FROM sign_ins WHERE at >= ${before}),
      gone AS (
        DELETE FROM sign_ins s USING kept
        WHERE (s.number < coalesce(kept.number, s.number + 1)) OR (s.number IS NULL AND s.at < ${before})
        RETURNING s.number, s.seal)
      SELECT count(*) AS entries, max(number) AS number, date_trunc('milliseconds', ${before}) AS before,
        (SELECT seal FROM gone WHERE number IS NOT NULL ORDER BY number DESC LIMIT 1) AS seal
      FROM gone`.execute(tx);
    const [cut] = rows;
    const seal = sealOf(tx);
    if (seal && cut?.seal && cut.number !== null)
      await writeCut(tx, seal, {
        chain: signInChain,
        revision: cut.number,
        hash: cut.seal,
        entries: cut.entries,
        before: cut.before,
        by: 'system:old-answers',
      });
    return cut?.entries ?? 0;
  });
}

import { sql, type Transaction } from 'kysely';
import type { Db } from '../connection/connection.ts';
import { takeWriteLock } from '../connection/locks.ts';
import { isSameSeal, type Seal } from '../connection/seal.ts';
import { mirroredKinds } from '../mirrors/mirrors.ts';
import type { Database } from '../schema.ts';
import { fetchHeads, type Heads } from './heads.ts';
import { sealAllRows } from './seals.ts';
import { chainSignIns } from './sign-in-chain.ts';

/** From when on records account for everything: what is checked begins here. */
export interface Begin {
  id: number;
  at: Date;
  by: string;
  reason: string;
  heads: Heads;
  objects: number;
  digest: Buffer;
  seal: Buffer;
}

/** The last begin of records there is; undefined where they have none. */
export async function findBegin(db: Db): Promise<Begin | undefined> {
  const { rows } = await sql<Begin>`
    SELECT id, at, by, reason, heads, objects, digest, seal FROM record_begins ORDER BY id DESC LIMIT 1`.execute(
    db,
  );
  return rows[0];
}

function sealBegin(seal: Seal, begin: Omit<Begin, 'id' | 'seal'>): Buffer {
  const { at, by, reason, heads, objects, digest } = begin;
  const points = Object.entries(heads).sort(([a], [b]) => (a < b ? -1 : 1));
  return seal('begin', [
    at.toISOString(),
    by,
    reason,
    JSON.stringify(points),
    objects,
    digest.toString('hex'),
  ]);
}

/**
 * Lets records begin with everything as it is at this moment: keeps the state of each object, seals anew what is
 * sealed row by row, and signs it. Nothing changes meanwhile.
 * @param begin.by who says so, as an actor of the log
 */
export async function beginRecords(
  db: Db,
  seal: Seal,
  { by, reason }: { by: string; reason: string },
): Promise<Begin> {
  return db.transaction().execute(async (tx) => {
    await takeWriteLock(tx, { corporate: true });
    return writeBegin(tx, seal, { by, reason });
  });
}

/** The same in a transaction that keeps everybody else from changing anything. */
export async function writeBegin(
  tx: Transaction<Database>,
  seal: Seal,
  { by, reason }: { by: string; reason: string },
): Promise<Begin> {
  await sealAllRows(tx, seal);
  await sql`UPDATE sign_ins SET number = NULL, seal = NULL WHERE number IS NOT NULL`.execute(tx);
  await chainSignIns(tx);
  await sql`DELETE FROM record_baseline`.execute(tx);
  for (const { select } of mirroredKinds)
    await sql`INSERT INTO record_baseline (object, state) ${sql.raw(select)}`.execute(tx);
  const { rows: times } = await sql<{ at: Date }>`
    SELECT date_trunc('milliseconds', clock_timestamp()) AS at`.execute(tx);
  const at = times[0]?.at ?? new Date();
  const begin = { at, by, reason, heads: await fetchHeads(tx), ...(await digestBaseline(tx)) };
  const sealed = { ...begin, seal: sealBegin(seal, begin) };
  const { id } = await tx
    .insertInto('record_begins')
    .values({ ...sealed, heads: JSON.stringify(begin.heads) })
    .returning('id')
    .executeTakeFirstOrThrow();
  return { id, ...sealed };
}

/** How many objects the baseline has, and a digest of all of them. */
async function digestBaseline(db: Db): Promise<{ objects: number; digest: Buffer }> {
  const { rows } = await sql<{ objects: number; digest: Buffer }>`
    SELECT count(*) AS objects, sha256(coalesce(string_agg(
      sha256(convert_to(object || E'\\n' || state::text, 'UTF8')), '' ORDER BY object COLLATE "C"), '')) AS digest
    FROM record_baseline`.execute(db);
  return rows[0] ?? { objects: 0, digest: Buffer.alloc(0) };
}

/** Why the last begin of records is none that was signed with this key, or not over this baseline. */
export async function findBeginProblems(db: Db, seal: Seal, begin: Begin): Promise<string[]> {
  const problems: string[] = [];
  if (!isSameSeal(begin.seal, sealBegin(seal, begin)))
    problems.push('it was sealed with another key, or by nobody');
  const { objects, digest } = await digestBaseline(db);
  if (objects !== begin.objects || !digest.equals(begin.digest))
    problems.push('the state that records begin with is another');
  return problems;
}

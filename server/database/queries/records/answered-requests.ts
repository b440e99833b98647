import { sql } from 'kysely';
import type { Db } from '../../connection/connection.ts';
import { sealAnswer } from '../../records/seals.ts';

/** A request that may come again: the same key means the same request. */
export interface RepeatableRequest {
  userId: number;
  /** What the client says, or the signature, which no two requests share. */
  key: string;
  /** SHA-256 of method, address, conditions and body. */
  hash: Buffer;
  /** It is told by its signature, since the client gave no key. */
  isBySignature: boolean;
  /** Its answer holds a secret. */
  isSecret: boolean;
}

/** How long an answer is kept. */
const keptHours = 24;

/**
 * Takes the key for this transaction, waiting for another that holds it.
 * @returns undefined when it was free; else what the request with this key was, and its answer as JSON
 */
export async function claimRequest(
  tx: Db,
  { userId, key, hash }: Pick<RepeatableRequest, 'userId' | 'key' | 'hash'>,
): Promise<{ hash: Buffer; answer: string } | undefined> {
  const claimed = await tx
    .insertInto('answered_requests')
    .values({ user_id: userId, key, request_hash: hash })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  if (claimed.numInsertedOrUpdatedRows === 1n) return undefined;
  const row = await tx
    .selectFrom('answered_requests')
    .where('user_id', '=', userId)
    .where('key', '=', key)
    .select(['request_hash', 'answer'])
    .executeTakeFirstOrThrow();
  return { hash: row.request_hash, answer: row.answer ?? '' };
}

/** @returns what takes back all that the transaction has done since, without ending it */
export async function setSavepoint(tx: Db): Promise<() => Promise<void>> {
  await sql`SAVEPOINT work`.execute(tx);
  return async () => {
    await sql`ROLLBACK TO SAVEPOINT work`.execute(tx);
  };
}

/** Keeps the answer under the key that this transaction has claimed. */
export async function storeAnswer(
  tx: Db,
  request: Pick<RepeatableRequest, 'userId' | 'key' | 'hash'>,
  answer: string,
): Promise<void> {
  await tx
    .updateTable('answered_requests')
    .set({ answer, seal: sealAnswer(tx, request, answer) })
    .where('user_id', '=', request.userId)
    .where('key', '=', request.key)
    .execute();
}

/** Forgets answers older than a day. @returns how many */
export async function forgetOldAnswers(db: Db): Promise<number> {
  const { numDeletedRows } = await db
    .deleteFrom('answered_requests')
    .where('at', '<', sql<Date>`clock_timestamp() - make_interval(hours => ${keptHours})`)
    .executeTakeFirst();
  return Number(numDeletedRows);
}

import { sql } from 'kysely';
import type { Db } from '../../connection/connection.ts';

/** One effect that is due outside the database. */
export interface OutboxJob {
  id: string;
  payload: unknown;
  /** This one included. */
  attempts: number;
}

/** Asks the loop of a kind for an effect, once this transaction is committed. */
export async function queueJob(
  tx: Db,
  job: { kind: string; payload: object; at: Date },
): Promise<void> {
  const { kind, payload, at } = job;
  await tx
    .insertInto('outbox')
    .values({ kind, payload: JSON.stringify(payload), created_at: at, next_attempt_at: at })
    .execute();
}

/**
 * Takes the job of a kind that has been due longest, so that no other process takes it for a while. A
 * process that is killed with it lets it become due again; so every effect must bear repetition.
 * @param leaseMs how long nobody else takes it
 */
export async function claimJob(
  db: Db,
  kind: string,
  leaseMs: number,
): Promise<OutboxJob | undefined> {
  const { rows } = await sql<OutboxJob>`
    UPDATE outbox SET attempts = attempts + 1, next_attempt_at = ${after(leaseMs)}
    WHERE id = (
      SELECT id FROM outbox
      WHERE kind = ${kind} AND done_at IS NULL AND next_attempt_at <= clock_timestamp()
      ORDER BY next_attempt_at LIMIT 1 FOR UPDATE SKIP LOCKED)
    RETURNING id, payload, attempts`.execute(db);
  return rows[0];
}

/** Puts a claimed job off after an attempt that did not succeed. */
export async function postponeJob(
  db: Db,
  id: string,
  wait: { ms: number; error: string },
): Promise<void> {
  await sql`UPDATE outbox SET next_attempt_at = ${after(wait.ms)}, error = ${wait.error}
    WHERE id = ${id} AND done_at IS NULL`.execute(db);
}

/** Gives a claimed job back that has not failed: it is due after a while, and the attempt does not count. */
export async function returnJob(db: Db, id: string, waitMs = 0): Promise<void> {
  await sql`UPDATE outbox SET next_attempt_at = ${after(waitMs)}, attempts = attempts - 1, error = NULL
    WHERE id = ${id} AND done_at IS NULL`.execute(db);
}

/**
 * Settles a job for good.
 * @param error why it could not be carried out
 * @returns whether it was still open: of two processes that had it, one settles it
 */
export async function settleJob(tx: Db, id: string, at: Date, error?: string): Promise<boolean> {
  const row = await tx
    .updateTable('outbox')
    .set({ done_at: at, error: error ?? null })
    .where('id', '=', id)
    .where('done_at', 'is', null)
    .returning('id')
    .executeTakeFirst();
  return row !== undefined;
}

function after(ms: number) {
  return sql`clock_timestamp() + make_interval(secs => ${ms / 1000})`;
}

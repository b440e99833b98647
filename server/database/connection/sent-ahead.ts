import type { CompiledQuery, QueryResult } from 'kysely';
import type { Db } from './connection.ts';
import type { Statement } from './pipelined-connection.ts';

/**
 * Sends a statement whose result is not needed in the same round trip as the next one, which fails
 * with its error. In a transaction only: what comes after an error does nothing there.
 */
export async function sendAhead(tx: Db, statement: CompiledQuery): Promise<void> {
  await send(tx, { ...statement, isSentAhead: tx.isTransaction });
}

/**
 * Asks in the round trip of whatever is asked at the same time, where Kysely would wait for one answer
 * before it sends the next question: use with `Promise.all` or `inOneTrip`. Outside of a transaction it
 * is asked as any other, since the connection would be given back before the answer.
 * @returns the rows
 */
export async function ask<Row>(tx: Db, question: CompiledQuery<Row>): Promise<Row[]> {
  if (!tx.isTransaction) return send(tx, question);
  const { promise, resolve } = Promise.withResolvers<QueryResult<Row>>();
  await send(tx, { ...question, onSent: resolve });
  return (await promise).rows;
}

/** Carries out a statement that every request sends, whatever it reads or changes. @returns its rows */
export async function executeKept<Row>(db: Db, statement: CompiledQuery<Row>): Promise<Row[]> {
  return send(db, { ...statement, isKept: true });
}

async function send<Row>(db: Db, statement: Statement<Row>): Promise<Row[]> {
  return (await db.executeQuery<Row>(statement)).rows;
}

/**
 * What several pieces of work find out, done at once.
 * @throws what the first of them throws, in the order in which they are named
 */
export async function inOneTrip<Found extends readonly unknown[]>(
  ...work: { [Each in keyof Found]: Promise<Found[Each]> }
): Promise<Found> {
  for (const outcome of await Promise.allSettled(work))
    if (outcome.status === 'rejected') throw outcome.reason;
  return Promise.all(work) as Promise<unknown> as Promise<Found>;
}

import type { CompiledQuery, DatabaseConnection, QueryResult } from 'kysely';
import type { Db } from './connection.ts';

const sentAhead = new WeakSet<CompiledQuery>();
const asked = new WeakMap<CompiledQuery, Promise<unknown> | undefined>();
const prepared = new WeakSet<DatabaseConnection>();

/** Marks a statement that nobody waits for: it goes out, and its outcome comes with that of the next. */
export function markSentAhead(query: CompiledQuery): CompiledQuery {
  sentAhead.add(query);
  return query;
}

/**
 * Sends a statement whose result is not needed in the same round trip as the next one, which fails
 * with its error. In a transaction only: what comes after an error does nothing there.
 */
export async function sendAhead(tx: Db, statement: CompiledQuery): Promise<void> {
  await tx.executeQuery(markSentAhead(statement));
}

/**
 * Asks in the round trip of whatever is asked at the same time, where Kysely would wait for one answer
 * before it sends the next question: use with `Promise.all` or `inOneTrip`. Outside of a transaction it
 * is asked as any other, since the connection would be given back before the answer.
 * @returns the rows
 */
export async function ask<Row>(tx: Db, question: CompiledQuery<Row>): Promise<Row[]> {
  if (!tx.isTransaction) return (await tx.executeQuery(question)).rows;
  asked.set(question, undefined);
  await tx.executeQuery(question);
  const { rows } = (await asked.get(question)) as QueryResult<Row>;
  return rows;
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

/**
 * Teaches a connection that sends without waiting (`pipeline`) to let statements go ahead. Statements
 * that are asked for at once go out at once, too: all that come after one that fails have its error.
 * @param look sees each statement before it goes out
 */
export function allowSendingAhead(
  connection: DatabaseConnection,
  look: (query: CompiledQuery) => void,
): void {
  if (prepared.has(connection)) return;
  prepared.add(connection);
  const send = connection.executeQuery.bind(connection);
  let ahead: Promise<unknown>[] = [];
  let lastAsked: Promise<unknown> | undefined;

  connection.executeQuery = (query, options) => {
    look(query);
    const answer = send<never>(query, options);
    // Whoever asks next is told.
    answer.catch(() => undefined);
    if (sentAhead.has(query)) {
      ahead.push(answer);
      return Promise.resolve({ rows: [] });
    }
    const told = tell(ahead, lastAsked, answer);
    ahead = [];
    lastAsked = told;
    const forget = () => {
      if (lastAsked === told) lastAsked = undefined;
    };
    told.then(forget, forget);
    if (!asked.has(query)) return told;
    asked.set(query, told);
    return Promise.resolve({ rows: [] });
  };
}

/** The answer to a statement, or what went wrong first: PostgreSQL tells the later ones only that something did. */
async function tell<T>(
  ahead: readonly Promise<unknown>[],
  askedBefore: Promise<unknown> | undefined,
  answer: Promise<T>,
): Promise<T> {
  for (const earlier of ahead) await earlier;
  try {
    return await answer;
  } catch (error) {
    await askedBefore;
    throw error;
  }
}

import type { CompiledQuery, DatabaseConnection } from 'kysely';
import type { Db } from './connection.ts';

const sentAhead = new WeakSet<CompiledQuery>();
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
 * Teaches a connection that sends without waiting (`pipeline`) to let statements go ahead.
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
  connection.executeQuery = async (query, options) => {
    look(query);
    const answer = send<never>(query, options);
    // Whoever asks next is told.
    answer.catch(() => undefined);
    if (sentAhead.has(query)) {
      ahead.push(answer);
      return { rows: [] };
    }
    const before = ahead;
    ahead = [];
    // The first that failed says what went wrong; those after it only that something had.
    for (const earlier of before) await earlier;
    return answer;
  };
}

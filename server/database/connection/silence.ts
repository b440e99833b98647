import type pg from 'pg';

/** The database did not answer; the connection that waited for it is closed. */
export class DatabaseSilentError extends Error {
  override name = 'DatabaseSilentError';
  /** As the system has it for a peer that does not answer. */
  readonly code = 'ETIMEDOUT';
}

const tickMs = 250;

/** Closes a connection at once, whatever it is doing; that fails with a DatabaseSilentError. */
export function cut(client: pg.Client, reason: string): void {
  client.connection.stream.destroy(new DatabaseSilentError(reason));
}

/**
 * Closes a connection if an answer takes longer: what came later would be taken for the answer to the
 * next statement. While this process is busy, time stands still.
 */
export function cutUnlessWithin(ms: number, client: pg.Client, answer: Promise<unknown>): void {
  let ticks = Math.ceil(ms / tickMs);
  let isSettled = false;
  const late = () => {
    if (!isSettled) cut(client, `The database did not answer for ${ms / 1000} s.`);
  };
  const timer = setInterval(() => {
    // What has arrived in the meantime is read before `late` runs.
    if (--ticks <= 0) setImmediate(late);
  }, tickMs);
  const settle = () => {
    isSettled = true;
    clearInterval(timer);
  };
  answer.then(settle, settle);
}

import { ApiError } from '#contract/errors.ts';
import type { Db } from '../perform.ts';

/** How many go on at once, and so how many connections their pool has. */
export const exportsAtOnce = 3;
const longestMs = 300_000;
const retryAfterSeconds = 10;

/**
 * Whose exports go on. Each holds a connection for as long as its reader takes, so they have a pool of
 * their own, few places and a limit in time: docs/operations.md, "Exports".
 */
export class Exports {
  readonly db: Db;
  readonly #goingOn = new Map<number, { isSent: boolean; over: Promise<void> }>();

  /** @param db its connections are for exports alone */
  constructor(db: Db) {
    this.db = db;
  }

  /**
   * @param work ends when the signal, the limit in time, says so; it calls `sent` once the reader has it all
   * @throws ApiError LimitExceeded while one of the user goes on, or as many as can
   */
  async run<T>(
    userId: number,
    work: (signal: AbortSignal, sent: () => void) => Promise<T>,
  ): Promise<T> {
    const before = this.#goingOn.get(userId);
    // Whoever has the last line may ask for another at once, though the transaction is still to end.
    if (before?.isSent === true) await before.over;
    if (this.#goingOn.has(userId))
      throw tooMany('You are exporting already. Wait until that is done, or stop it.');
    if (this.#goingOn.size >= exportsAtOnce)
      throw tooMany(`${exportsAtOnce} exports are under way. Try again in a moment.`);
    const { promise: over, resolve } = Promise.withResolvers<void>();
    const going = { isSent: false, over };
    this.#goingOn.set(userId, going);
    try {
      return await work(AbortSignal.timeout(longestMs), () => (going.isSent = true));
    } finally {
      this.#goingOn.delete(userId);
      resolve();
    }
  }
}

function tooMany(sentence: string): ApiError {
  return new ApiError('LimitExceeded', sentence, { retryAfterSeconds });
}

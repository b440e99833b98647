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
  readonly #users = new Set<number>();

  /** @param db its connections are for exports alone */
  constructor(db: Db) {
    this.db = db;
  }

  /**
   * @param work ends when the signal, the limit in time, says so
   * @throws ApiError LimitExceeded while one of the user goes on, or as many as can
   */
  async run<T>(userId: number, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    if (this.#users.has(userId))
      throw tooMany('You are exporting already. Wait until that is done, or stop it.');
    if (this.#users.size >= exportsAtOnce)
      throw tooMany(`${exportsAtOnce} exports are under way. Try again in a moment.`);
    this.#users.add(userId);
    try {
      return await work(AbortSignal.timeout(longestMs));
    } finally {
      this.#users.delete(userId);
    }
  }
}

function tooMany(sentence: string): ApiError {
  return new ApiError('LimitExceeded', sentence, { retryAfterSeconds });
}

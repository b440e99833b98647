import { Socket } from 'node:net';
import pg from 'pg';
import { isOutdatedStatement, nameOfStatement, renameStatements } from './statement-names.ts';

/** The database did not answer; the connection that waited for it is closed. */
export class DatabaseSilentError extends Error {
  override name = 'DatabaseSilentError';
  /** As the system has it for a peer that does not answer. */
  readonly code = 'ETIMEDOUT';
}

export interface GuardedClientConfig extends pg.ClientConfig {
  /** How long a statement may go unanswered; 0 for ever. */
  answerMs?: number;
  /** Whether statements that come again and again are parsed once for each connection. */
  keepsStatements?: boolean;
}

const tickMs = 250;

/**
 * A connection that leaves nobody waiting for ever. A statement without an answer costs the whole
 * connection: what came later would be taken for the answer to the next statement.
 */
export class GuardedClient extends pg.Client {
  readonly #socket: Socket;
  #isGathering = false;

  constructor(config: GuardedClientConfig) {
    const socket = new Socket();
    super({ ...config, stream: () => socket });
    this.#socket = socket;
    const { answerMs = 0, keepsStatements = false } = config;
    const query = this.query.bind(this) as (text: unknown, values?: unknown) => unknown;
    this.query = ((text: unknown, values?: unknown): unknown => {
      const name = keepsStatements ? nameOfStatement(text, values) : undefined;
      this.#gather();
      const answer = name === undefined ? query(text, values) : query({ name, text }, values);
      if (!(answer instanceof Promise)) return answer;
      if (answerMs > 0) this.cutUnlessWithin(answerMs, answer);
      if (name !== undefined) answer.catch(noteOutdated);
      return answer;
    }) as typeof this.query;
  }

  /**
   * Lets statements of the same moment leave as one packet: each packet costs more than most statements.
   * (On a connection with TLS, which writes by itself, it does nothing.)
   */
  #gather(): void {
    if (this.#isGathering) return;
    this.#isGathering = true;
    this.#socket.cork();
    // After all that follows without waiting for anything.
    process.nextTick(() => {
      this.#isGathering = false;
      this.#socket.uncork();
    });
  }

  /** Closes the connection at once, whatever it is doing; that fails with a DatabaseSilentError. */
  cut(reason: string): void {
    this.#socket.destroy(new DatabaseSilentError(reason));
  }

  /** Closes the connection if an answer takes longer. While this process is busy, time stands still. */
  cutUnlessWithin(answerMs: number, answer: Promise<unknown>): void {
    let ticks = Math.ceil(answerMs / tickMs);
    let isSettled = false;
    const timer = setInterval(() => {
      if (--ticks > 0) return;
      clearInterval(timer);
      // What has arrived in the meantime is read before this runs.
      setImmediate(() => {
        if (!isSettled) this.cut(`The database did not answer for ${answerMs / 1000} s.`);
      });
    }, tickMs);
    const settle = () => {
      isSettled = true;
      clearInterval(timer);
    };
    answer.then(settle, settle);
  }
}

function noteOutdated(error: unknown): void {
  if (isOutdatedStatement(error)) renameStatements();
}

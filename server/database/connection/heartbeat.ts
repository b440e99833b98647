import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { type Db, poolOf, toConfig } from './connection.ts';
import type { PoolDriver } from './pool-driver.ts';
import { cut, cutUnlessWithin } from './silence.ts';

/** A database that has not answered the simplest question for so long has hung. */
const silenceMs = 3_000;
const everyMs = 500;
/** How often to ask one that is lost. */
const lostEveryMs = 250;

/**
 * Asks the database all the time whether it is there, over a connection of its own, so that a full
 * pool does not look like a lost database. When it stops answering, everything that waits for it
 * fails at once, and what comes later does too, until it answers again.
 */
export class Heartbeat {
  readonly #config: pg.ClientConfig;
  readonly #pool: PoolDriver;
  readonly #onChange: (problem: string | undefined) => void;
  readonly #stopping = new AbortController();
  #client: pg.Client | undefined;
  #problem: string | undefined;
  #beat: Promise<string | undefined> | undefined;
  readonly #running: Promise<void>;

  /** @param onChange told why the database cannot be used, and with undefined that it can be again */
  constructor(
    config: string | pg.ClientConfig,
    db: Db,
    onChange: (problem: string | undefined) => void = () => undefined,
  ) {
    this.#config = toConfig(config);
    this.#pool = poolOf(db);
    this.#onChange = onChange;
    this.#running = this.#run();
  }

  /** @returns undefined when the database answers, else why it does not; after `deadlineMs` at the latest */
  async check(deadlineMs: number): Promise<string | undefined> {
    const timeout = new AbortController();
    try {
      return await Promise.race([
        this.#ask(),
        sleep(deadlineMs, 'the database does not answer', { signal: timeout.signal }),
      ]);
    } finally {
      timeout.abort();
    }
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#cut('Slipway is stopping.');
    await this.#running;
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      const problem = await this.#ask();
      if (problem !== this.#problem) this.#onChange(problem);
      this.#problem = problem;
      const pauseMs = problem === undefined ? everyMs : lostEveryMs;
      await sleep(pauseMs, undefined, { signal, ref: false }).catch(() => undefined);
    }
    await this.#client?.end().catch(() => undefined);
  }

  /** All who ask at the same time share one question. */
  async #ask(): Promise<string | undefined> {
    this.#beat ??= this.#beatOnce().finally(() => (this.#beat = undefined));
    return this.#beat;
  }

  async #beatOnce(): Promise<string | undefined> {
    try {
      // A connection that broke says nothing yet about the database: the next one does.
      await this.#question().catch(async (error: unknown) => {
        if (isSilence(error)) throw error;
        await this.#question();
      });
      this.#pool.reopen();
      return undefined;
    } catch (error) {
      if (!isSilence(error)) return 'the database refuses connections';
      this.#pool.lose('The database does not answer.');
      return 'the database does not answer';
    }
  }

  async #question(): Promise<void> {
    try {
      this.#client ??= await this.#connect();
      const answer = this.#client.query('SELECT 1');
      cutUnlessWithin(silenceMs, this.#client, answer);
      await answer;
    } catch (error) {
      this.#cut('It failed.');
      this.#client = undefined;
      throw error;
    }
  }

  async #connect(): Promise<pg.Client> {
    const client = new pg.Client({ ...this.#config, application_name: 'slipway-heartbeat' });
    client.on('error', () => undefined);
    const connected = client.connect();
    cutUnlessWithin(silenceMs, client, connected);
    await connected;
    return client;
  }

  #cut(reason: string): void {
    if (this.#client) cut(this.#client, reason);
  }
}

/** By us, or by the system for a network that leads nowhere. */
function isSilence(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ETIMEDOUT';
}

import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { type Db, poolOf } from './connection.ts';
import { Client, isStandby, toConfig } from './hosts.ts';
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
  #client: Client | undefined;
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
        if (isSilence(error) || error instanceof DemotedError) throw error;
        await this.#question();
      });
      this.#pool.reopen();
      return undefined;
    } catch (error) {
      const isDemoted = error instanceof DemotedError;
      if (!isSilence(error) && !isDemoted) return 'the database refuses connections';
      const problem = isDemoted ? 'takes no changes any more' : 'does not answer';
      this.#pool.lose(`The database ${problem}.`);
      return `the database ${problem}`;
    }
  }

  async #question(): Promise<void> {
    try {
      this.#client ??= await this.#connect();
      const answer = isStandby(this.#client);
      cutUnlessWithin(silenceMs, this.#client, answer);
      // Whatever is connected there waits for a server that no longer takes changes.
      if ((await answer) && this.#client.mayMove) throw new DemotedError('It is a standby.');
    } catch (error) {
      this.#cut('It failed.');
      this.#client = undefined;
      throw error;
    }
  }

  async #connect(): Promise<Client> {
    const client = new Client({ ...this.#config, application_name: 'slipway-heartbeat' });
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

/** The server that was connected to follows another one now. */
class DemotedError extends Error {
  override name = 'DemotedError';
}

/** By us, or by the system for a network that leads nowhere. */
function isSilence(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ETIMEDOUT';
}

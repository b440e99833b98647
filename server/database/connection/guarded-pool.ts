import pg from 'pg';
import { DatabaseSilentError, GuardedClient, type GuardedClientConfig } from './guarded-client.ts';

export interface PoolCounts {
  max: number;
  open: number;
  idle: number;
  /** Who waits for a connection. */
  waiting: number;
}

/** A pool that turns everybody away at once while the database is known not to answer. */
export class GuardedPool {
  readonly #pool: pg.Pool;
  readonly #clients = new Set<GuardedClient>();
  #lostBecause: string | undefined;

  /**
   * @param prepare what a new connection is told first
   * @param onError told about connections that broke while idle; without a listener Node would exit
   */
  constructor(
    config: pg.PoolConfig & GuardedClientConfig,
    { prepare, onError }: { prepare: string; onError: (error: Error) => void },
  ) {
    this.#pool = new pg.Pool({
      ...config,
      // The pool gives its own settings to the constructor, which its type does not say.
      Client: GuardedClient as unknown as new () => pg.ClientBase,
      // The pool waits for the promise, which its type does not say either.
      onConnect: ((client: GuardedClient) => {
        client.on('error', onError);
        this.#clients.add(client);
        return client.query(prepare);
      }) as unknown as (client: pg.ClientBase) => void,
    });
    this.#pool.on('error', onError);
    this.#pool.on('remove', (client) => this.#clients.delete(client as unknown as GuardedClient));
  }

  get options(): pg.PoolOptions {
    return this.#pool.options;
  }

  /** @throws DatabaseSilentError while the database is known not to answer */
  async connect(): Promise<pg.PoolClient> {
    if (this.#lostBecause !== undefined) throw new DatabaseSilentError(this.#lostBecause);
    return this.#pool.connect();
  }

  async end(): Promise<void> {
    await this.#pool.end();
  }

  counts(): PoolCounts {
    const { totalCount, idleCount, waitingCount, options } = this.#pool;
    return { max: options.max, open: totalCount, idle: idleCount, waiting: waitingCount };
  }

  /** Fails everything that waits for the database, and what comes until `reopen`. */
  lose(reason: string): void {
    this.#lostBecause = reason;
    for (const client of this.#clients) client.cut(reason);
  }

  reopen(): void {
    this.#lostBecause = undefined;
  }
}

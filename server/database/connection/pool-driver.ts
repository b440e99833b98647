import {
  AbortedTransactionError,
  CompiledQuery,
  type Driver,
  type TransactionSettings,
} from 'kysely';
import pg from 'pg';
import { Client } from './hosts.ts';
import { type ConnectionOptions, PipelinedConnection } from './pipelined-connection.ts';
import type { Seal } from './seal.ts';
import { cut, DatabaseSilentError } from './silence.ts';

/** The connection was lost while a transaction was being committed: it may have been, or not. */
export class CommitUnknownError extends Error {
  override name = 'CommitUnknownError';
}

/** Nothing may be changed now, though all can be read. The message is for whoever asked. */
export class ChangesRefusedError extends Error {
  override name = 'ChangesRefusedError';
}

export interface DriverOptions extends ConnectionOptions {
  /** Settings such as `jit = off`: of connections, of each transaction, and of those that may write. */
  settings: Record<'connection' | 'transaction' | 'change', string[]>;
  /** Told about connections that broke. */
  onError: (error: Error) => void;
}

export interface PoolCounts {
  max: number;
  open: number;
  idle: number;
  /** Who waits for a connection. */
  waiting: number;
}

/**
 * The pool, and the transactions on it. It turns everybody away at once while the database is known not
 * to answer, and tells a lost commit from a refused one.
 */
export class PoolDriver implements Driver {
  /** Seals what is recorded through this pool; set once the key for secrets is known. */
  seal: Seal | undefined;
  readonly #pool: pg.Pool;
  readonly #options: DriverOptions;
  readonly #clients = new Set<pg.PoolClient>();
  #lostBecause: string | undefined;
  #noChangesBecause: string | undefined;
  /** When somebody asked first since anybody got a connection. */
  #starvedSince: number | undefined;

  constructor(config: pg.PoolConfig, options: DriverOptions) {
    this.#options = options;
    const prepare = async (client: pg.PoolClient) => {
      client.on('error', options.onError);
      this.#clients.add(client);
      const connection = new PipelinedConnection(client, options);
      await connection.command(`SET ${options.settings.connection.join('; SET ')}`);
    };
    // The pool waits for the promise, which its type does not say.
    const onConnect = prepare as unknown as () => void;
    this.#pool = new pg.Pool({ ...config, Client, pipeline: true, onConnect });
    // Its clients tell, too; without a listener Node would exit.
    this.#pool.on('error', () => undefined);
    this.#pool.on('remove', (client) => this.#clients.delete(client));
  }

  /** Nothing: connections are opened when they are needed. */
  async init(): Promise<void> {}

  /** @throws DatabaseSilentError while the database is known not to answer */
  async acquireConnection(): Promise<PipelinedConnection> {
    if (this.#lostBecause !== undefined) throw new DatabaseSilentError(this.#lostBecause);
    this.#starvedSince ??= performance.now();
    const client = await this.#pool.connect();
    this.#starvedSince = undefined;
    return new PipelinedConnection(client, this.#options);
  }

  /**
   * Begins and sets the limits, in the round trip of the transaction's first statement.
   * @throws ChangesRefusedError for a change while none is let in
   */
  async beginTransaction(
    connection: PipelinedConnection,
    { isolationLevel, accessMode }: TransactionSettings,
  ): Promise<void> {
    const { transaction, change } = this.#options.settings;
    connection.isInChange = accessMode !== 'read only';
    if (connection.isInChange && this.#noChangesBecause !== undefined)
      throw new ChangesRefusedError(this.#noChangesBecause);
    const settings = [...transaction, ...(connection.isInChange ? change : [])];
    const level = isolationLevel ? `ISOLATION LEVEL ${isolationLevel}` : '';
    const begin = `START TRANSACTION ${level} ${accessMode ?? ''}`;
    const query = CompiledQuery.raw([begin, ...settings].join('; SET LOCAL '));
    await connection.executeQuery({ ...query, isSentAhead: true });
  }

  /**
   * @throws CommitUnknownError unless there was nothing to write, or PostgreSQL itself refused; also when a
   *   synchronous standby does not have it: then PostgreSQL gives up waiting, says so beside, and calls it done
   */
  async commitTransaction(connection: PipelinedConnection): Promise<void> {
    const { client } = connection;
    let isHereAlone = false;
    const hear = ({
      code,
      severity,
    }: {
      code?: string | undefined;
      severity?: string | undefined;
    }) => {
      isHereAlone ||= severity === 'WARNING' && code === '01000';
    };
    client.on('notice', hear);
    const done = await connection
      .command('commit')
      .catch((error: unknown) => {
        if (isRefusal(error) || !connection.isInChange) throw error;
        throw new CommitUnknownError('The connection was lost during COMMIT.', { cause: error });
      })
      .finally(() => client.off('notice', hear));
    if (done === 'ROLLBACK') throw new AbortedTransactionError();
    if (isHereAlone && connection.isInChange)
      throw new CommitUnknownError('No standby has confirmed what was committed.');
  }

  /** Does not fail, since what went wrong first is told. */
  async rollbackTransaction(connection: PipelinedConnection): Promise<void> {
    await connection.command('rollback').catch(() => undefined);
  }

  /** One that is still in a transaction is closed, which rolls back too. */
  async releaseConnection({ client }: PipelinedConnection): Promise<void> {
    client.release(client.getTransactionStatus() !== 'I');
  }

  async destroy(): Promise<void> {
    await this.#pool.end();
  }

  counts(): PoolCounts {
    const { totalCount, idleCount, waitingCount, options } = this.#pool;
    return { max: options.max, open: totalCount, idle: idleCount, waiting: waitingCount };
  }

  /** For how long nobody has got a connection who asked, since all are in use; 0 while there are some. */
  starvedMs(): number {
    const { max, open, idle } = this.counts();
    if (open < max || idle > 0 || this.#starvedSince === undefined) return 0;
    return performance.now() - this.#starvedSince;
  }

  /** Fails everything that waits for the database, and what comes until `reopen`. */
  lose(reason: string): void {
    this.#lostBecause = reason;
    for (const client of this.#clients) cut(client, reason);
  }

  /** Refuses whatever may change something, until it is called without a reason. */
  refuseChanges(reason: string | undefined): void {
    this.#noChangesBecause = reason;
  }

  reopen(): void {
    this.#lostBecause = undefined;
  }
}

/** An error of PostgreSQL itself, but not that it ends the connection: that may come after the deed. */
function isRefusal(error: unknown): boolean {
  return error instanceof pg.DatabaseError && !/^(08|57|58|XX)/.test(error.code ?? '');
}

import {
  CompiledQuery,
  type DatabaseConnection,
  type Kysely,
  PostgresAdapter,
  PostgresDialect,
  type PostgresDialectConfig,
  PostgresDriver,
  sql,
} from 'kysely';
import { allowSendingAhead, markSentAhead } from './sent-ahead.ts';
import { markWorthKeeping } from './statement-names.ts';

/** The connection was lost while a transaction was being committed: it may have been, or not. */
export class CommitUnknownError extends Error {
  override name = 'CommitUnknownError';
}

/** Settings of PostgreSQL for each transaction, such as `{ statement_timeout: '9500' }`. */
export type SessionSettings = Record<string, string>;

/** What is set at the start of transactions, and ends with them. */
export interface TransactionSettings {
  each: SessionSettings;
  /** For those that may write. */
  changes: SessionSettings;
}

/** `SET` for each; with `LOCAL` they end with the transaction. */
export function setStatements(settings: SessionSettings, local: '' | 'LOCAL '): string {
  return Object.entries(settings)
    .map(([name, value]) => `SET ${local}${name} = ${value}`)
    .join('; ');
}

/**
 * Kysely's dialect, with settings that hold for one transaction, as a pooler (PgBouncer) needs them. It
 * sends some statements without waiting for them, and tells a lost commit from a refused one.
 */
export class SlipwayDialect extends PostgresDialect {
  readonly #config: PostgresDialectConfig;
  readonly #settings: TransactionSettings;

  constructor(config: PostgresDialectConfig, settings: TransactionSettings) {
    super(config);
    this.#config = config;
    this.#settings = settings;
  }

  override createDriver(): PostgresDriver {
    return new SlipwayDriver(this.#config, this.#settings);
  }

  override createAdapter(): PostgresAdapter {
    return new SlipwayAdapter();
  }
}

class SlipwayDriver extends PostgresDriver {
  readonly #settings: TransactionSettings;
  readonly #writing = new WeakMap<DatabaseConnection, boolean>();

  constructor(config: PostgresDialectConfig, settings: TransactionSettings) {
    super(config);
    this.#settings = settings;
  }

  override async acquireConnection(
    ...options: Parameters<PostgresDriver['acquireConnection']>
  ): ReturnType<PostgresDriver['acquireConnection']> {
    const connection = await super.acquireConnection(...options);
    this.#writing.delete(connection);
    allowSendingAhead(connection, (query) => {
      if (this.#writing.get(connection) === true) markWorthKeeping(query);
    });
    return connection;
  }

  /** Begins and sets the limits, in the round trip of the transaction's first statement. */
  override async beginTransaction(
    connection: DatabaseConnection,
    { isolationLevel, accessMode }: Parameters<PostgresDriver['beginTransaction']>[1],
  ): Promise<void> {
    const isChange = accessMode !== 'read only';
    this.#writing.set(connection, isChange);
    const settings = { ...this.#settings.each, ...(isChange && this.#settings.changes) };
    const level = isolationLevel ? ` ISOLATION LEVEL ${isolationLevel}` : '';
    const begin = `START TRANSACTION${level} ${accessMode ?? ''}; ${setStatements(settings, 'LOCAL ')}`;
    await connection.executeQuery(markSentAhead(CompiledQuery.raw(begin)));
  }

  /** @throws CommitUnknownError unless there was nothing to write, or PostgreSQL itself refused */
  override async commitTransaction(connection: DatabaseConnection): Promise<void> {
    try {
      await super.commitTransaction(connection);
    } catch (error) {
      if (isRefusal(error) || this.#writing.get(connection) !== true) throw error;
      throw new CommitUnknownError('The connection was lost during COMMIT.', { cause: error });
    }
  }

  /** Where it fails, the connection is given up, which rolls back too; what went wrong first is told. */
  override async rollbackTransaction(
    connection: Parameters<PostgresDriver['rollbackTransaction']>[0],
  ): Promise<void> {
    await super.rollbackTransaction(connection).catch(() => undefined);
  }
}

/** An error of PostgreSQL itself, but not that it ends the connection: that may come after the deed. */
function isRefusal(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error.name === 'AbortedTransactionError') return true;
  const code = 'code' in error ? String(error.code) : '';
  return 'severity' in error && !/^(08|57|58|XX)/.test(code);
}

/** The same lock as Kysely's, so that versions exclude each other, but the transaction's own. */
const migrationLock = 3_853_314_791_062_309_107n;

class SlipwayAdapter extends PostgresAdapter {
  override async acquireMigrationLock(tx: Kysely<unknown>): Promise<void> {
    await sql`SELECT pg_advisory_xact_lock(${sql.lit(migrationLock)})`.execute(tx);
    // Whoever waits for a table keeps everybody else waiting for it.
    await sql`SET LOCAL lock_timeout = '10s'`.execute(tx);
  }

  override async releaseMigrationLock(): Promise<void> {
    // It ends with the transaction.
  }
}

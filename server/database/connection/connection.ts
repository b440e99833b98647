import { Kysely, PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler, sql } from 'kysely';
import pg from 'pg';
import { toConfig } from './hosts.ts';
import { PoolDriver } from './pool-driver.ts';
import type { Seal } from './seal.ts';
import { StatementNames } from './statement-names.ts';
import type { Database } from '../schema.ts';

export type Db = Kysely<Database>;

/**
 * How long PostgreSQL may take. It is told so itself, to stop too; `answerMs` is for one that cannot
 * keep to it any more: hung, or behind a dead network.
 */
const limits = {
  connectMs: 2_000,
  lockMs: 5_000,
  statementMs: 9_500,
  answerMs: 10_000,
  idleInTransactionMs: 15_000,
} as const;

export interface OpenOptions {
  /** Most connections held at once. */
  maxConnections?: number;
  /** Told about connections that broke. */
  onError?: (error: Error) => void;
  /** False for work that may take as long as it takes: migrations, backups. */
  limited?: boolean;
  /** Whether a pooler (PgBouncer) gives each transaction another connection: nothing is kept in one then. */
  pooled?: boolean;
}

/** What `openDatabase` opened, and no transaction is. */
class PooledDatabase extends Kysely<Database> {
  readonly pool: PoolDriver;

  constructor(pool: PoolDriver) {
    super({
      dialect: {
        createDriver: () => pool,
        createAdapter: () => new Adapter(pool),
        createQueryCompiler: () => new PostgresQueryCompiler(),
        createIntrospector: (db) => new PostgresIntrospector(db),
      },
    });
    this.pool = pool;
  }
}

/**
 * Opens a pool on a PostgreSQL (15 or later). Connections keep the statements of changes
 * and what every request asks first: they go by keys, so that one plan does. Other reads are parsed and
 * planned each time for their own values: one plan for any made a substring search a hundred times slower (docs/architecture.md).
 * @param config a connection URL, or host (also a socket folder), port, user and so on
 */
export function openDatabase(config: string | pg.ClientConfig, options: OpenOptions = {}): Db {
  const { maxConnections = 16, onError = () => {}, limited = true, pooled = false } = options;
  const settings = [
    `statement_timeout = ${limited ? limits.statementMs : 0}`,
    `lock_timeout = ${limited ? limits.lockMs : 0}`,
    `idle_in_transaction_session_timeout = ${limited ? limits.idleInTransactionMs : 0}`,
    // Compiling a query takes longer than any query here runs.
    'jit = off',
  ];
  // What may take long goes by more than keys: its plans are made for its values.
  const change = pooled || !limited ? [] : ['plan_cache_mode = force_generic_plan'];
  const poolConfig = {
    ...toConfig(config),
    types,
    max: maxConnections,
    connectionTimeoutMillis: limits.connectMs,
    idleTimeoutMillis: 30_000,
    keepAlive: true,
    application_name: 'slipway',
  };
  const pool = new PoolDriver(poolConfig, {
    answerMs: limited ? limits.answerMs : 0,
    names: pooled ? undefined : new StatementNames(),
    settings: { connection: settings, transaction: pooled ? settings : [], change },
    onError,
  });
  return new PooledDatabase(pool);
}

/** The pool below a database that `openDatabase` opened. */
export function poolOf(db: Db): PoolDriver {
  if (db instanceof PooledDatabase) return db.pool;
  throw new Error('This is a transaction, not a database.');
}

/** What seals the records that are written to a database; undefined where there is no key. @param db also a transaction */
export function sealOf(db: Db): Seal | undefined {
  const { adapter } = db.getExecutor();
  return adapter instanceof Adapter ? adapter.pool.seal : undefined;
}

/** int8 and count(*) as numbers: every counter here stays far below 2^53. */
const types = new pg.TypeOverrides();
types.setTypeParser(pg.types.builtins.INT8, Number);

/** The same lock as Kysely's, so that versions exclude each other, but the transaction's own. */
const migrationLock = 3_853_314_791_062_309_107n;

class Adapter extends PostgresAdapter {
  /** Transactions have the adapter of their database, and so its pool. */
  readonly pool: PoolDriver;

  constructor(pool: PoolDriver) {
    super();
    this.pool = pool;
  }

  override async acquireMigrationLock(tx: Kysely<unknown>): Promise<void> {
    await sql`SELECT pg_advisory_xact_lock(${sql.lit(migrationLock)})`.execute(tx);
    // Whoever waits for a table keeps everybody else waiting for it.
    await sql`SET LOCAL lock_timeout = '10s'`.execute(tx);
  }

  /** Nothing: it ends with the transaction. */
  override async releaseMigrationLock(): Promise<void> {}
}

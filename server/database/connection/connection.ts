import { Kysely } from 'kysely';
import pg from 'pg';
import { type SessionSettings, SlipwayDialect, setStatements } from './dialect.ts';
import { GuardedPool } from './guarded-pool.ts';
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
  /** Told about connections that broke while idle. */
  onError?: (error: Error) => void;
  /** False for work that may take as long as it takes: migrations, backups. */
  limited?: boolean;
  /** Whether a pooler (PgBouncer) gives each transaction another connection: nothing is kept in one then. */
  pooled?: boolean;
}

const pools = new WeakMap<Db, GuardedPool>();

/**
 * Opens a pool on a PostgreSQL (15 or later). Connections keep the statements of changes
 * and what every request asks first: they go by keys, so that one plan does. Other reads are parsed and
 * planned each time for their own values: one plan for any made a substring search a hundred times slower (docs/architecture.md).
 * @param config a connection URL, or host (also a socket folder), port, user and so on
 */
export function openDatabase(config: string | pg.ClientConfig, options: OpenOptions = {}): Db {
  const { maxConnections = 16, onError = () => {}, limited = true, pooled = false } = options;
  const settings = {
    statement_timeout: limited ? String(limits.statementMs) : '0',
    lock_timeout: limited ? String(limits.lockMs) : '0',
    idle_in_transaction_session_timeout: limited ? String(limits.idleInTransactionMs) : '0',
    // Compiling a query takes longer than any query here runs.
    jit: 'off',
  };
  const pool = new GuardedPool(
    {
      ...toConfig(config),
      types: numericTypes,
      max: maxConnections,
      connectionTimeoutMillis: limits.connectMs,
      idleTimeoutMillis: 30_000,
      keepAlive: true,
      application_name: 'slipway',
      answerMs: limited ? limits.answerMs : 0,
      keepsStatements: !pooled,
      pipeline: true,
    },
    { prepare: setStatements(settings, ''), onError },
  );
  // What may take long goes by more than keys: its plans are made for its values.
  const changes: SessionSettings =
    pooled || !limited ? {} : { plan_cache_mode: 'force_generic_plan' };
  const dialect = new SlipwayDialect({ pool }, { each: pooled ? settings : {}, changes });
  const db = new Kysely<Database>({ dialect });
  pools.set(db, pool);
  return db;
}

/** The pool below a database that `openDatabase` opened. */
export function poolOf(db: Db): GuardedPool {
  const pool = pools.get(db);
  if (!pool) throw new Error('This is a transaction, not a database.');
  return pool;
}

export function toConfig(config: string | pg.ClientConfig): pg.ClientConfig {
  return typeof config === 'string' ? { connectionString: config } : config;
}

const int8Oid = 20;

/** int8 and count(*) as numbers: every counter here stays far below 2^53. */
const numericTypes: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
    oid === int8Oid && format !== 'binary'
      ? Number
      : pg.types.getTypeParser(oid, format as 'text')) as typeof pg.types.getTypeParser,
};

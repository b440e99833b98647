import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import type { Database } from './schema.ts';

export type Db = Kysely<Database>;

export interface OpenOptions {
  /** Most connections held at once. */
  maxConnections?: number;
  /** Told about connections that broke while idle; without a listener Node would exit. */
  onError?: (error: Error) => void;
}

/**
 * Opens a pool on a PostgreSQL (15 or later). Statements stay unnamed, so that each gets a plan for
 * its own values: a generic plan made a substring search a hundred times slower (docs/architecture.md).
 * @param config a connection URL, or host (also a socket folder), port, user and so on
 */
export function openDatabase(config: string | pg.ClientConfig, options: OpenOptions = {}): Db {
  const pool = new pg.Pool({
    ...(typeof config === 'string' ? { connectionString: config } : config),
    types: numericTypes,
    max: options.maxConnections ?? 16,
    connectionTimeoutMillis: 3_000,
    idleTimeoutMillis: 30_000,
    statement_timeout: 10_000,
    lock_timeout: 5_000,
    idle_in_transaction_session_timeout: 15_000,
    application_name: 'slipway',
    // Compiling a query takes longer than any query here runs.
    options: '-c jit=off',
  });
  const onError = options.onError ?? (() => {});
  pool.on('error', onError);
  pool.on('connect', (client) => client.on('error', onError));
  return new Kysely<Database>({ dialect: new PostgresDialect({ pool }) });
}

const int8Oid = 20;

/** int8 and count(*) as numbers: every counter here stays far below 2^53. */
const numericTypes: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
    oid === int8Oid && format !== 'binary'
      ? Number
      : pg.types.getTypeParser(oid, format as 'text')) as typeof pg.types.getTypeParser,
};

import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { StartError } from '../database/embedded/start-error.ts';
import { flag, isPostgresUrl, wholeNumber } from './kinds.ts';

const PROJECT_FOLDER = fileURLToPath(new URL('../..', import.meta.url));

/** Which database there is and how it is used, already checked. */
export interface DatabaseEnv {
  /** Absolute path of the folder of the embedded database. Not touched when `databaseUrl` is set. */
  dataFolder: string;
  /** A PostgreSQL of one's own; undefined means the embedded one. */
  databaseUrl: string | undefined;
  /** The same as the owner of the tables; undefined where `databaseUrl` is that. */
  databaseOwnerUrl: string | undefined;
  /** A streaming replica of it, for reads; undefined where there is none. */
  databaseReadUrl: string | undefined;
  /** A pooler may stand before `databaseUrl`, so nothing is kept in a connection. */
  databasePooled: boolean;
  /** Most connections to the database at once. */
  databaseConnections: number;
  /** Free space of the data folder, in megabytes: below it a warning, and no more changes; 0 is no limit. */
  room: { warnBelowMb: number; refuseBelowMb: number };
  /** How long denials, and sessions and links that have ended, are kept. */
  keepDays: number;
  /** 32 bytes in base64 that secrets in the database are encrypted with. */
  secretsKey: string | undefined;
  /** A file that holds them. */
  secretsKeyFile: string | undefined;
}

export const DATABASE_USAGE = `  DATABASE_CONNECTIONS most connections to the database at once, 4 to 500 (default 16)
  DATABASE_OWNER_URL   the same database as the owner of its tables, for migrations and commands: then
                       DATABASE_URL needs no more rights than it is given (default DATABASE_URL)
  DATABASE_READ_URL    a streaming replica of DATABASE_URL for what is only read (default: none)
  DATABASE_POOLED      false when nothing like PgBouncer is in front of PostgreSQL: connections
                       then keep their statements, which is faster (default true)
  WARN_FREE_MB         warn when less than so many megabytes are free in the data folder (default 1000, 0 = never)
  MIN_FREE_MB          refuse changes, and go on reading, when less are free (default 128, 0 = never)
  KEEP_DAYS            how long denials and ended sessions are kept, 1 to 3650 (default 90)
  SECRETS_KEY          32 bytes in base64 that encrypt the secrets in the database
  SECRETS_KEY_FILE     a file that holds that key (default secrets.key in the data folder)`;

const postgresUrl = (user: string) =>
  z
    .string()
    .refine(isPostgresUrl, `must be a URL such as postgresql://${user}:password@host:5432/database`)
    .optional();

export const databaseSettings = {
  DATA: z.string().default(resolve(PROJECT_FOLDER, 'data')),
  DATABASE_URL: postgresUrl('user'),
  DATABASE_OWNER_URL: postgresUrl('owner'),
  DATABASE_READ_URL: postgresUrl('user'),
  DATABASE_POOLED: flag.default(true),
  DATABASE_CONNECTIONS: wholeNumber(4, 500).default(16),
  WARN_FREE_MB: wholeNumber(0, 99_999).default(1_000),
  MIN_FREE_MB: wholeNumber(0, 99_999).default(128),
  KEEP_DAYS: wholeNumber(1, 3_650).default(90),
  SECRETS_KEY: z.string().optional(),
  SECRETS_KEY_FILE: z.string().optional(),
};

type Values = z.output<z.ZodObject<typeof databaseSettings>>;

/** @throws StartError for a replica of a database that nobody has named */
export function toDatabaseEnv(values: Values): DatabaseEnv {
  return {
    dataFolder: resolve(values.DATA),
    databaseUrl: values.DATABASE_URL,
    databaseOwnerUrl: values.DATABASE_OWNER_URL,
    databaseReadUrl: readUrlOf(values),
    databasePooled: values.DATABASE_URL !== undefined && values.DATABASE_POOLED,
    databaseConnections: values.DATABASE_CONNECTIONS,
    room: { warnBelowMb: values.WARN_FREE_MB, refuseBelowMb: values.MIN_FREE_MB },
    keepDays: values.KEEP_DAYS,
    secretsKey: values.SECRETS_KEY,
    secretsKeyFile: values.SECRETS_KEY_FILE,
  };
}

function readUrlOf({ DATABASE_URL: url, DATABASE_READ_URL: readUrl }: Values): string | undefined {
  if (readUrl !== undefined && url === undefined)
    throw new StartError('DATABASE_READ_URL needs DATABASE_URL: the one that it is a replica of.');
  return readUrl;
}

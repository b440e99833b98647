import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { CLOUD_USAGE, type CloudEnv, cloudSettings, toCloudEnv } from './cloud-settings.ts';
import {
  CONTACT_USAGE,
  type ContactEnv,
  contactSettings,
  toContactEnv,
} from './contact-settings.ts';
import { StartError } from './database/embedded/start-error.ts';
import { RECORD_USAGE, type RecordEnv, recordSettings, toRecordEnv } from './record-settings.ts';
import {
  SESSION_USAGE,
  type SessionEnv,
  sessionSettings,
  toSessionEnv,
} from './session-settings.ts';
import {
  bareHost,
  flag,
  isHost,
  isPostgresUrl,
  isPublicUrl,
  parseListen,
  wholeNumber,
} from './setting-kinds.ts';
import { SIGN_IN_USAGE, type SignInEnv, signInSettings, toSignInEnv } from './sign-in-settings.ts';
import { parseTrust, type Trust } from './trust-proxy.ts';

/** Everything that can be set from outside, already checked. */
export interface Env extends CloudEnv, ContactEnv, RecordEnv, SessionEnv, SignInEnv {
  port: number;
  host: string;
  /** Absolute path of the folder of the embedded database. Not touched when `databaseUrl` is set. */
  dataFolder: string;
  /** Start without the demo estate. */
  empty: boolean;
  /** Print a sign-in link at the start, whoever reads it. */
  signInLink: boolean;
  /** A PostgreSQL of one's own; undefined means the embedded one. */
  databaseUrl: string | undefined;
  /** The same as the owner of the tables; undefined where `databaseUrl` is that. */
  databaseOwnerUrl: string | undefined;
  /** A pooler may stand before `databaseUrl`, so nothing is kept in a connection. */
  databasePooled: boolean;
  /** Where people reach Slipway, without a trailing slash; undefined means host and port. */
  publicUrl: string | undefined;
  /** Host names (lower case, no port) that requests may carry. */
  allowedHosts: string[];
  /** The path of `publicUrl`: empty, or such as `/slipway`. */
  basePath: string;
  /** Which proxies' X-Forwarded-* headers are believed; false for none. */
  trustProxy: Trust | false;
  /** Cookies are marked Secure whatever a proxy says: people come over TLS. */
  secureCookies: boolean;
  logLevel: (typeof LOG_LEVELS)[number];
  /** Most connections to the database at once. */
  databaseConnections: number;
  /** How long to go on serving after SIGTERM, so that a balancer can notice `/readyz`. */
  drainSeconds: number;
  /** Signed requests of one API key in a minute; 0 is no limit. */
  rateLimitPerMinute: number;
  /** Free space of the data folder, in megabytes: below it a warning, and no more changes; 0 is no limit. */
  room: { warnBelowMb: number; refuseBelowMb: number };
  /** Sign-ins, wrong signatures and documents of one address in a minute, of each kind; 0 is no limit. */
  addressLimitPerMinute: number;
  /** Where `/metrics` is, and then nowhere else; undefined means with everything else. */
  metricsListen: { host: string; port: number } | undefined;
  /** How long denials, and sessions and links that have ended, are kept. */
  keepDays: number;
  /** 32 bytes in base64 that secrets in the database are encrypted with. */
  secretsKey: string | undefined;
  /** A file that holds them. */
  secretsKeyFile: string | undefined;
}

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
const PROJECT_FOLDER = fileURLToPath(new URL('..', import.meta.url));

export const USAGE = `Slipway, the control room for machine images.

Usage: npm start -- [options]

  --port N             port to listen on (PORT, default 4400; 0 takes any free one)
  --host ADDRESS       address to listen on (HOST, default 127.0.0.1)
  --data DIR           folder of the embedded database (DATA, default ./data)
  --empty              do not load the demo estate into a new database
  --database-url URL   a PostgreSQL 15 or newer instead of the embedded one (DATABASE_URL)
  --sign-in-link       print a link that signs the administrator in, also where the output is no terminal
  --help               show this

More settings, from the environment only:

  PUBLIC_URL           where people reach Slipway, such as https://example.com/slipway
  ALLOWED_HOSTS        more host names that requests may carry, separated by commas
  TRUST_PROXY          the proxies whose X-Forwarded-For, -Proto and -Host are believed: addresses and
                       networks, such as 10.0.0.7, fd00::/8, or how many stand in a row, such as 1
  RATE_LIMIT_PER_MINUTE  signed requests for each API key (default 300, 0 = no limit)
  ADDRESS_LIMIT_PER_MINUTE  sign-ins, wrong signatures and documents of one address (default 300, 0 = no limit)
  METRICS_LISTEN       a port, or address:port, for /metrics alone (default: with everything else)
  KEEP_DAYS            how long denials and ended sessions are kept, 1 to 3650 (default 90)
  SECRETS_KEY          32 bytes in base64 that encrypt the secrets in the database
  SECRETS_KEY_FILE     a file that holds that key (default secrets.key in the data folder)
${RECORD_USAGE}
${CLOUD_USAGE}
${CONTACT_USAGE}
${SIGN_IN_USAGE}
${SESSION_USAGE}
  LOG_LEVEL            ${LOG_LEVELS.join(', ')} (default warn)
  DATABASE_CONNECTIONS most connections to the database at once, 4 to 500 (default 16)
  DATABASE_OWNER_URL   the same database as the owner of its tables, for migrations and commands: then
                       DATABASE_URL needs no more rights than it is given (default DATABASE_URL)
  DATABASE_POOLED      false when nothing like PgBouncer is in front of PostgreSQL: connections
                       then keep their statements, which is faster (default true)
  WARN_FREE_MB         warn when less than so many megabytes are free in the data folder (default 1000, 0 = never)
  MIN_FREE_MB          refuse changes, and go on reading, when less are free (default 128, 0 = never)
  DRAIN_SECONDS        how long to go on serving after SIGTERM, 0 to 3 (default 0)
`;

const OPTIONS = {
  port: { type: 'string' },
  host: { type: 'string' },
  data: { type: 'string' },
  empty: { type: 'boolean' },
  'sign-in-link': { type: 'boolean' },
  'database-url': { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

const settings = z.object({
  PORT: wholeNumber(0, 65_535).default(4400),
  HOST: z.string().refine(isHost, 'must be an address or a host name').default('127.0.0.1'),
  DATA: z.string().default(resolve(PROJECT_FOLDER, 'data')),
  DATABASE_URL: z
    .string()
    .refine(isPostgresUrl, 'must be a URL such as postgresql://user:password@host:5432/database')
    .optional(),
  PUBLIC_URL: z
    .string()
    .refine(isPublicUrl, 'must be http:// or https://, a host name and perhaps a plain path')
    .transform((url) => url.replace(/\/$/, ''))
    .optional(),
  ALLOWED_HOSTS: z
    .string()
    .transform((list) =>
      list
        .split(',')
        .map((name) => bareHost(name.trim()))
        .filter((name) => name !== ''),
    )
    .refine((names) => names.every(isHost), 'must be host names separated by commas, without ports')
    .default([]),
  TRUST_PROXY: z
    .string()
    .refine(
      (text) => parseTrust(text) !== undefined,
      'must be the addresses or networks of the proxies before Slipway, such as 10.0.0.7, fd00::/8, or how many stand in a row, such as 1',
    )
    .transform((text) => parseTrust(text) ?? false)
    .default(false),
  RATE_LIMIT_PER_MINUTE: wholeNumber(0, 1_000_000).default(300),
  ADDRESS_LIMIT_PER_MINUTE: wholeNumber(0, 1_000_000).default(300),
  METRICS_LISTEN: z
    .string()
    .refine((text) => parseListen(text) !== undefined, 'must be a port, or address:port')
    .transform(parseListen)
    .optional(),
  KEEP_DAYS: wholeNumber(1, 3_650).default(90),
  SECRETS_KEY: z.string().optional(),
  SECRETS_KEY_FILE: z.string().optional(),
  ...cloudSettings,
  ...contactSettings,
  ...recordSettings,
  ...signInSettings,
  ...sessionSettings,
  LOG_LEVEL: z.enum(LOG_LEVELS, `must be one of ${LOG_LEVELS.join(', ')}`).default('warn'),
  DATABASE_CONNECTIONS: wholeNumber(4, 500).default(16),
  DATABASE_OWNER_URL: z
    .string()
    .refine(isPostgresUrl, 'must be a URL such as postgresql://owner:password@host:5432/database')
    .optional(),
  DATABASE_POOLED: flag.default(true),
  DRAIN_SECONDS: wholeNumber(0, 3).default(0),
  WARN_FREE_MB: wholeNumber(0, 99_999).default(1_000),
  MIN_FREE_MB: wholeNumber(0, 99_999).default(128),
});

/**
 * Reads the settings. A flag wins over its variable; an empty variable counts as absent.
 *
 * @param argv the arguments after the program's name
 * @returns `help` when usage was asked for, else the settings
 * @throws StartError naming the wrong setting, its value and what it must be
 */
export function parseEnv(argv: string[], environment: NodeJS.ProcessEnv): Env | 'help' {
  const flags = parseFlags(argv);
  if (flags.help) return 'help';
  const fromFlags = definedOnly({
    PORT: flags.port,
    HOST: flags.host,
    DATA: flags.data,
    DATABASE_URL: flags['database-url'],
  });
  const parsed = settings.safeParse({ ...definedOnly(environment), ...fromFlags });
  if (!parsed.success) throw wrongSetting(parsed.error, environment, fromFlags);
  return toEnv(parsed.data, {
    empty: flags.empty ?? false,
    signInLink: flags['sign-in-link'] ?? false,
  });
}

function toEnv(values: z.output<typeof settings>, flags: Pick<Env, 'empty' | 'signInLink'>): Env {
  const { PUBLIC_URL: publicUrl, HOST: host } = values;
  const names = ['localhost', '127.0.0.1', '::1', bareHost(host), ...values.ALLOWED_HOSTS];
  if (publicUrl !== undefined) names.push(bareHost(new URL(publicUrl).hostname));
  return {
    port: values.PORT,
    host: bareHost(host),
    dataFolder: resolve(values.DATA),
    ...flags,
    databaseUrl: values.DATABASE_URL,
    databaseOwnerUrl: values.DATABASE_OWNER_URL,
    publicUrl,
    basePath: publicUrl === undefined ? '' : new URL(publicUrl).pathname.replace(/\/$/, ''),
    allowedHosts: [...new Set(names)].filter((name) => name !== '0.0.0.0' && name !== '::'),
    trustProxy: values.TRUST_PROXY,
    secureCookies: publicUrl?.startsWith('https://') ?? false,
    logLevel: values.LOG_LEVEL,
    databaseConnections: values.DATABASE_CONNECTIONS,
    databasePooled: values.DATABASE_URL !== undefined && values.DATABASE_POOLED,
    drainSeconds: values.DRAIN_SECONDS,
    room: { warnBelowMb: values.WARN_FREE_MB, refuseBelowMb: values.MIN_FREE_MB },
    rateLimitPerMinute: values.RATE_LIMIT_PER_MINUTE,
    addressLimitPerMinute: values.ADDRESS_LIMIT_PER_MINUTE,
    metricsListen: values.METRICS_LISTEN,
    keepDays: values.KEEP_DAYS,
    ...toCloudEnv(values),
    ...toContactEnv(values),
    ...toRecordEnv(values),
    ...toSignInEnv(values),
    ...toSessionEnv(values),
    secretsKey: values.SECRETS_KEY,
    secretsKeyFile: values.SECRETS_KEY_FILE,
  };
}

function parseFlags(argv: string[]) {
  try {
    return parseArgs({ args: argv, options: OPTIONS, strict: true, allowPositionals: false })
      .values;
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('. ')[0] : String(error);
    throw new StartError(`${reason}. See npm start -- --help.`, { cause: error });
  }
}

function definedOnly(values: Record<string, string | undefined>): Record<string, string> {
  const defined: Record<string, string> = {};
  for (const [name, value] of Object.entries(values)) {
    if (value !== undefined && value.trim() !== '') defined[name] = value.trim();
  }
  return defined;
}

function wrongSetting(
  error: z.ZodError,
  environment: NodeJS.ProcessEnv,
  fromFlags: Record<string, string>,
): StartError {
  const issue = error.issues[0];
  const name = String(issue?.path[0]);
  const label = name in fromFlags ? `--${name.toLowerCase().replace('_', '-')}` : name;
  // A URL may hold a password, which must not reach a log.
  const value = /^(?:DATABASE|SMTP|WEBHOOK|HEADS|OIDC)_.*(?:URL|SECRET)$/.test(name)
    ? ''
    : `, not "${fromFlags[name] ?? environment[name]}"`;
  return new StartError(`${label} ${issue?.message}${value}. See npm start -- --help.`);
}

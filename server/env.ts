import { parseArgs } from 'node:util';
import { z } from 'zod';
import { StartError } from './database/embedded/start-error.ts';
import { BACKUP_USAGE, type BackupEnv, backupSettings, toBackupEnv } from './env/backups.ts';
import { CLOUD_USAGE, type CloudEnv, cloudSettings, toCloudEnv } from './env/clouds.ts';
import { CONTACT_USAGE, type ContactEnv, contactSettings, toContactEnv } from './env/contact.ts';
import {
  DATABASE_USAGE,
  type DatabaseEnv,
  databaseSettings,
  toDatabaseEnv,
} from './env/database.ts';
import { wholeNumber } from './env/kinds.ts';
import { NETWORK_USAGE, type NetworkEnv, networkSettings, toNetworkEnv } from './env/network.ts';
import { RECORD_USAGE, type RecordEnv, recordSettings, toRecordEnv } from './env/records.ts';
import { SESSION_USAGE, type SessionEnv, sessionSettings, toSessionEnv } from './env/sessions.ts';
import { SIGN_IN_USAGE, type SignInEnv, signInSettings, toSignInEnv } from './env/sign-in.ts';

/** Everything that can be set from outside, already checked: what is of one topic is in `env/`. */
export interface Env
  extends
    BackupEnv,
    CloudEnv,
    ContactEnv,
    DatabaseEnv,
    NetworkEnv,
    RecordEnv,
    SessionEnv,
    SignInEnv {
  /** Start without the demo estate. */
  empty: boolean;
  /** Print a sign-in link at the start, whoever reads it. */
  signInLink: boolean;
  logLevel: (typeof LOG_LEVELS)[number];
  /** Whether what the process says for people to read is JSON as well. */
  logFormat: (typeof LOG_FORMATS)[number];
  /** How long to go on serving after SIGTERM, so that a balancer can notice `/readyz`. */
  drainSeconds: number;
}

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
const LOG_FORMATS = ['text', 'json'] as const;

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

${NETWORK_USAGE}
${RECORD_USAGE}
${CLOUD_USAGE}
${CONTACT_USAGE}
${SIGN_IN_USAGE}
${SESSION_USAGE}
${DATABASE_USAGE}
${BACKUP_USAGE}
  LOG_LEVEL            ${LOG_LEVELS.join(', ')} (default warn)
  LOG_FORMAT           json to write also what is for people to read as lines of JSON (default text)
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
  ...networkSettings,
  ...databaseSettings,
  ...backupSettings,
  ...cloudSettings,
  ...contactSettings,
  ...recordSettings,
  ...signInSettings,
  ...sessionSettings,
  LOG_LEVEL: z.enum(LOG_LEVELS, `must be one of ${LOG_LEVELS.join(', ')}`).default('warn'),
  LOG_FORMAT: z.enum(LOG_FORMATS, `must be ${LOG_FORMATS.join(' or ')}`).default('text'),
  DRAIN_SECONDS: wholeNumber(0, 3).default(0),
});

/** The names of all variables that are read. */
export const SETTINGS: readonly string[] = Object.keys(settings.shape);

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
  return {
    ...flags,
    ...toNetworkEnv(values),
    ...toDatabaseEnv(values),
    ...toBackupEnv(values),
    ...toCloudEnv(values),
    ...toContactEnv(values),
    ...toRecordEnv(values),
    ...toSignInEnv(values),
    ...toSessionEnv(values),
    logLevel: values.LOG_LEVEL,
    logFormat: values.LOG_FORMAT,
    drainSeconds: values.DRAIN_SECONDS,
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
  const value = /^(?:(?:DATABASE|SMTP|WEBHOOK|HEADS|OIDC)_.*(?:URL|SECRET)|METRICS_TOKEN)$/.test(
    name,
  )
    ? ''
    : `, not "${fromFlags[name] ?? environment[name]}"`;
  return new StartError(`${label} ${issue?.message}${value}. See npm start -- --help.`);
}

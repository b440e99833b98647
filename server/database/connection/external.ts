import { StartError } from '../embedded/start-error.ts';
import { Client, splitHosts } from './hosts.ts';

const OLDEST_MAJOR_VERSION = 15;
const CONNECT_TIMEOUT_MS = 5000;

/**
 * Makes sure that a PostgreSQL of one's own can carry Slipway.
 *
 * @param url its connection string; no message repeats it, since it may hold a password
 * @param setting where it was given
 * @throws StartError when it cannot be reached, is too old or does not store UTF-8
 */
export async function checkDatabase(url: string, setting = 'DATABASE_URL'): Promise<void> {
  const client = new Client({
    connectionString: url,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
  } catch (error) {
    throw new StartError(
      `The database at ${nameOf(url)} cannot be reached: ${reasonOf(error)}. ` +
        `Check ${setting}, and that PostgreSQL runs and lets this user in.`,
      { cause: error },
    );
  }
  try {
    const { rows } = await client.query<{ version: string; number: number; encoding: string }>(
      `SELECT current_setting('server_version') AS version,
              current_setting('server_version_num')::int AS number,
              current_setting('server_encoding') AS encoding`,
    );
    refuseUnfit(url, rows[0]);
  } finally {
    await client.end();
  }
}

function refuseUnfit(
  url: string,
  found: { version: string; number: number; encoding: string } | undefined,
): void {
  if (found === undefined || found.number < OLDEST_MAJOR_VERSION * 10_000) {
    throw new StartError(
      `The database at ${nameOf(url)} is PostgreSQL ${found?.version}, but Slipway needs ` +
        `${OLDEST_MAJOR_VERSION} or newer. Set DATABASE_URL to a newer one.`,
    );
  }
  if (found.encoding !== 'UTF8') {
    throw new StartError(
      `The database at ${nameOf(url)} stores text as ${found.encoding}, but Slipway needs UTF8. ` +
        "Create one with ENCODING 'UTF8' and set DATABASE_URL to it.",
    );
  }
}

function nameOf(url: string): string {
  const several = splitHosts(url);
  const { hostname, port, pathname, searchParams } = new URL(several?.first ?? url);
  if (several) return `${several.hosts.map((one) => one.host).join(', ')}${pathname}`;
  const host = searchParams.get('host') ?? (hostname || 'localhost');
  return `${host}${port === '' ? '' : `:${port}`}${pathname}`;
}

/** Node gathers the failures of several addresses in one error whose own message is empty. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(reasonOf).join('; ');
  const text = error instanceof Error ? error.message : String(error);
  return text.replace(/\.$/, '');
}

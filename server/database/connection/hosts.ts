import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';

/** One of several PostgreSQL servers, of which one takes changes. */
interface Host {
  host: string;
  port: number;
}

/** What `toConfig` makes of a URL with several servers. */
interface SeveralHosts extends pg.ClientConfig {
  hosts?: readonly Host[];
}

const patienceMs = 2_000;
const postgresPort = 5_432;
/** The scheme with user and password, the servers, and the rest. */
const form = /^(postgres(?:ql)?:\/\/(?:[^@/?]*@)?)([^/?@]+,[^/?@]+)(.*)$/;

/** The servers that a connection URL names, and the same URL with the first alone; undefined for a single one. */
export function splitHosts(url: string): { hosts: Host[]; first: string } | undefined {
  const [, before = '', list = '', after = ''] = form.exec(url) ?? [];
  if (list === '') return undefined;
  const names = list.split(',');
  const hosts = names.map((name) => {
    const [, host = '', port = ''] = /^(\[[\da-f:.]+\]|[\w.-]+)(?::(\d{1,5}))?$/i.exec(name) ?? [];
    return { host: host.replace(/^\[(.*)\]$/, '$1'), port: Number(port || postgresPort) };
  });
  if (hosts.some(({ host }) => host === '')) return undefined;
  // Of several there is always one to look for, whatever the URL says of it.
  const rest = after.replace(/([?&])target_session_attrs=[a-z-]*&?/, '$1').replace(/[?&]$/, '');
  return { hosts, first: `${before}${names[0]}${rest}` };
}

/** @param config a connection URL, perhaps of several servers, or host, port, user and so on */
export function toConfig(config: string | pg.ClientConfig): SeveralHosts {
  const url = typeof config === 'string' ? config : config.connectionString;
  const several = url === undefined ? undefined : splitHosts(url);
  const others = typeof config === 'string' ? {} : config;
  if (several) return { ...others, connectionString: several.first, hosts: several.hosts };
  return typeof config === 'string' ? { connectionString: config } : config;
}

/** A client on the one server, or on whichever of several takes changes when it connects. */
export class Client extends pg.Client {
  readonly #config: SeveralHosts;

  constructor(config: string | pg.ClientConfig = {}) {
    const known = toConfig(config);
    super(known);
    this.#config = known;
  }

  /** Whether there are several servers, so that another may be the one that takes changes. */
  get mayMove(): boolean {
    return this.#config.hosts !== undefined;
  }

  override connect(): Promise<this>;
  override connect(callback: (error: Error) => void): void;
  override connect(callback?: (error: Error) => void): Promise<this> | void {
    if (!callback) return this.#find().then(() => super.connect() as Promise<this>);
    void this.#find().then(() => super.connect(callback), callback);
  }

  async #find(): Promise<void> {
    const { hosts, ...config } = this.#config;
    if (!hosts) return;
    const found = await findPrimary(hosts, config);
    Object.assign(this, found);
  }
}

/** @throws Error when none of them takes changes, saying why */
async function findPrimary(hosts: readonly Host[], config: pg.ClientConfig): Promise<Host> {
  try {
    return await Promise.any(hosts.map((host) => expectPrimary(host, config)));
  } catch (error) {
    const reasons = error instanceof AggregateError ? error.errors : [error];
    const why = reasons.map((one) => (one as Error).message).join('; ');
    const none = new Error(`none of the servers takes changes: ${why}`, { cause: error });
    throw Object.assign(none, { code: 'ECONNREFUSED' });
  }
}

async function expectPrimary(at: Host, config: pg.ClientConfig): Promise<Host> {
  const client = new pg.Client({ ...config, connectionTimeoutMillis: patienceMs });
  client.on('error', () => undefined);
  Object.assign(client, at);
  const patience = new AbortController();
  try {
    const asked = client.connect().then(() => isStandby(client));
    asked.catch(() => undefined);
    const silence = sleep(patienceMs, undefined, { signal: patience.signal });
    const answer = await Promise.race([asked, silence]);
    if (answer === false) return at;
    const why = answer === true ? 'is a standby' : 'does not answer';
    throw new Error(`${at.host}:${at.port} ${why}`);
  } finally {
    patience.abort();
    client.connection.stream.destroy();
  }
}

/** Whether a server takes no changes, since it follows another. */
export async function isStandby(client: pg.ClientBase): Promise<boolean> {
  const { rows } = await client.query<{ standby: boolean }>(
    'SELECT pg_is_in_recovery() AS standby',
  );
  return rows[0]?.standby ?? false;
}

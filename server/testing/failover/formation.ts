import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { appendFileSync, readdirSync, readFileSync } from 'node:fs';
import { chown, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { withClient } from '../../database/connection/client.ts';
import { findUser, freePort } from '../debian-postgres.ts';

const run = promisify(execFile);
const patienceMs = 90_000;
/** How soon the monitor takes a server for dead; its own defaults take twice to four times as long. */
const monitorSettings = {
  health_check_period: 1_000,
  health_check_timeout: 2_000,
  health_check_max_retries: 2,
  health_check_retry_delay: 500,
  node_considered_unhealthy_timeout: 5_000,
  startup_grace_period: 5_000,
  // How long the lost one is given to notice that it is cut off.
  primary_demote_timeout: 10_000,
};

export interface Node {
  name: string;
  port: number;
  url: string;
}

/** Two servers and a monitor of pg_auto_failover, all on loopback. */
export class Formation {
  readonly nodes: [Node, Node];
  readonly #folder: string;
  readonly #monitorPort: number;
  readonly #environment: NodeJS.ProcessEnv;
  readonly #children = new Map<string, ChildProcess>();

  private constructor(folder: string, bin: string, ports: [number, number, number]) {
    const [monitor, ...others] = ports;
    this.#folder = folder;
    this.#monitorPort = monitor;
    this.#environment = {
      HOME: folder,
      XDG_RUNTIME_DIR: join(folder, 'run'),
      PATH: `${bin}:/usr/local/bin:/usr/bin:/bin`,
      // What initdb takes the encoding from.
      LANG: 'C.UTF-8',
    };
    const nodeOf = (port: number, at: number) => ({
      name: `node${at + 1}`,
      port,
      url: `postgresql://slipway@127.0.0.1:${port}/slipway`,
    });
    this.nodes = others.map(nodeOf) as [Node, Node];
  }

  /** Resolves once the second follows the first, and nothing is acknowledged that it has not got. */
  static async start(bin: string): Promise<Formation> {
    const folder = await mkdtemp(join(tmpdir(), 'slipway-formation-'));
    const { uid, gid } = findUser();
    const own = async (path: string) => {
      if (uid !== undefined && gid !== undefined) await chown(path, uid, gid);
    };
    await own(folder);
    await mkdir(join(folder, 'run'));
    await own(join(folder, 'run'));
    const ports = [await freePort(), await freePort(), await freePort()] as const;
    const formation = new Formation(folder, bin, [...ports]);
    try {
      await formation.#begin();
    } catch (error) {
      await formation.stop();
      throw error;
    }
    return formation;
  }

  /** Of both servers, as Slipway takes it. */
  get url(): string {
    return `postgresql://slipway@${this.nodes.map(({ port }) => `127.0.0.1:${port}`).join(',')}/slipway`;
  }

  async #begin(): Promise<void> {
    const trust = ['--auth', 'trust', '--no-ssl', '--hostname', '127.0.0.1'];
    const at = (name: string, port: number) => [
      '--pgdata',
      join(this.#folder, name),
      '--pgport',
      String(port),
    ];
    this.#spawn('monitor', [
      'create',
      'monitor',
      ...at('monitor', this.#monitorPort),
      ...trust,
      '--run',
    ]);
    await until('the monitor', () => this.#ask('SELECT 1'));
    for (const [name, value] of Object.entries(monitorSettings))
      await this.#ask(`ALTER SYSTEM SET pgautofailover.${name} = ${value}`);
    await this.#ask('SELECT pg_reload_conf()');
    const monitor = `postgres://autoctl_node@127.0.0.1:${this.#monitorPort}/pg_auto_failover?sslmode=disable`;
    const given = ['--username', 'slipway', '--dbname', 'slipway', '--monitor', monitor];
    const [first, second] = this.nodes;
    const create = ({ name, port }: Node) =>
      this.#spawn(name, [
        'create',
        'postgres',
        ...at(name, port),
        '--listen',
        '127.0.0.1',
        '--name',
        name,
        ...given,
        ...trust,
        '--run',
      ]);
    create(first);
    await until('the first server', () =>
      withClient(first.url, (client) => client.query('SELECT 1')),
    );
    create(second);
    await this.untilHealthy(async () => {
      // Its copy would begin with the next checkpoint, in minutes.
      await withClient(first.url, (client) => client.query('CHECKPOINT'));
    });
  }

  /** Which server takes changes, as the monitor has it. */
  async primary(): Promise<Node> {
    const states = await this.states();
    const found = this.nodes.find(({ name }) =>
      /^(primary|wait_primary|single)$/.test(states[name] ?? ''),
    );
    if (!found) throw new Error(`There is no primary: ${JSON.stringify(states)}`);
    return found;
  }

  async states(): Promise<Record<string, string>> {
    const rows = await this.#ask<{ nodename: string; reportedstate: string; goalstate: string }>(
      'SELECT nodename, reportedstate::text, goalstate::text FROM pgautofailover.node',
    );
    return Object.fromEntries(
      rows.map(({ nodename, reportedstate, goalstate }) => [
        nodename,
        reportedstate === goalstate ? reportedstate : `${reportedstate} -> ${goalstate}`,
      ]),
    );
  }

  /** Waits until there are a primary and a server that follows it. @param meanwhile done at each look */
  async untilHealthy(meanwhile: () => Promise<void> = async () => undefined): Promise<void> {
    await until('a primary and a secondary', async () => {
      await meanwhile();
      const states = Object.values(await this.states()).toSorted((a, b) => a.localeCompare(b));
      if (states.join() !== 'primary,secondary') throw new Error(states.join());
    });
  }

  /** A signal to everything that is one machine. */
  signal({ name }: Node, signal: NodeJS.Signals): void {
    const { pid } = this.#children.get(name) ?? {};
    if (pid !== undefined) for (const one of treeOf(pid)) send(one, signal);
  }

  /** After the loss of a machine: as its service manager would. */
  revive({ name }: Node): void {
    this.#spawn(name, ['run', '--pgdata', join(this.#folder, name)]);
  }

  async switchOver(): Promise<void> {
    const args = ['perform', 'switchover', '--pgdata', join(this.#folder, 'monitor')];
    await run('pg_autoctl', args, { ...findUser(), cwd: this.#folder, env: this.#environment });
  }

  async stop(): Promise<void> {
    for (const { pid } of [...this.#children.values()].toReversed())
      if (pid !== undefined)
        for (const one of treeOf(pid)) {
          send(one, 'SIGCONT');
          send(one, 'SIGKILL');
        }
    await rm(this.#folder, { recursive: true, force: true, maxRetries: 10 });
  }

  async #ask<Row extends object>(sql: string): Promise<Row[]> {
    const url = `postgresql://postgres@127.0.0.1:${this.#monitorPort}/pg_auto_failover`;
    return withClient(url, async (client) => (await client.query<Row>(sql)).rows);
  }

  #spawn(name: string, args: string[]): void {
    const options = { ...findUser(), cwd: this.#folder, env: this.#environment };
    const child = spawn('pg_autoctl', args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    const log = join(this.#folder, `${name}.log`);
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (text: Buffer) => appendFileSync(log, text));
    this.#children.set(name, child);
  }
}

async function until(what: string, look: () => Promise<unknown>): Promise<void> {
  const giveUpAt = performance.now() + patienceMs;
  for (;;) {
    const problem = await look().then(
      () => undefined,
      (error: Error) => error,
    );
    if (problem === undefined) return;
    if (performance.now() > giveUpAt)
      throw new Error(`There was not ${what} in time: ${problem.message}`, { cause: problem });
    await sleep(200);
  }
}

/** A process, those that it started, and so on: parents first, so that none is started again. */
function treeOf(pid: number): number[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc').filter((one) => /^\d+$/.test(one))) {
    try {
      const [, after = ''] = readFileSync(`/proc/${name}/stat`, 'utf8').split(/\) (.*)/s);
      parents.set(Number(name), Number(after.split(' ')[1]));
    } catch {
      // It has ended meanwhile.
    }
  }
  const tree = [pid];
  for (const one of tree)
    tree.push(...[...parents].filter(([, parent]) => parent === one).map(([child]) => child));
  return tree;
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It is gone.
  }
}

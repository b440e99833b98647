import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { chown, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { withClient } from '../database/connection/client.ts';

const run = promisify(execFile);
const packages = '/usr/lib/postgresql';

/** Where Debian's packages have the programs of PostgreSQL; undefined where they are not installed. */
export function findDebianPostgres(): string | undefined {
  if (!existsSync(packages)) return undefined;
  const versions = readdirSync(packages).toSorted((a, b) => Number(b) - Number(a));
  const folders = versions.map((version) => join(packages, version, 'bin'));
  return folders.find((folder) => existsSync(join(folder, 'pg_basebackup')));
}

/** PostgreSQL does not run as root. */
export function findUser(): { uid?: number; gid?: number } {
  if (process.getuid?.() !== 0) return {};
  const ask = (what: string) =>
    Number(execFileSync('id', [what, 'postgres'], { encoding: 'utf8' }));
  return { uid: ask('-u'), gid: ask('-g') };
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

export interface DebianServer {
  port: number;
  url: string;
  /** The process, which may be stopped and killed; `start` begins another. */
  process(): ChildProcess;
  start(): Promise<void>;
}

export interface Pair {
  primary: DebianServer;
  standby: DebianServer;
  stop(): Promise<void>;
}

/** A primary and a streaming replica of it, on loopback, in folders that are gone when they stop. */
export async function startPair(bin: string): Promise<Pair> {
  const user = findUser();
  const folder = await mkdtemp(join(tmpdir(), 'slipway-pair-'));
  const makeFolder = async (name: string) => {
    const path = join(folder, name);
    await mkdir(path, { recursive: true, mode: 0o700 });
    if (user.uid !== undefined && user.gid !== undefined) await chown(path, user.uid, user.gid);
    return path;
  };
  await makeFolder('');
  const program = (name: string, args: string[]) =>
    run(join(bin, name), args, { ...user, cwd: folder });

  const first = await makeFolder('primary');
  const anybody = ['-U', 'slipway', '-A', 'trust', '-E', 'UTF8', '--no-sync'];
  await program('initdb', ['-D', first, ...anybody]);
  const primary = await startServer(bin, first, user);

  const second = await makeFolder('standby');
  const from = ['-h', '127.0.0.1', '-p', String(primary.port), '-U', 'slipway'];
  const how = ['-R', '-X', 'stream', '--checkpoint=fast'];
  await program('pg_basebackup', [...from, '-D', second, ...how]);
  const standby = await startServer(bin, second, user);
  return {
    primary,
    standby,
    stop: async () => {
      for (const one of [standby, primary]) {
        signalAll(one, 'SIGCONT');
        await kill(one.process());
      }
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

async function startServer(
  bin: string,
  data: string,
  user: { uid?: number; gid?: number },
): Promise<DebianServer> {
  const port = await freePort();
  const url = `postgresql://slipway@127.0.0.1:${port}/postgres`;
  let child: ChildProcess;
  const start = async () => {
    const settings = ['-c', 'listen_addresses=127.0.0.1', '-c', `unix_socket_directories=${data}`];
    const args = ['-D', data, '-p', String(port), ...settings];
    child = spawn(join(bin, 'postgres'), args, { ...user, cwd: data, stdio: 'ignore' });
    while (!(await answers(url))) {
      if (child.exitCode !== null) throw new Error(`PostgreSQL ended with ${child.exitCode}.`);
      await sleep(50);
    }
  };
  await start();
  return { port, url, start, process: () => child };
}

/** Sends a signal to a server and all processes of it, each of which goes on for itself otherwise. */
export function signalAll(server: DebianServer, signal: NodeJS.Signals): void {
  const { pid = 0 } = server.process();
  if (!existsSync(`/proc/${pid}`)) return;
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ');
  // The first of them starts others; those that served somebody may have ended by now.
  for (const one of [pid, ...children.map(Number)]) if (one > 0) sendSignal(one, signal);
}

function sendSignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}

function answers(url: string): Promise<boolean> {
  return withClient(url, async () => true).catch(() => false);
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.kill('SIGQUIT');
  await exit;
}

import { chmod, open, readFile, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { type DataFolder, giveToFolderOwner } from './data-folder.ts';
import { type RunAs, executable, findBinaries } from './postgres-binaries.ts';
import { chooseUser, ensureCluster, pathFromInside } from './postgres-cluster.ts';
import {
  type Place,
  choosePlace,
  connectionUrl,
  makeRuntimeFolder,
  removeRuntimeFolder,
} from './postgres-place.ts';
import { type PostgresProcess, runPostgres, stopLeftover } from './postgres-process.ts';
import { StartError } from './start-error.ts';

const DATABASE = 'slipway';
const MAX_LOG_BYTES = 5_000_000;
/** Processes of a killed predecessor need a moment to notice that they are alone. */
const PREDECESSOR_PATIENCE_MS = 10_000;
const SLOW_START_MS = 2000;

const SETTINGS = {
  unix_socket_permissions: '0700',
  shared_buffers: '256MB',
  max_connections: '60',
  random_page_cost: '1.1',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_line_prefix: '%m [%p] ',
};
const NOT_DURABLE = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' };

export interface EmbeddedDatabase {
  /** A connection string for the `pg` driver. */
  url: string;
  stop(): Promise<void>;
}

export interface EmbeddedOptions {
  /** False for tests: nothing is synced to disk. */
  durable?: boolean;
  /** A line for the person who waits. */
  onProgress?: (line: string) => void;
  /** PostgreSQL ended although nobody stopped it. */
  onLost?: (reason: string) => void;
}

/** What `launch` needs to know. */
interface Launch {
  folder: DataFolder;
  cluster: string;
  bin: string;
  runAs: RunAs;
  place: Place;
  durable: boolean;
  onProgress: (line: string) => void;
}

/**
 * Starts the PostgreSQL that comes with Slipway on a data folder that this process has claimed,
 * creating the cluster the first time. Only a Unix socket in a private folder leads to it; on
 * Windows a loopback port and a random password.
 *
 * @throws StartError with a sentence when it cannot run here
 */
export async function startEmbedded(
  folder: DataFolder,
  { durable = true, onProgress = () => undefined, onLost = () => undefined }: EmbeddedOptions = {},
): Promise<EmbeddedDatabase> {
  const cluster = join(folder.path, 'postgres');
  const runAs = await chooseUser(folder.path, cluster);
  await removeRuntimeFolder(folder.leftBy?.runtimeFolder);
  const runtimeFolder = await makeRuntimeFolder(runAs);
  try {
    await folder.publish({ runtimeFolder });
    const bin = await findBinaries(runAs, runtimeFolder);
    await ensureCluster(folder.path, cluster, bin, runAs, { durable, onProgress });
    await stopLeftover(cluster);
    const place = await choosePlace(folder.path, runtimeFolder);
    const running = await launch({ folder, cluster, bin, runAs, place, durable, onProgress });
    return await hand(running, place, runtimeFolder, onLost);
  } catch (error) {
    await removeRuntimeFolder(runtimeFolder);
    throw error;
  }
}

async function hand(
  running: PostgresProcess,
  place: Place,
  runtimeFolder: string,
  onLost: (reason: string) => void,
): Promise<EmbeddedDatabase> {
  let stopping = false;
  running.child.once('exit', () => {
    if (!stopping) onLost(running.ended() ?? 'unknown reason');
  });
  const stop = async (): Promise<void> => {
    stopping = true;
    await running.stop();
    await removeRuntimeFolder(runtimeFolder);
  };
  try {
    await createDatabase(place);
  } catch (error) {
    await stop();
    throw error;
  }
  return { url: connectionUrl(place, DATABASE), stop };
}

async function launch(facts: Launch): Promise<PostgresProcess> {
  const { folder, cluster, bin, runAs, place, durable, onProgress } = facts;
  const settings = {
    ...SETTINGS,
    ...(durable ? {} : NOT_DURABLE),
    ...(process.platform === 'win32'
      ? { listen_addresses: place.host }
      : { listen_addresses: '', unix_socket_directories: place.host }),
    port: String(place.port),
  };
  const args = ['-D', pathFromInside(cluster, runAs)];
  for (const [name, value] of Object.entries(settings)) args.push('-c', `${name}=${value}`);
  const deadline = Date.now() + PREDECESSOR_PATIENCE_MS;
  for (;;) {
    const log = await openLog(folder.path);
    const logStart = (await log.stat()).size;
    const options = { ...runAs, cwd: cluster, logFd: log.fd };
    const running = runPostgres(executable(bin, 'postgres'), args, options);
    await log.close();
    const reason = await untilReady(running, place, onProgress);
    if (reason === undefined) return running;
    const said = (await readFile(logPath(folder.path))).subarray(logStart).toString('utf8').trim();
    if (!said.includes('still in use') || Date.now() > deadline) {
      throw new StartError(
        `The embedded PostgreSQL did not start (${reason}): ${said.split('\n').slice(-3).join(' ')} ` +
          `Its log is ${logPath(folder.path)}.`,
      );
    }
    await sleep(200);
  }
}

/** Undefined once it accepts connections, else why it ended. After a crash it replays its log first. */
async function untilReady(
  running: PostgresProcess,
  place: Place,
  onProgress: (line: string) => void,
): Promise<string | undefined> {
  const slowAt = Date.now() + SLOW_START_MS;
  let told = false;
  for (;;) {
    const reason = running.ended();
    if (reason !== undefined) return reason;
    if (await accepts(place)) return undefined;
    if (!told && Date.now() > slowAt) {
      told = true;
      onProgress('Waiting for the database to recover');
    }
    await sleep(25);
  }
}

async function accepts(place: Place): Promise<boolean> {
  const client = new pg.Client(connectionUrl(place, 'postgres'));
  try {
    await client.connect();
    await client.end();
    return true;
  } catch {
    return false;
  }
}

async function createDatabase(place: Place): Promise<void> {
  const client = new pg.Client(connectionUrl(place, 'postgres'));
  await client.connect();
  try {
    const found = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [DATABASE]);
    if (found.rowCount === 0) await client.query(`CREATE DATABASE ${DATABASE}`);
  } finally {
    await client.end();
  }
}

async function openLog(folder: string): Promise<Awaited<ReturnType<typeof open>>> {
  const path = logPath(folder);
  const { size } = await stat(path).catch(() => ({ size: 0 }));
  if (size > MAX_LOG_BYTES) await rename(path, `${path}.1`);
  const log = await open(path, 'a', 0o600);
  await chmod(path, 0o600);
  await giveToFolderOwner(folder, path);
  return log;
}

function logPath(folder: string): string {
  return join(folder, 'postgresql.log');
}

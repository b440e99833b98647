import { chmod, open, readFile, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { withClient } from '../connection/client.ts';
import { type DataFolder, giveToFolderOwner } from './data-folder.ts';
import { type RunAs, executable, findBinaries } from './postgres-binaries.ts';
import { handOver, writeAccess } from './postgres-access.ts';
import { chooseUser, ensureCluster, pathFromInside } from './postgres-cluster.ts';
import {
  APP_USER,
  type Place,
  USER,
  choosePlace,
  connectionUrl,
  keepRuntimeFolder,
  makeRuntimeFolder,
  removeLeftRuntimeFolders,
  removeRuntimeFolder,
} from './postgres-place.ts';
import { type PostgresProcess, runPostgres, stopLeftover } from './postgres-process.ts';
import { supervise } from './postgres-supervisor.ts';
import { settleInterruptedRestore } from './interrupted-restore.ts';
import { giveUpReserve } from './room.ts';
import { StartError } from './start-error.ts';

const DATABASE = 'slipway';
const MAX_LOG_BYTES = 5_000_000;
/** Processes of a killed predecessor need a moment to notice that they are alone. */
const PREDECESSOR_PATIENCE_MS = 10_000;
const SLOW_START_MS = 2000;

const SETTINGS = {
  unix_socket_permissions: '0700',
  shared_buffers: '256MB',
  max_connections: '100',
  random_page_cost: '1.1',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_line_prefix: '%m [%p] ',
};
/** For tests, which run many processes on one cluster. */
const NOT_DURABLE = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  max_connections: '200',
};

export interface EmbeddedDatabase {
  /** A connection string for the `pg` driver, as the owner of everything. */
  url: string;
  /** The same as the role of the application, which has the rights that it was granted. */
  appUrl: string;
  stop(): Promise<void>;
}

export interface EmbeddedOptions {
  /** False for tests: nothing is synced to disk. */
  durable?: boolean;
  /** A line for the person who waits. */
  onProgress?: (line: string) => void;
  /** PostgreSQL ended although nobody stopped it; it is being started again. */
  onLost?: (reason: string) => void;
  /** It runs again. */
  onBack?: () => void;
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
  onRun: (process: PostgresProcess) => void;
}

/**
 * Starts the PostgreSQL that comes with Slipway on a data folder that this process has claimed,
 * creating the cluster the first time. Only a Unix socket in a private folder leads to it; on
 * Windows a loopback port and a random password. When it ends by itself, it is started again.
 *
 * @throws StartError with a sentence when it cannot run here
 */
export async function startEmbedded(
  folder: DataFolder,
  options: EmbeddedOptions = {},
): Promise<EmbeddedDatabase> {
  const { durable = true, onProgress = () => undefined } = options;
  const { onLost = () => undefined, onBack = () => undefined } = options;
  const cluster = join(folder.path, 'postgres');
  const runAs = await chooseUser(folder.path, cluster);
  await removeRuntimeFolder(folder.leftBy?.runtimeFolder);
  await removeLeftRuntimeFolders();
  await stopLeftover(cluster);
  await settleInterruptedRestore(folder.path, onProgress);
  const runtimeFolder = await makeRuntimeFolder(runAs);
  try {
    await folder.publish({ runtimeFolder });
    const bin = await findBinaries(runAs, runtimeFolder);
    await ensureCluster(folder.path, cluster, bin, runAs, { durable, onProgress });
    await handOver(cluster, runAs);
    const place = await choosePlace(folder.path, runtimeFolder);
    const stopPostgres = await supervise({
      start: async (onRun) => {
        await giveUpReserve(folder.path);
        await stopLeftover(cluster);
        await keepRuntimeFolder(runtimeFolder, runAs);
        await writeAccess(folder.path, cluster, runAs);
        await launch({ folder, cluster, bin, runAs, place, durable, onProgress, onRun });
      },
      onLost,
      onBack,
    });
    return await hand(place, async () => {
      await stopPostgres();
      await removeRuntimeFolder(runtimeFolder);
    });
  } catch (error) {
    await removeRuntimeFolder(runtimeFolder);
    throw error;
  }
}

async function hand(place: Place, stop: () => Promise<void>): Promise<EmbeddedDatabase> {
  try {
    await createDatabase(place);
  } catch (error) {
    await stop();
    throw error;
  }
  const [url, appUrl] = [USER, APP_USER].map((user) => connectionUrl(place, DATABASE, user));
  return { url: url ?? '', appUrl: appUrl ?? '', stop };
}

async function launch(facts: Launch): Promise<void> {
  const { folder, cluster, bin, runAs, place, durable, onProgress, onRun } = facts;
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
    onRun(running);
    const reason = await untilReady(running, place, onProgress);
    if (reason === undefined) return;
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
  const url = connectionUrl(place, 'postgres', USER);
  return withClient(url, async () => true).catch(() => false);
}

async function createDatabase(place: Place): Promise<void> {
  await withClient(connectionUrl(place, 'postgres', USER), async (client) => {
    const found = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [DATABASE]);
    if (found.rowCount === 0) await client.query(`CREATE DATABASE ${DATABASE}`);
    await createRole(client, place);
  });
}

/** The role of the application owns nothing; what it may do is granted with the schema (rights.ts). */
async function createRole(client: pg.Client, { password }: Place): Promise<void> {
  const found = await client.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [APP_USER]);
  if (found.rowCount === 0) await client.query(`CREATE ROLE ${APP_USER} LOGIN`);
  if (password !== '')
    await client.query(`ALTER ROLE ${APP_USER} PASSWORD ${client.escapeLiteral(password)}`);
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

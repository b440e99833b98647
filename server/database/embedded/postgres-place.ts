import { randomBytes } from 'node:crypto';
import { chown, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { RunAs } from './postgres-binaries.ts';
import { StartError } from './start-error.ts';
import { makeFolder } from './make-folder.ts';

/** Who owns the database, and as whom the application works in it. */
export const USER = 'slipway';
export const APP_USER = 'slipway_app';

/** The kernel's limit for the path of a socket is 104 bytes (macOS) or 108 (Linux). */
const MAX_SOCKET_PATH_BYTES = 100;
const PREFIX = 'slipway-';
/** Longer than any start takes from the folder to the socket. */
const OLD_MS = 3_600_000;

/** Where PostgreSQL listens: a socket's folder, or on Windows a port of loopback. */
export interface Place {
  host: string;
  port: number;
  password: string;
}

/**
 * A private folder with a short path for the socket. Its owner is the user PostgreSQL runs as.
 */
export async function makeRuntimeFolder(runAs: RunAs): Promise<string> {
  const socket = join(tmpdir(), `${PREFIX}XXXXXX`, '.s.PGSQL.5432.lock');
  const parent = Buffer.byteLength(socket) <= MAX_SOCKET_PATH_BYTES ? tmpdir() : '/tmp';
  const folder = await mkdtemp(join(parent, PREFIX)).catch((error: unknown) => {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new StartError(
      `The folder for temporary files ${parent} cannot be written (${reason}). Set TMPDIR to one that can.`,
      { cause: error },
    );
  });
  await keepRuntimeFolder(folder, runAs);
  return folder;
}

/** Sees to it that the folder is there and PostgreSQL's: what tidies up /tmp may have taken it. */
export async function keepRuntimeFolder(folder: string, { uid, gid }: RunAs): Promise<void> {
  await makeFolder(folder, 0o700);
  if (uid !== undefined && gid !== undefined) await chown(folder, uid, gid);
}

/** Removes such a folder; any other path is left alone. */
export async function removeRuntimeFolder(folder: string | undefined): Promise<void> {
  if (folder === undefined || !basename(folder).startsWith(PREFIX)) return;
  await rm(folder, { recursive: true, force: true });
}

/**
 * Removes the folders of servers that were killed: those of ours in the usual places whose socket nobody
 * answers at. One without a socket may be in the making, unless it is old.
 */
export async function removeLeftRuntimeFolders(): Promise<void> {
  for (const parent of new Set([tmpdir(), '/tmp'])) {
    const names = await readdir(parent).catch(() => []);
    for (const name of names.filter((one) => /^slipway-[A-Za-z0-9]{6}$/.test(one))) {
      const folder = join(parent, name);
      if (await isLeft(folder)) await removeRuntimeFolder(folder).catch(() => undefined);
    }
  }
}

async function isLeft(folder: string): Promise<boolean> {
  const inside = await readdir(folder).catch(() => undefined);
  if (!inside?.every((name) => name.startsWith('.s.PGSQL.') || name === 'postgresql')) return false;
  const socket = inside.find((name) => /^\.s\.PGSQL\.\d+$/.test(name));
  if (socket !== undefined) return !(await answers(join(folder, socket)));
  const { mtimeMs } = await stat(folder);
  return Date.now() - mtimeMs > OLD_MS;
}

async function answers(socket: string): Promise<boolean> {
  return await new Promise((resolve) => {
    const probe = connect(socket);
    probe.once('connect', () => resolve(true)).once('error', () => resolve(false));
    probe.once('connect', () => probe.destroy());
  });
}

export async function choosePlace(dataFolder: string, runtimeFolder: string): Promise<Place> {
  if (process.platform !== 'win32') return { host: runtimeFolder, port: 5432, password: '' };
  return { host: '127.0.0.1', port: await freePort(), password: await readPassword(dataFolder) };
}

/** The password of the cluster in a 0600 file, made up once. Only TCP needs one. */
export async function readPassword(dataFolder: string): Promise<string> {
  const file = join(dataFolder, 'password');
  const made = randomBytes(24).toString('base64url');
  await writeFile(file, made, { mode: 0o600, flag: 'wx' }).catch(() => undefined);
  return await readFile(file, 'utf8');
}

/** A connection string for the `pg` driver: `host` there is what counts. TLS is off, whatever PGSSLMODE says. */
export function connectionUrl(place: Place, database: string, user: string): string {
  const login = place.password === '' ? user : `${user}:${place.password}`;
  const where = new URLSearchParams({
    host: place.host,
    port: String(place.port),
    sslmode: 'disable',
  });
  return `postgresql://${login}@localhost/${database}?${where.toString()}`;
}

async function freePort(): Promise<number> {
  const probe = createServer();
  return await new Promise((resolve, reject) => {
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

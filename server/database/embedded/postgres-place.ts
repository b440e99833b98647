import { randomBytes } from 'node:crypto';
import { chown, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { RunAs } from './postgres-binaries.ts';

export const USER = 'slipway';

/** The kernel's limit for the path of a socket is 104 bytes (macOS) or 108 (Linux). */
const MAX_SOCKET_PATH_BYTES = 100;
const PREFIX = 'slipway-';

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
  const folder = await mkdtemp(join(parent, PREFIX));
  if (runAs.uid !== undefined && runAs.gid !== undefined) {
    await chown(folder, runAs.uid, runAs.gid);
  }
  return folder;
}

/** Removes such a folder; any other path is left alone. */
export async function removeRuntimeFolder(folder: string | undefined): Promise<void> {
  if (folder === undefined || !basename(folder).startsWith(PREFIX)) return;
  await rm(folder, { recursive: true, force: true });
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
export function connectionUrl(place: Place, database: string): string {
  const login = place.password === '' ? USER : `${USER}:${place.password}`;
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

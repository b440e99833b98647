import { constants } from 'node:fs';
import { access, chown, readFile, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { StartError } from './start-error.ts';
import { makeFolder } from './make-folder.ts';

/** How long to wait for a command to end, and for a holder to say who it is. */
const COMMAND_WAIT_MS = 30_000;
const UNKNOWN_WAIT_MS = 2000;

const holderFile = z.object({
  pid: z.number(),
  /** A server runs until it is stopped, a command for seconds. */
  kind: z.enum(['server', 'command']),
  /** How to connect to the embedded database, as its owner; absent while it starts. */
  databaseUrl: z.string().optional(),
  /** The same as the application does. */
  appUrl: z.string().optional(),
  /** Where the server answers; absent until it listens. */
  address: z.string().optional(),
  /** The folder of the socket, removed when the database stops. */
  runtimeFolder: z.string().optional(),
});

/** Who uses a data folder, as its 0600 file `slipway.json` tells. */
export type Holder = z.output<typeof holderFile>;

/** A data folder that this process alone may use until `release`. */
export interface DataFolder {
  path: string;
  /** What the previous user left when it could not clean up. */
  leftBy: Holder | undefined;
  /** Tells others how to reach what runs here. */
  publish(facts: Partial<Holder>): Promise<void>;
  release(): Promise<void>;
}

/** Another process uses the data folder. */
export class FolderInUseError extends StartError {
  override name = 'FolderInUseError';
  readonly holder: Holder | undefined;

  constructor(path: string, holder: Holder | undefined) {
    const process = holder === undefined ? '' : ` (process ${holder.pid})`;
    super(
      `The data folder ${path} is used by a running Slipway${process}. ` +
        'Stop it, or choose another folder with --data.',
    );
    this.holder = holder;
  }
}

/**
 * Takes a data folder for this process, creating it if needed. The lock is held by the kernel, so
 * it ends with the process however that ends. Waits for a command to finish, not for a server.
 *
 * @throws FolderInUseError when another Slipway holds it, StartError when it cannot be written
 */
export async function claimDataFolder(path: string, kind: Holder['kind']): Promise<DataFolder> {
  const folder = await prepareFolder(path);
  const lock = await waitForLock(folder);
  const leftBy = await readHolder(folder);
  let published: Holder = { pid: process.pid, kind };
  const publish = async (facts: Partial<Holder>): Promise<void> => {
    published = { ...published, ...facts };
    await writeHolder(folder, published);
  };
  await publish({});
  return {
    path: folder,
    leftBy,
    publish,
    release: async () => {
      await rm(holderPath(folder), { force: true });
      lock.close();
    },
  };
}

/** What `slipway.json` in a data folder says, or undefined when nothing readable is there. */
export async function readHolder(path: string): Promise<Holder | undefined> {
  try {
    return holderFile.parse(JSON.parse(await readFile(holderPath(path), 'utf8')));
  } catch {
    return undefined;
  }
}

/** As root in somebody else's folder: what we create there stays usable for its owner. */
export async function giveToFolderOwner(folder: string, file: string): Promise<void> {
  if (process.getuid?.() !== 0) return;
  const { uid, gid } = await stat(folder);
  if (uid !== 0) await chown(file, uid, gid);
}

async function prepareFolder(path: string): Promise<string> {
  try {
    await makeFolder(path, 0o700);
    await access(path, constants.R_OK | constants.W_OK | constants.X_OK);
    return await realpath(path);
  } catch (error) {
    throw unwritable(path, error);
  }
}

function unwritable(path: string, error: unknown): StartError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const advice = code === 'ENOSPC' ? 'Make room on its disk' : 'Choose another with --data';
  const reason = code === '' ? '' : ` (${code})`;
  return new StartError(`The data folder ${path} cannot be written${reason}. ${advice}.`, {
    cause: error,
  });
}

async function waitForLock(folder: string): Promise<DatabaseSync> {
  const start = Date.now();
  for (;;) {
    const lock = tryLock(folder);
    if (lock !== undefined) {
      await giveToFolderOwner(folder, lockPath(folder));
      return lock;
    }
    const holder = await readHolder(folder);
    const patienceMs = { server: -1, command: COMMAND_WAIT_MS, unknown: UNKNOWN_WAIT_MS };
    if (Date.now() - start > patienceMs[holder?.kind ?? 'unknown']) {
      throw new FolderInUseError(folder, holder);
    }
    await sleep(100);
  }
}

/** Node has no flock; SQLite's exclusive transaction is the same lock on every platform. */
function tryLock(folder: string): DatabaseSync | undefined {
  let lock: DatabaseSync | undefined;
  try {
    lock = new DatabaseSync(lockPath(folder), { timeout: 0 });
    lock.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
    return lock;
  } catch (error) {
    lock?.close();
    if (error instanceof Error && error.message.includes('locked')) return undefined;
    throw new StartError(
      `The data folder ${folder} cannot be locked: its file "lock" is unreadable or damaged. ` +
        'If no Slipway uses the folder, delete that file.',
      { cause: error },
    );
  }
}

async function writeHolder(folder: string, holder: Holder): Promise<void> {
  const file = holderPath(folder);
  try {
    await writeFile(`${file}.new`, `${JSON.stringify(holder, null, 2)}\n`, { mode: 0o600 });
    await giveToFolderOwner(folder, `${file}.new`);
    await rename(`${file}.new`, file);
  } catch (error) {
    throw unwritable(folder, error);
  }
}

function lockPath(folder: string): string {
  return join(folder, 'lock');
}

function holderPath(folder: string): string {
  return join(folder, 'slipway.json');
}

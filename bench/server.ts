import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readHolder } from '#server/database/embedded/data-folder.ts';
import { projectFolder } from './results.ts';

/** A server of Slipway on an estate of its own, as `npm start` would run it. */
export interface BenchServer {
  /** Such as `http://127.0.0.1:40321`. */
  address: string;
  databaseUrl: string;
  /** Its data folder. */
  folder: string;
  /** Resident memory of the server's process in MB, without PostgreSQL; NaN where the system does not tell. */
  memoryMb(): Promise<number>;
  stop(): Promise<void>;
}

/**
 * Loads an estate into a folder and starts the server on it.
 * @param given a folder to use and keep; one that has an estate already is taken as it is
 */
export async function startBenchServer(
  size: string,
  port: number,
  given: string | undefined,
): Promise<BenchServer> {
  const folder = given ?? (await mkdtemp(join(tmpdir(), 'slipway-bench-')));
  const clean = async () => {
    if (given === undefined) await rm(folder, { recursive: true, force: true });
  };
  try {
    if (!existsSync(join(folder, 'postgres'))) await loadEstate(folder, size);
    const flags = (process.env.SLIPWAY_SERVER_FLAGS ?? '').split(' ').filter(Boolean);
    const child = runNode([...flags, 'server/main.ts', '--data', folder, '--port', String(port)]);
    const address = await waitForAddress(child);
    const holder = await readHolder(folder);
    if (holder?.databaseUrl === undefined) throw new Error('The server has not told its database.');
    return {
      address,
      databaseUrl: holder.databaseUrl,
      folder,
      memoryMb: () => readMemoryMb(child.pid),
      stop: async () => {
        child.kill('SIGTERM');
        await ended(child);
        await clean();
      },
    };
  } catch (error) {
    await clean();
    throw error;
  }
}

async function loadEstate(folder: string, size: string): Promise<void> {
  const started = performance.now();
  const child = runNode(['server/cli/main.ts', '--data', folder, 'estate', 'load', '--size', size]);
  child.stdout?.resume();
  if ((await ended(child)) !== 0) throw new Error(`The estate ${size} could not be loaded.`);
  console.log(
    `Loaded the estate ${size} in ${((performance.now() - started) / 1000).toFixed(1)} s`,
  );
}

/** Runs a file of the project on this Node, on the embedded database and its defaults. */
export function runNode(args: string[]): ChildProcess {
  const child = spawn(process.execPath, args, {
    cwd: projectFolder,
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    env: { ...process.env, DATABASE_URL: '', NODE_ENV: 'production', LOG_LEVEL: 'warn' },
  });
  const kill = () => child.kill('SIGTERM');
  process.once('exit', kill);
  child.once('exit', () => process.off('exit', kill));
  return child;
}

/** @returns the exit code; 1 for a signal */
export function ended(child: ChildProcess): Promise<number> {
  return new Promise((resolve) => {
    if (child.exitCode !== null) resolve(child.exitCode);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}

/** The address in the line that the server prints when it is ready. */
export function waitForAddress(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let printed = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      printed += chunk.toString();
      const address = /runs at (\S+)/.exec(printed)?.[1];
      if (address !== undefined) resolve(address);
    });
    child.once('exit', () => reject(new Error(`The server did not start.\n${printed}`)));
  });
}

async function readMemoryMb(pid: number | undefined): Promise<number> {
  try {
    const status = await readFile(`/proc/${pid}/status`, 'utf8');
    return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) / 1024;
  } catch {
    return Number.NaN;
  }
}

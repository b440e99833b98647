import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, readlink, realpath, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { RunAs } from './postgres-binaries.ts';

const run = promisify(execFile);

/** Signal and patience in ms. Fast shutdown: clients are disconnected, data is written. */
const FAST = ['SIGINT', 5000] as const;
/** Immediate shutdown: safe, but the next start replays the log. */
const IMMEDIATE = ['SIGQUIT', 2000] as const;
const KILL = ['SIGKILL', 1000] as const;

/** Nothing of the caller's environment reaches PostgreSQL: PGDATA and the like would bend it. */
export const CLEAN_ENVIRONMENT = {
  PATH: process.env.PATH ?? '/usr/bin:/bin',
  LC_ALL: 'C',
  TZ: 'UTC',
  ...(process.platform === 'win32' && { SystemRoot: process.env.SystemRoot ?? 'C:\\Windows' }),
};

export interface PostgresProcess {
  child: ChildProcess;
  /** Undefined while it runs, else why it ended. */
  ended(): string | undefined;
  stop(): Promise<void>;
}

/**
 * Runs PostgreSQL so that it stops when this process dies, even by SIGKILL: beside it runs a small
 * shell that waits for the end of a pipe, which the kernel closes for a dead process.
 *
 * @param logFd open file that takes what PostgreSQL prints
 */
export function runPostgres(
  program: string,
  args: string[],
  options: RunAs & { cwd: string; logFd: number },
): PostgresProcess {
  const { cwd, logFd, ...runAs } = options;
  // Detached: Ctrl-C in a terminal reaches the server alone, which then stops PostgreSQL in order.
  const child = spawn(program, args, {
    ...runAs,
    cwd,
    env: CLEAN_ENVIRONMENT,
    detached: process.platform !== 'win32',
    windowsHide: true,
    stdio: ['ignore', logFd, logFd],
  });
  let end: string | undefined;
  child.once('error', (error) => (end ??= error.message));
  child.once('exit', (code, signal) => (end ??= signal ?? `exit code ${code}`));
  const watcher = child.pid === undefined ? undefined : watchOver(child.pid, runAs);
  child.once('exit', () => watcher?.kill('SIGKILL'));
  return { child, ended: () => end, stop: () => stopChild(child, () => end) };
}

/**
 * Stops what still runs on a cluster after its server was killed. The caller holds the lock of the
 * data folder, so no living server needs it.
 */
export async function stopLeftover(cluster: string): Promise<void> {
  const pidFile = join(cluster, 'postmaster.pid');
  const pid = Number((await readFile(pidFile, 'utf8').catch(() => '')).split('\n')[0]);
  if (!Number.isSafeInteger(pid) || pid <= 0) return;
  for (const [signal, patienceMs] of [FAST, IMMEDIATE, KILL]) {
    const deadline = Date.now() + patienceMs;
    for (;;) {
      const running = await findPostgresOn(cluster, pid);
      if (running.length === 0) break;
      if (Date.now() > deadline) break;
      // Without its main process the others end by themselves.
      if (running.includes(pid)) sendSignal(pid, signal);
      await sleep(50);
    }
  }
  // The number belongs to another program by now: PostgreSQL would refuse to start because of it.
  if (isAlive(pid)) await rm(pidFile, { force: true });
}

function watchOver(pid: number, runAs: RunAs): ChildProcess | undefined {
  if (process.platform === 'win32') return undefined;
  const watcher = spawn('/bin/sh', ['-c', 'read -r _; kill -INT "$1"', 'watcher', String(pid)], {
    ...runAs,
    cwd: '/',
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  watcher.on('error', () => undefined);
  watcher.stdin?.on('error', () => undefined);
  watcher.unref();
  return watcher;
}

async function stopChild(child: ChildProcess, ended: () => string | undefined): Promise<void> {
  for (const [signal, patienceMs] of [FAST, IMMEDIATE, KILL]) {
    if (ended() !== undefined) return;
    const exit = once(child, 'exit', { signal: AbortSignal.timeout(patienceMs) });
    child.kill(signal);
    await exit.catch(() => undefined);
  }
}

/** The processes of PostgreSQL on this cluster; elsewhere than on Linux only the main one. */
async function findPostgresOn(cluster: string, mainPid: number): Promise<number[]> {
  if (process.platform !== 'linux') {
    const [program, ...args] =
      process.platform === 'win32'
        ? ['tasklist', '/FI', `PID eq ${mainPid}`]
        : ['ps', '-o', 'command=', '-p', String(mainPid)];
    const { stdout } = await run(program, args).catch(() => ({ stdout: '' }));
    return stdout.includes('postgres') ? [mainPid] : [];
  }
  const folder = await realpath(cluster);
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const onCluster = await Promise.all(
    pids.map(async (pid) => {
      const [at, name] = await Promise.all([
        readlink(`/proc/${pid}/cwd`).catch(() => ''),
        readFile(`/proc/${pid}/comm`, 'utf8').catch(() => ''),
      ]);
      return at === folder && name.trim() === 'postgres' ? [Number(pid)] : [];
    }),
  );
  return onCluster.flat();
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

function sendSignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It ended between the look and the signal.
  }
}

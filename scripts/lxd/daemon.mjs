import { spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ask } from './ask.mjs';

const PREFIX = 'slipway-lxd-';
/** A shell waits for whatever is left without a parent; LXD would not. */
const SUPERVISED = 'lxd --group root --logfile "$0" & wait $!';
const START_MS = 60_000;

/** Of a daemon that was started in a folder of its own. */
export const socketOf = (folder) => join(folder, 'state/unix.socket');

/** Where a daemon has everything; short, since the path of a socket is. */
export function makeFolder() {
  const folder = mkdtempSync(join(tmpdir(), PREFIX));
  writeFileSync(join(folder, 'owner'), String(process.pid));
  mkdirSync(join(folder, 'state'));
  // What is root in a container is nobody here, and has to get to its disk.
  chmodSync(folder, 0o711);
  return folder;
}

/** Folders of runs that were killed before they could tidy up. */
export function leftFolders() {
  return readdirSync(tmpdir())
    .filter((name) => name.startsWith(PREFIX))
    .map((name) => join(tmpdir(), name))
    .filter((folder) => !isAlive(readNumber(join(folder, 'owner'))));
}

/**
 * Starts LXD with processes and mounts of its own: they end with it, however that comes about.
 *
 * @throws Error with its words when it does not answer in time
 */
export async function startLxd(folder) {
  const args = [
    '--mount',
    '--propagation=private',
    '--pid',
    '--fork',
    '--kill-child',
    '--mount-proc',
  ];
  const log = join(folder, 'lxd.log');
  const child = spawn('unshare', [...args, 'sh', '-c', SUPERVISED, log], {
    env: { ...process.env, LXD_DIR: join(folder, 'state') },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  writeFileSync(join(folder, 'pid'), String(child.pid));
  let words = '';
  child.stderr.setEncoding('utf8').on('data', (chunk) => (words = (words + chunk).slice(-2000)));
  const giveUpAt = Date.now() + START_MS;
  while (child.exitCode === null && child.signalCode === null && Date.now() < giveUpAt) {
    const answer = await ask(socketOf(folder), 'GET', '').catch(() => undefined);
    if (answer !== undefined) return;
    await sleep(100);
  }
  throw new Error(`it does not start: ${words.trim().split('\n').at(-1)}`);
}

/** Ends a daemon and its containers, and removes its folder. */
export async function stopLxd(folder) {
  const pid = readNumber(join(folder, 'pid'));
  if (isAlive(pid)) {
    await deleteInstances(socketOf(folder)).catch(() => undefined);
    process.kill(pid, 'SIGKILL');
    while (isAlive(pid)) await sleep(50);
  }
  removeControlGroups(folder);
  // What it had open is let go of a moment after its end.
  rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
}

/** What containers that did not end in order leave in the kernel; each has a folder of logs. */
function removeControlGroups(folder) {
  const logs = join(folder, 'state/logs');
  const names = existsSync(logs) ? readdirSync(logs) : [];
  if (names.length === 0) return;
  const groups = names.flatMap((name) => [`lxc.monitor.${name}`, `lxc.payload.${name}`]);
  const named = groups.flatMap((group) => ['-o', '-name', group]).slice(1);
  spawnSync('find', ['/sys/fs/cgroup', '-depth', '-type', 'd', '(', ...named, ')', '-delete']);
}

/** At once: each takes its time to stop. */
async function deleteInstances(socket) {
  const names = await ask(socket, 'GET', '/instances');
  await Promise.all(
    names.map(async (path) => {
      const own = path.replace('/1.0', '');
      const stop = { action: 'stop', force: true };
      await ask(socket, 'PUT', `${own}/state`, stop).catch(() => undefined);
      await ask(socket, 'DELETE', own).catch(() => undefined);
    }),
  );
}

function readNumber(file) {
  return existsSync(file) ? Number(readFileSync(file, 'utf8')) : Number.NaN;
}

function isAlive(pid) {
  if (Number.isNaN(pid)) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

import { readFileSync } from 'node:fs';

const LOOK_EVERY_MS = 300;

/**
 * Calls `act` once when the npm that runs this script has gone. npm passes SIGTERM to its shell
 * only, which dies of it and tells nobody; after SIGKILL nobody is told either. Without npm above
 * us, or where processes do not change parents (Windows), nothing happens.
 */
export function whenNpmIsGone(act) {
  if (process.env.npm_lifecycle_event === undefined) return;
  const before = ancestors();
  const timer = setInterval(() => {
    if (ancestors() === before) return;
    clearInterval(timer);
    act();
  }, LOOK_EVERY_MS);
  timer.unref();
}

/** Our parent, and npm above it if our parent is the shell that npm started for us. */
function ancestors() {
  const parent = process.ppid;
  try {
    const isShellOfNpm = readFileSync(`/proc/${parent}/cmdline`, 'utf8').split('\0')[1] === '-c';
    if (!isShellOfNpm) return `${parent}`;
    // The name in parentheses may hold spaces; the parent is the second word after it.
    const status = readFileSync(`/proc/${parent}/stat`, 'utf8');
    return `${parent} ${status.slice(status.lastIndexOf(')') + 2).split(' ')[1]}`;
  } catch {
    return `${parent}`;
  }
}

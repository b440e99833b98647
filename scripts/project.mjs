import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { whenNpmIsGone } from './watch-npm.mjs';

/** Where package.json is. */
export const projectFolder = join(dirname(fileURLToPath(import.meta.url)), '..');

/** The Node that the lock file pins; scripts run on any Node >= 20, everything else on this one. */
export const pinnedNode = join(
  projectFolder,
  'node_modules/node/bin',
  process.platform === 'win32' ? 'node.exe' : 'node',
);

/**
 * Node's flags for the server. It needs about 100 MB; without a bound V8 takes half of a gigabyte before it
 * tidies up (docs/performance.md, "Memory").
 */
export const SERVER_FLAGS = ['--max-semi-space-size=8', '--max-old-space-size=256'];

/** A problem for the person at the terminal: one or two sentences, exit code 2. */
export class Problem extends Error {}

export const STOP_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** Where Node keeps what it has compiled: a command then starts in half of the time. */
const COMPILE_CACHE = join(projectFolder, 'node_modules/.cache/node');

/** Runs a script's main function; a Problem becomes its message and exit code 2. */
export async function main(work) {
  process.env.NODE_COMPILE_CACHE ??= COMPILE_CACHE;
  // An exit that is announced takes the programs along that run for us.
  for (const signal of STOP_SIGNALS) process.on(signal, () => process.exit(130));
  whenNpmIsGone(() => process.emit('SIGTERM', 'SIGTERM'));
  try {
    await work();
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    console.error(error.message);
    process.exitCode = 2;
  }
}

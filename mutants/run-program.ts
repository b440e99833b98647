import { type ChildProcess, spawn } from 'node:child_process';
import { delimiter, join } from 'node:path';

/** Tests end by themselves when they take too long; this is for runners that hang. */
const longestMs = 600_000;

const running = new Set<ChildProcess>();

/**
 * Runs a tool of node_modules in a copy of the project, quietly. One that does not come to its end
 * within ten minutes is stopped.
 * @returns everything that it printed
 */
export async function runTool(
  folder: string,
  args: readonly string[],
  environment: NodeJS.ProcessEnv,
): Promise<string> {
  const child = spawn(process.execPath, args, {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: longestMs,
    // Both runners take what they have started along.
    killSignal: 'SIGINT',
    env: {
      ...process.env,
      NODE_ENV: 'test',
      SLIPWAY_TEST_FULL: '',
      NO_COLOR: '1',
      PATH: [join(folder, 'node_modules/.bin'), process.env.PATH].join(delimiter),
      ...environment,
    },
  });
  running.add(child);
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  await ended(child);
  running.delete(child);
  return output;
}

/** Stops everything that runs, and waits for its end. */
export async function stopTools(): Promise<void> {
  await Promise.all([...running].map((child) => (child.kill('SIGINT'), ended(child))));
}

function ended(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', () => resolve());
  });
}

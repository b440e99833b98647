import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const projectFolder = fileURLToPath(new URL('../..', import.meta.url));

export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface Launched {
  child: ChildProcess;
  ended: Promise<Ended>;
  /** What it has printed so far. */
  output(): string;
}

/** Runs a script of the project as npm would: `launch('start', ['--port', '0'])`. */
export function launch(
  script: 'start' | 'slipway',
  args: string[],
  environment: Record<string, string> = {},
): Launched {
  const child = spawn(process.execPath, [`scripts/${script}.mjs`, ...args], {
    cwd: projectFolder,
    env: { ...outerEnvironment(), ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const ended = once(child, 'close').then(() => ({ code: child.exitCode, stdout, stderr }));
  return { child, ended, output: () => stdout + stderr };
}

/** Without what vitest and npm set for the tests themselves. */
function outerEnvironment(): Record<string, string> {
  const kept = ['PATH', 'HOME', 'TMPDIR', 'LANG', 'SystemRoot'];
  return Object.fromEntries(
    kept.flatMap((name) => {
      const value = process.env[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

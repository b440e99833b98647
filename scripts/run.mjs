import { spawn } from 'node:child_process';
import { delimiter, join } from 'node:path';
import { pinnedNode, projectFolder } from './project.mjs';

const REPORT_EVERY_MS = 5000;

/**
 * Runs a program to its end, quietly. Says what is going on at once, and that it still is every
 * five seconds.
 *
 * @returns {Promise<{ code: number, output: string }>} exit code and everything it printed
 */
export function runQuietly(what, program, args, { say = console.log, ...options } = {}) {
  say(`${what} ...`);
  const startedAt = Date.now();
  const seconds = () => Math.round((Date.now() - startedAt) / 1000);
  const timer = setInterval(() => say(`${what} ... ${seconds()} s`), REPORT_EVERY_MS);
  const child = spawn(program, args, {
    cwd: projectFolder,
    shell: process.platform === 'win32',
    ...options,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (chunk) => (output += chunk));
  child.stderr.setEncoding('utf8').on('data', (chunk) => (output += chunk));
  return new Promise((resolve) => {
    const kill = () => child.kill();
    process.once('exit', kill);
    const finish = (code) => {
      process.off('exit', kill);
      clearInterval(timer);
      resolve({ code, output: output.trim() });
    };
    child.once('error', (error) => {
      output += error.message;
      finish(127);
    });
    child.once('close', (code) => finish(code ?? 1));
  });
}

/** Runs a tool on the pinned Node, its output passed through, and answers its exit code. */
export function runTool(args, environment = {}) {
  const child = spawn(pinnedNode, args, {
    cwd: projectFolder,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: {
      ...process.env,
      // Tests and tools decide for themselves; production would make React leave out its checks.
      NODE_ENV: 'test',
      PATH: [join(projectFolder, 'node_modules/.bin'), process.env.PATH].join(delimiter),
      ...environment,
    },
  });
  const kill = () => child.kill();
  process.once('exit', kill);
  return new Promise((resolve) => {
    const finish = (code) => {
      process.off('exit', kill);
      resolve(code ?? 1);
    };
    child.once('error', () => finish(127));
    child.once('exit', finish);
  });
}

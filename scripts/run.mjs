import { spawn } from 'node:child_process';
import { projectFolder } from './project.mjs';

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

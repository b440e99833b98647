import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { projectFolder } from '../project.mjs';
import { ensurePythonProgram } from '../python-environment.mjs';

const START_MS = 60_000;

/**
 * moto, which answers as EC2 does, installed unless it is there already.
 *
 * @returns {Promise<{ program: string } | { reason: string }>} the reason when this machine cannot have it
 * @throws Problem when it could be installed and was not
 */
export function ensureMoto() {
  return ensurePythonProgram({
    name: 'moto',
    program: 'moto_server',
    requirements: join(projectFolder, 'scripts/moto/requirements.txt'),
  });
}

/**
 * Starts moto on this machine alone; it ends with whoever started it, or by `stop`.
 *
 * @returns {Promise<{ url: string, stop: () => void }>}
 * @throws Error with its words when it does not answer in time
 */
export async function startMoto(program) {
  const port = await freePort();
  const child = spawn(program, ['--host', '127.0.0.1', '--port', String(port)], {
    stdio: ['ignore', 'ignore', 'pipe'],
    // Amazon's own images take seconds to load, and nothing here needs them.
    env: { ...process.env, MOTO_EC2_LOAD_DEFAULT_AMIS: 'false' },
  });
  const stop = () => child.kill();
  process.once('exit', stop);
  let words = '';
  child.stderr.setEncoding('utf8').on('data', (chunk) => (words = (words + chunk).slice(-2000)));
  const url = `http://127.0.0.1:${port}`;
  const giveUpAt = Date.now() + START_MS;
  while (child.exitCode === null && child.signalCode === null && Date.now() < giveUpAt) {
    const answer = await fetch(`${url}/moto-api/data.json`).catch(() => undefined);
    if (answer?.ok) return { url, stop };
    await sleep(100);
  }
  stop();
  throw new Error(`it does not start: ${words.trim().split('\n').at(-1)}`);
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

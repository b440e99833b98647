import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { STOP_SIGNALS, projectFolder } from './project.mjs';

// The server of the browser tests, on a data folder that is gone afterwards: FOLDER PORT.
const [folder, port] = process.argv.slice(2);
// Servers start soon, so that a test of what they do need not wait long.
const quickCloud = 'latency=20,boot=800,suspend=300,resume=300,terminate=300,exchange=800';
// The tests sign in once, and may be at it for long.
const patient = { SESSION_IDLE_MINUTES: '720', CONFIRM_AGAIN_MINUTES: '0' };
const server = spawn(
  process.execPath,
  [join(projectFolder, 'scripts/start.mjs'), '--data', folder, '--port', port],
  {
    stdio: 'inherit',
    env: { SIMULATED_CLOUD_MS: quickCloud, ...patient, ...process.env, DATABASE_URL: '' },
  },
);
for (const signal of STOP_SIGNALS) process.on(signal, () => server.kill(signal));
server.once('exit', (code) => {
  rmSync(folder, { recursive: true, force: true });
  process.exit(code ?? 1);
});

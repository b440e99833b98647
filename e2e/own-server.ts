import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const start = fileURLToPath(new URL('../scripts/start.mjs', import.meta.url));

/** A server of a test's own, which it may kill. */
export interface OwnServer {
  address: string;
  data: string;
  /** What its first start prints for whoever sits at the terminal: who opens it is signed in. */
  link: string;
  /** As a crash would: without a word to anybody. */
  kill: () => Promise<void>;
  /** The same again: its data, its port. */
  startAgain: () => Promise<void>;
  /** Ends it and takes its data away. */
  remove: () => Promise<void>;
}

/** Resolves with what a pattern's group finds in what it prints. */
function printed(server: ChildProcess, pattern: RegExp): Promise<string> {
  return new Promise((resolve, reject) => {
    let output = '';
    server.stdout?.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      const found = pattern.exec(output)?.[1];
      if (found !== undefined) resolve(found);
    });
    server.once('exit', () => reject(new Error(`The server did not start: ${output}`)));
  });
}

/** Once it can be used. */
const addressOf = (server: ChildProcess) => printed(server, /Slipway runs at (http:\S+)\s/);
const linkOf = (server: ChildProcess) => printed(server, /(http\S+#token=\S+)\s/);

async function end(server: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  server.kill(signal);
  await once(server, 'exit');
}

/** Resolves once nobody answers there: what was started by the one that is killed notices it a little later. */
async function refused(address: string): Promise<void> {
  const answers = () => fetch(`${address}/healthz`, { signal: AbortSignal.timeout(1_000) });
  while (await answers().then(Boolean, () => false)) await sleep(20);
}

/**
 * Starts a server, beside the one that all tests share.
 * @param settings environment variables
 * @param flags of the start; without any it has the demo estate
 */
export async function startOwnServer(
  settings: Record<string, string> = {},
  flags: readonly string[] = [],
): Promise<OwnServer> {
  const data = await mkdtemp(join(tmpdir(), 'slipway-own-'));
  const run = (port: string) =>
    spawn(process.execPath, [start, ...flags, '--data', data, '--port', port], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, DATABASE_URL: '', ...settings },
    });
  let server = run('0');
  const [address, link] = await Promise.all([addressOf(server), linkOf(server)]);
  return {
    address,
    data,
    link,
    kill: async () => {
      await end(server, 'SIGKILL');
      await refused(address);
    },
    startAgain: async () => {
      server = run(new URL(address).port);
      await addressOf(server);
    },
    remove: async () => {
      await end(server, 'SIGTERM');
      await rm(data, { recursive: true, force: true });
    },
  };
}

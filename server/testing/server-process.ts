import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, vi } from 'vitest';

const ownMain = fileURLToPath(new URL('../main.ts', import.meta.url));

export interface ServerProcess {
  child: ChildProcess;
  address: string;
  /** What it has said so far. */
  output(): string;
  /** What it has complained about so far. */
  errors(): string;
}

/** A server in a process of its own, on a database that others may use too. Resolves once it serves. */
export async function startServerProcess(
  databaseUrl: string,
  {
    port = 0,
    main = ownMain,
    args: more = [],
    environment = {},
  }: { port?: number; main?: string; args?: string[]; environment?: Record<string, string> } = {},
): Promise<ServerProcess> {
  const args = [main, '--port', String(port), '--empty', '--database-url', databaseUrl, ...more];
  const env = { ...process.env, ...environment };
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let [output, errors] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  await vi.waitFor(() => {
    if (child.exitCode === null) expect(output + errors).toMatch(/sign in as/i);
  }, 60_000);
  expect(child.exitCode, errors).toBeNull();
  const address = /Slipway runs at ([^\s"]+)/.exec(output)?.[1] ?? '';
  return { child, address, output: () => output, errors: () => errors };
}

/** Waits for its end. @returns the exit code, null after a signal */
export async function endOf({ child }: ServerProcess): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  return child.exitCode;
}

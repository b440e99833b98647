import { spawn } from 'node:child_process';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Key } from '../signed-client.ts';

const project = fileURLToPath(new URL('../../..', import.meta.url));
/** The real one where `npm run test:clients` has installed it, else what stands in for it. */
const scalrCtl =
  process.env.SLIPWAY_SCALR_CTL ??
  `${process.execPath}" "${join(project, 'server/testing/scalr-ctl/main.ts')}`;

/** Longer than any of them takes, on the busiest machine. */
const patienceMs = 230_000;

export interface Ran {
  code: number | null;
  stdout: string;
  stderr: string;
}

/**
 * Runs a piece of bash in the project's folder, with a home of its own, and with `scalr-ctl` and the
 * scripts of the automation guide on its PATH.
 */
export async function runBash(
  text: string,
  variables: Record<string, string>,
  stdin = '',
): Promise<Ran> {
  const home = await mkdtemp(join(tmpdir(), 'slipway-shell-'));
  const command = join(home, 'scalr-ctl');
  await writeFile(command, `#!/bin/sh\nexec "${scalrCtl}" "$@"\n`);
  await chmod(command, 0o755);
  const path = [home, join(project, 'scripts/automation'), process.env.PATH].join(delimiter);
  try {
    return await runIn(project, text, { HOME: home, PATH: path, ...variables }, stdin);
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}

function runIn(
  cwd: string,
  text: string,
  variables: Record<string, string>,
  stdin: string,
): Promise<Ran> {
  const env = { TMPDIR: process.env.TMPDIR, LANG: process.env.LANG, ...variables };
  const child = spawn('bash', ['-c', text], { cwd, env, timeout: patienceMs });
  const ran: Ran = { code: null, stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (part: string) => (ran.stdout += part));
  child.stderr.setEncoding('utf8').on('data', (part: string) => (ran.stderr += part));
  child.stdin.on('error', () => undefined).end(stdin);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ ...ran, code }));
  });
}

/** What the scripts read of their surroundings. */
export function slipwaySettings(url: string, key: Key): Record<string, string> {
  return { SLIPWAY_URL: url, SLIPWAY_KEY_ID: key.id, SLIPWAY_SECRET_KEY: key.secret };
}

import { spawn } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Key } from '../signed-client.ts';
import { scalrCtl } from './scheme.ts';

/** Longer than any command takes, on the busiest machine. */
const patienceMs = 120_000;

type Json = Record<string, unknown>;

export interface Ran {
  code: number | null;
  stdout: string;
  stderr: string;
  /** The JSON documents that were printed, one in a line. */
  answers: Json[];
}

/** The program with a home of its own, which holds its configuration and what it downloads. */
export interface ScalrCtl {
  /** @param stdin is piped in as JSON; nothing is at the other end without it */
  run(args: string[], stdin?: unknown): Promise<Ran>;
  /**
   * Runs what opens an editor.
   * @param typed is saved there; left out, what was offered is saved as it is
   */
  edit(args: string[], typed?: unknown): Promise<Ran & { offered: string }>;
  close(): Promise<void>;
}

/** @param settings more of the program's own settings */
export async function openScalrCtl(
  address: string,
  key: Key,
  settings: Record<string, unknown>,
): Promise<ScalrCtl> {
  const home = await mkdtemp(join(tmpdir(), 'slipway-client-'));
  const editor = join(home, 'editor');
  await mkdir(join(home, '.scalr'));
  // It reads YAML, and JSON is that.
  await writeFile(
    join(home, '.scalr/default.yaml'),
    JSON.stringify({
      API_SCHEME: 'http',
      API_HOST: new URL(address).host,
      API_KEY_ID: key.id,
      API_SECRET_KEY: key.secret,
      GLOBAL_SCOPE_API_KEY_ID: key.id,
      GLOBAL_SCOPE_API_SECRET_KEY: key.secret,
      colored_output: false,
      view: 'json',
      ...settings,
    }),
  );
  await writeFile(editor, '#!/bin/sh\ncp "$1" "$OFFERED"\ncat "$TYPED" >"$1"\n');
  await chmod(editor, 0o755);
  const run = (args: string[], stdin = '', more: Record<string, string> = {}) =>
    runProgram(args, stdin, { HOME: home, TMPDIR: home, EDITOR: editor, ...more });
  return {
    run: (args, stdin) => run(args, stdin === undefined ? '' : JSON.stringify(stdin)),
    edit: async (args, typed) => {
      const folder = await mkdtemp(join(home, 'edit-'));
      const OFFERED = join(folder, 'offered');
      const TYPED = typed === undefined ? OFFERED : join(folder, 'typed');
      if (typed !== undefined) await writeFile(TYPED, JSON.stringify(typed));
      const ran = await run(args, '', { OFFERED, TYPED });
      return { ...ran, offered: await readFile(OFFERED, 'utf8').catch(() => '') };
    },
    close: () => rm(home, { recursive: true, force: true }),
  };
}

function runProgram(args: string[], stdin: string, own: Record<string, string>): Promise<Ran> {
  const env = { PATH: process.env.PATH, LANG: 'C.UTF-8', ...own };
  const child = spawn(scalrCtl, args, { cwd: own['HOME'], env, timeout: patienceMs });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (part: string) => (stdout += part));
  child.stderr.setEncoding('utf8').on('data', (part: string) => (stderr += part));
  child.stdin.on('error', () => undefined).end(stdin);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      const lines = stdout.split('\n').filter((line) => line.startsWith('{'));
      resolve({ code, stdout, stderr, answers: lines.map((line) => JSON.parse(line) as Json) });
    });
  });
}

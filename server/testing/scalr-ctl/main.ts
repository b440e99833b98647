import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { parse, stringify } from 'yaml';
import { levels } from '#contract/scope.ts';
import { CliClient, type Send } from '../cli-client.ts';
import { readCommandLine, type Settings, UnknownCommandError, UsageError } from './command-line.ts';
import { loadSpec, saveSpec } from './specs.ts';

// Stands in for scalr-ctl 7.16 in a shell: the same words, configuration, requests and output, as far as
// Slipway serves them. Tests put it on the PATH; `npm test` runs where no Python is.

interface Configuration extends Settings {
  API_SCHEME?: string;
  API_HOST?: string;
  API_KEY_ID?: string;
  API_SECRET_KEY?: string;
  GLOBAL_SCOPE_API_KEY_ID?: string;
  GLOBAL_SCOPE_API_SECRET_KEY?: string;
}

const folder = process.env.SCALRCLI_HOME ?? join(homedir(), '.scalr');
const configuration = parse(
  readFileSync(join(folder, `${process.env.SCALRCLI_PROFILE ?? 'default'}.yaml`), 'utf8'),
) as Configuration;

try {
  await run(process.argv.slice(2));
} catch (error) {
  const message = error instanceof Error ? error.message : String(error);
  const isUnknown = error instanceof UnknownCommandError;
  if (isUnknown) process.stdout.write(`${message}\n`);
  else process.stderr.write(`Error: ${message}\n`);
  process.exitCode = isUnknown ? 0 : error instanceof UsageError ? 2 : 1;
}

async function run(args: string[]): Promise<void> {
  if (args[0] === 'update') {
    for (const level of levels) await saveSpec(folder, level, send);
    return;
  }
  const { command, stdin, view, words } = readCommandLine(args, configuration);
  if (stdin) command.stdin = JSON.parse(await text(process.stdin)) as Record<string, unknown>;
  const { level } = command;
  const client = new CliClient(send, keyFor(level), await loadSpec(folder, level, send));
  const printed = await client.run(command);
  const lines = printed.stdout.map((answer) =>
    view === 'json' ? JSON.stringify(answer) : toTree(answer['data']),
  );
  if (words === 'role-images replace') lines.unshift(...tellReplaced(printed.stdout.at(-1)));
  process.stdout.write(lines.map((line) => `${line}\n`).join(''));
  process.stderr.write(printed.stderr.map((line) => `${line}\n`).join(''));
  process.exitCode = printed.exitCode;
}

/** In an environment, where it is made of options, it says this before the answer. */
function tellReplaced(answer: Record<string, unknown> = {}): string[] {
  const { role, image } = (answer['data'] ?? {}) as Record<string, { id: number | string }>;
  return role && image ? [`Role ${role.id} now contains new image ${image.id}.`] : [];
}

/** One pair of keys serves environments and accounts, another Corporate. */
function keyFor(level: string): { id: string; secret: string } {
  const { API_KEY_ID, API_SECRET_KEY, GLOBAL_SCOPE_API_KEY_ID, GLOBAL_SCOPE_API_SECRET_KEY } =
    configuration;
  return level === 'global'
    ? { id: GLOBAL_SCOPE_API_KEY_ID ?? '', secret: GLOBAL_SCOPE_API_SECRET_KEY ?? '' }
    : { id: API_KEY_ID ?? '', secret: API_SECRET_KEY ?? '' };
}

function toTree(data: unknown): string {
  return stringify(data, {
    sortMapEntries: true,
    indentSeq: false,
    singleQuote: true,
    lineWidth: 0,
  });
}

/** `fetch` sends no body with GET. */
async function send({ body, url, ...rest }: Parameters<Send>[0]): ReturnType<Send> {
  const address = `${configuration.API_SCHEME ?? 'https'}://${configuration.API_HOST ?? ''}${url}`;
  return new Promise((resolve, reject) => {
    const headers = { ...rest.headers, 'content-length': Buffer.byteLength(body) };
    const sent = request(address, { ...rest, headers }, (answer) => {
      text(answer).then(
        (received) => resolve({ statusCode: answer.statusCode ?? 0, body: received }),
        reject,
      );
    });
    sent.once('error', reject).end(body);
  });
}

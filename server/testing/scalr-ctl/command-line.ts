import { parseArgs } from 'node:util';
import { findCliCommand } from '#contract/specification/cli-commands.ts';
import { cliRoutes } from '#contract/specification/cli-routes.ts';
import { type Level, levels } from '#contract/scope.ts';
import type { Command } from '../cli-client.ts';

/** What the configuration file holds, as far as commands read it. */
export interface Settings {
  envId?: string | number;
  accountId?: string | number;
  view?: string;
}

export interface CommandLine {
  command: Command;
  /** Whether the body is to be read from standard input. */
  stdin: boolean;
  /** `json` is the answer as it came, `tree` its data as YAML. */
  view: string;
  /** `images replace`, with the scope. */
  words: string;
}

/** It is called wrongly: exit code 2. */
export class UsageError extends Error {}

/** Which it calls a success. */
export class UnknownCommandError extends Error {}

const scopePrefix: Record<Level, string> = {
  user: '/{envId}',
  account: '/{accountId}',
  global: '',
};

/** Options that stand for queries under another name. */
const queryOptions: Record<string, string> = {
  'max-results': 'maxResults',
  'page-number': 'pageNum',
  maxResults: 'maxResults',
  pageNum: 'pageNum',
  deleteFromCloud: 'deleteFromCloud',
};

/**
 * Reads a command line as `scalr-ctl` 7.16 does, for the commands that Slipway serves.
 * @throws UsageError, UnknownCommandError
 */
export function readCommandLine(args: string[], settings: Settings): CommandLine {
  const { values, positionals } = parse(args);
  const words = positionals.join(' ');
  const found = findCommand(words);
  if (!found) throw new UnknownCommandError(`No such command: ${words}.`);
  const params: Record<string, string | number> = {};
  for (const name of pathParameters(found.route)) {
    const value = text(values[name]) ?? settings[name as keyof Settings];
    if (value === undefined) throw new UsageError(`Missing option "--${name}".`);
    params[name] = value;
  }
  const body = buildBody(words.replace(/^(account|global) /, ''), found.level, values);
  return {
    command: { ...found, params, options: queryOf(values), ...(body && { stdin: body }) },
    stdin: values['stdin'] === true && !body,
    view:
      values['json'] === true
        ? 'json'
        : values['tree'] === true
          ? 'tree'
          : (settings.view ?? 'tree'),
    words,
  };
}

type Values = Record<string, string | boolean | undefined>;

const flags = ['stdin', 'json', 'tree', 'nocolor', 'deprecateOldImage'];

function parse(args: string[]): { values: Values; positionals: string[] } {
  const options = Object.fromEntries(
    args
      .filter((word) => word.startsWith('--'))
      .map((word) => word.slice(2).split('=', 1)[0] ?? '')
      .map((name) => [name, { type: flags.includes(name) ? 'boolean' : 'string' } as const]),
  );
  try {
    return parseArgs({ args, options, allowPositionals: true });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function findCommand(words: string): Pick<Command, 'level' | 'method' | 'route'> | undefined {
  for (const level of levels)
    for (const [path, methods] of Object.entries(cliRoutes[level]))
      for (const method of methods.split(' ') as Command['method'][])
        if (findCliCommand(level, method, path) === words)
          return { level, method, route: scopePrefix[level] + path };
  return undefined;
}

function pathParameters(route: string): string[] {
  return Array.from(route.matchAll(/\{(\w+)\}/g), ([, name = '']) => name);
}

/** Values with a comma or a second equals sign cannot be said. */
function queryOf(values: Values): Record<string, string> {
  const query: Record<string, string> = {};
  for (const [option, name] of Object.entries(queryOptions)) {
    const value = text(values[option]);
    if (value !== undefined) query[name] = value;
  }
  for (const pair of text(values['filters'])?.split(',') ?? []) {
    const [name = '', value, ...more] = pair.split('=');
    if (value !== undefined && more.length === 0) query[name] = value;
  }
  return query;
}

type Body = Record<string, unknown> | undefined;

/** Of commands that take options instead of a body. */
function buildBody(command: string, level: Level, values: Values): Body {
  if (command === 'images replace') {
    const scope = (text(values['scope']) ?? ownScope[level]).split(',');
    const deprecateOldImage = values['deprecateOldImage'] === true;
    const newImage = { id: required(values, 'newImageId') };
    return { deprecateOldImage, newImage, ...(level !== 'user' && { scope }) };
  }
  if (command === 'roles clone') return { name: required(values, 'name') };
  // At the other levels the rest takes JSON, or does not exist.
  return level === 'user' ? buildEnvironmentBody(command, values) : undefined;
}

const ownScope: Record<Level, string> = { user: '', account: 'account', global: 'scalr' };

function buildEnvironmentBody(command: string, values: Values): Body {
  if (command === 'role-images create') return roleImage(values, required(values, 'imageId'));
  if (command === 'role-images replace') return roleImage(values, required(values, 'newImageId'));
  if (command !== 'roles deprecate') return undefined;
  const id = text(values['replacement']);
  const deprecate = required(values, 'state') === 'DEPRECATED';
  return { deprecate, ...(id !== undefined && { replacement: { id } }) };
}

const roleImage = (values: Values, id: string) => ({
  image: { id },
  role: { id: required(values, 'roleId') },
});

function required(values: Values, name: string): string {
  const value = text(values[name]);
  if (value === undefined) throw new UsageError(`Missing option "--${name}".`);
  return value;
}

function text(value: Values[string]): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { OperationSpec } from '#contract/operation.ts';
import { operations } from '#contract/operations.ts';
import type { Level } from '#contract/scope.ts';
import { emitSwagger } from '#contract/specification/swagger.ts';

/** The installed program; `npm run test:clients` says where it is. */
export const scalrCtl = process.env.SLIPWAY_SCALR_CTL ?? '';

/** One command, as the program's own table has it. */
export interface SchemeCommand {
  /** As they are typed: `account images list`. */
  words: string;
  level: Level;
  method: OperationSpec['method'];
  /** With its scope. */
  route: string;
  /** Below the scope, as the contract has it. */
  path: string;
  /** The class that carries it out, without its package. */
  by: string;
  /** An alias that the help leaves out. */
  hidden: boolean;
}

export const scopePrefix: Record<Level, string> = {
  user: '/{envId}',
  account: '/{accountId}',
  global: '',
};

interface Node {
  [name: string]: Node | string | boolean | undefined;
  route?: string;
  'http-method'?: string;
  api_level?: string;
  class?: string;
  hidden?: boolean;
}

/** Every command of the program that sends something. */
export function readScheme(): SchemeCommand[] {
  const lib = join(dirname(scalrCtl), '../lib');
  const [file = ''] = globSync(`${lib}/*/site-packages/scalrctl/scheme/scheme.json`);
  return commandsIn(JSON.parse(readFileSync(file, 'utf8')) as Node, []);
}

function commandsIn(node: Node, words: string[]): SchemeCommand[] {
  const { route, api_level: level } = node;
  if (route !== undefined)
    return route === '' || level === undefined
      ? []
      : [toCommand(node, words, route, level as Level)];
  return Object.entries(node).flatMap(([word, child]) =>
    typeof child === 'object' ? commandsIn(child, [...words, word]) : [],
  );
}

function toCommand(node: Node, words: string[], route: string, level: Level): SchemeCommand {
  return {
    words: words.join(' '),
    level,
    method: (node['http-method'] ?? '').toUpperCase() as OperationSpec['method'],
    route,
    path: route.slice(scopePrefix[level].length),
    by: (node.class ?? '').replace('scalrctl.commands.', ''),
    hidden: node.hidden === true,
  };
}

const paths = {
  user: emitSwagger('user').paths,
  account: emitSwagger('account').paths,
  global: emitSwagger('global').paths,
};

/** Whether the served specification has it, so that the program carries it out. */
export const isListed = ({ level, route }: SchemeCommand): boolean => route in paths[level];

/** What a command that is listed asks for. */
export function operationOf({ level, method, path }: SchemeCommand): OperationSpec {
  const found = (Object.values(operations) as OperationSpec[]).find(
    (spec) => spec.method === method && spec.path === path && spec.levels.includes(level),
  );
  if (!found) throw new Error(`${method} ${path} is listed at the ${level} level, and not served`);
  return found;
}

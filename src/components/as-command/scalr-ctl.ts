import { findCliCommand } from '#contract/specification/cli-commands.ts';
import { operations } from '#contract/operations.ts';
import type { OperationId, ServiceInput } from '#contract/operations.ts';
import type { Level } from '#contract/scope.ts';

import { levelOf } from '../../api/request.ts';
import type { AnyChange, At, LooseInput } from '../../api/request.ts';
import { shellWord } from '../../util/shell.ts';

/** The command, or in a sentence why there is none. */
export type CliCommand = { command: string } | { missing: string };

type Options = Record<string, string | number | boolean | undefined>;
type BodyOf<Id extends OperationId> = ServiceInput<Id>['body'];
type BodyOptions = {
  [Id in OperationId]?: (body: BodyOf<Id>, level: Level) => Options | undefined;
};

/** Commands that take options and make the body themselves; all others read it from standard input. */
const bodyOptions: BodyOptions = {
  imageReplace: ({ newImage, scope, deprecateOldImage }, level) => ({
    newImageId: newImage.id,
    // An environment has only itself to reach.
    scope: level === 'user' ? undefined : scope?.join(','),
    deprecateOldImage,
  }),
  roleClone: ({ name }) => ({ name }),
  roleDeprecate: ({ deprecate, replacement }, level) =>
    level === 'user'
      ? { state: deprecate === false ? 'ACTIVE' : 'DEPRECATED', replacement: replacement?.id }
      : undefined,
  roleImageCreate: ({ image }, level) => (level === 'user' ? { imageId: image.id } : undefined),
  roleImageReplace: ({ image }, level) => (level === 'user' ? { newImageId: image.id } : undefined),
};

/** Of a body, what not every command has a word for. */
interface Body {
  deprecate?: boolean;
  reason?: string;
  replacement?: object | null;
  onIncompatible?: string;
  allowArchitectureChange?: boolean;
}

/** What a change says and the command has no word for, as verbs. */
function unsaid(body: Body, words: string): string[] {
  const { reason, replacement, onIncompatible, allowArchitectureChange } = body;
  const isSaid = words === 'roles deprecate';
  return [
    ...(reason === undefined ? [] : ['give the reason']),
    ...(replacement == null || isSaid ? [] : ['name what to use instead']),
    ...(onIncompatible === 'skip' ? ['leave roles out'] : []),
    ...(allowArchitectureChange === true ? ['allow another architecture'] : []),
  ];
}

/** Where no command deprecates, the update does by its flag. */
const updates: Partial<Record<OperationId, OperationId>> = {
  imageDeprecate: 'imageUpdate',
  roleDeprecate: 'roleUpdate',
};

/** The command for an operation, or for the update that does the same. */
function findCommand(id: OperationId, level: Level, body: Body) {
  const { method, path } = operations[id];
  const words = findCliCommand(level, method, path);
  const update = updates[id];
  if (words !== undefined || update === undefined) return { words, method, body };
  const { method: patch, path: object } = operations[update];
  const flag = { deprecated: body.deprecate };
  return { words: findCliCommand(level, patch, object), method: patch, body: flag };
}

const none: CliCommand = { missing: 'scalr-ctl has no command for this.' };

function scopeOptions(at: At): Options {
  if (at === 'self' || at.scope === 'scalr') return {};
  return at.scope === 'account' ? { accountId: at.accountId } : { envId: at.environmentId };
}

function optionWords(options: Options): string[] {
  return Object.entries(options).flatMap(([name, value]) => {
    if (value === undefined || value === false) return [];
    return value === true ? [`--${name}`] : [`--${name}`, shellWord(String(value))];
  });
}

/** What `scalr-ctl` is told to bring a change about. */
export function scalrCtlCommand({ id, at, input }: AnyChange): CliCommand {
  const level = levelOf(at);
  if (level === 'self') return none;
  const { params, query = {}, body: given = {} } = input as LooseInput & { body?: Body };
  const { words, method, body } = findCommand(id, level, given);
  if (words === undefined) return none;
  const unsayable = unsaid(given, words);
  if (unsayable.length > 0) {
    return { missing: `scalr-ctl can do this, but not ${unsayable.join(', or ')}.` };
  }
  // The row of an operation takes its body: the change says so.
  const built = bodyOptions[id]?.(given as never, level);
  const queries = Object.entries(query).map(([name, value]) => [name, value?.toString()]);
  const options = {
    ...scopeOptions(at),
    ...params,
    ...(Object.fromEntries(queries) as Options),
    ...built,
  };
  const isRead = built === undefined && (method === 'POST' || method === 'PATCH');
  const json = isRead ? ['--stdin', '<<<', shellWord(JSON.stringify(body))] : [];
  return { command: ['scalr-ctl', words, ...optionWords(options), ...json].join(' ') };
}

import type { z } from 'zod';
import { ApiError, type ErrorCode } from '#contract/errors.ts';
import type { OperationSpec } from '#contract/operation.ts';
import type { Level } from './address.ts';
import { checkNamedScope } from './named-scope.ts';
import { type Restated, takeRestated } from '../restated.ts';
import { shorten } from './shorten.ts';

/**
 * The query of a URL as an object.
 * @throws ApiError InvalidStructure when a parameter stands twice, BadRequest when it cannot be decoded
 */
export function parseQuery(url: string): Record<string, string> {
  const start = url.indexOf('?');
  const query: Record<string, string> = Object.create(null) as Record<string, string>;
  if (start === -1) return query;
  for (const part of url.slice(start + 1).split('&')) {
    if (part === '') continue;
    const [name = '', value = ''] = splitOnce(part).map(decode);
    if (name in query) {
      const field = shorten(name);
      throw new ApiError('InvalidStructure', `The query has "${field}" twice. Send it once.`, {
        field,
      });
    }
    query[name] = value;
  }
  return query;
}

function splitOnce(part: string): [string, string] {
  const equals = part.indexOf('=');
  return equals === -1 ? [part, ''] : [part.slice(0, equals), part.slice(equals + 1)];
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    throw new ApiError('BadRequest', 'The query is not valid percent-encoded UTF-8.');
  }
}

interface Parts {
  params: unknown;
  query: unknown;
  body: unknown;
}

/**
 * The three parts of a request, checked against the operation's schemas, and what a PATCH says of members
 * that it cannot change.
 * @throws ApiError
 */
export function parseInput(
  spec: OperationSpec,
  level: Level,
  parts: Parts,
): { input: Parts; restated?: Restated } {
  const params = spec.params.safeParse(parts.params);
  if (!params.success) throw wrongPath(params.error);
  checkNamedScope(spec, level, parts);
  const query = spec.query.safeParse(parts.query);
  if (!query.success) throw wrongInput(query.error, parts.query, 'query');
  const input = { params: params.data, query: query.data, body: undefined };
  if (!spec.body) return { input };
  const { body: given, ...rest } = takeRestated(spec, parts.body ?? {});
  const body = spec.body.safeParse(given);
  if (!body.success) throw wrongInput(body.error, given, 'body');
  return { input: { ...input, body: body.data }, ...rest };
}

function wrongPath(error: z.ZodError): ApiError {
  const issue = error.issues[0];
  return new ApiError(
    'EndpointNotFound',
    `There is nothing at this path: ${String(issue?.path[0])} ${issue?.message}.`,
  );
}

/** Turns the first thing that is wrong into Scalr's code and one sentence that names the member. */
function wrongInput(error: z.ZodError, input: unknown, where: 'query' | 'body'): ApiError {
  const issue = deepest(error.issues[0]);
  if (!issue) return new ApiError('InvalidStructure', `The ${where} is not as it should be.`);
  // A parameter of a query is one text, whatever is read from it.
  const field = (where === 'query' ? issue.path.slice(0, 1) : issue.path).join('.');
  if (issue.code === 'unrecognized_keys') {
    const key = shorten(issue.keys[0] ?? '');
    const name = field === '' ? key : `${field}.${key}`;
    const message =
      where === 'query'
        ? `"${key}" is not a parameter of this request. Remove it, or check its spelling.`
        : `"${name}" cannot be set here. Remove it: it is unknown or read-only.`;
    return new ApiError('InvalidStructure', message, { field: name });
  }
  const missing = issue.code === 'custom' ? undefined : missingPart(input, issue.path);
  if (missing !== undefined)
    return new ApiError('InvalidStructure', `"${missing}" is missing.`, { field: missing });
  const isNoObject = issue.code === 'invalid_type' && issue.expected === 'object';
  const code: ErrorCode = isNoObject ? 'InvalidStructure' : 'InvalidValue';
  return new ApiError(code, `"${field}" ${sentence(issue)}.`, { field });
}

type Issue = z.core.$ZodIssue;

/** Of a union, what the branch that came closest says. */
function deepest(issue: Issue | undefined): Issue | undefined {
  if (issue?.code !== 'invalid_union') return issue;
  const inner = issue.errors.flat()[0];
  return inner ? deepest({ ...inner, path: [...issue.path, ...inner.path] }) : issue;
}

function sentence(issue: Issue): string {
  if (issue.code === 'invalid_type' && issue.message.startsWith('Invalid input'))
    return `must be ${article(issue.expected)}`;
  if (issue.code === 'invalid_value' && issue.message.startsWith('Invalid'))
    return `must be one of ${issue.values.map(String).join(', ')}`;
  return issue.message.replace(/^Invalid input: /, 'is wrong: ').replace(/\.$/, '');
}

function article(type: string): string {
  if (type === 'int' || type === 'number') return 'a number';
  if (type === 'boolean') return 'true or false';
  return /^[aeiou]/.test(type) ? `an ${type}` : `a ${type}`;
}

/**
 * The outermost part of a path that is not there: `os`, not `os.id`, where there is no `os`. What stands
 * for an object (a bare id) or a list (`a,b`) is there.
 */
function missingPart(input: unknown, path: PropertyKey[]): string | undefined {
  let value = input;
  for (const [index, key] of path.entries()) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Record<PropertyKey, unknown>)[key];
    if (value === undefined) return path.slice(0, index + 1).join('.');
  }
  return undefined;
}

import type { z } from 'zod';
import { ApiError } from '#contract/errors.ts';
import { apiBase, operations } from '#contract/operations.ts';
import type { OperationId, Operations, ServiceInput } from '#contract/operations.ts';
import type { OperationSpec } from '#contract/operation.ts';
import type { Level } from '#contract/scope.ts';

import { basePath } from '../util/base-path.ts';
import type { PathScope } from '../util/paths.ts';

/** Where a request goes: a scope, or `self` for what belongs to the signed-in user alone. */
export type At = PathScope | 'self';

/** A number may also be the text that an address holds. */
type Lenient<T> = NonNullable<T> extends number ? T | string : T;
type Params<Id extends OperationId> = {
  [K in keyof z.output<Operations[Id]['params']>]: string | number;
};
type Query<Id extends OperationId> = {
  [K in keyof z.output<Operations[Id]['query']>]: Lenient<z.output<Operations[Id]['query']>[K]>;
};

/** Nothing needs to be given for a part without required members. */
type Part<Name extends string, Value> =
  Record<never, never> extends Value ? { [K in Name]?: Value | undefined } : { [K in Name]: Value };
type BodyPart<Id extends OperationId> = Operations[Id] extends { body: z.ZodType }
  ? { body: ServiceInput<Id>['body'] }
  : { body?: undefined };

/**
 * What an operation is given. `ifMatch` is the version of the object that the user looked at, `digest` that
 * of the plan.
 */
export type Input<Id extends OperationId> = Part<'params', Params<Id>> &
  Part<'query', Query<Id>> &
  BodyPart<Id> & { ifMatch?: number | undefined; digest?: string | undefined };

type Scalar = string | number | boolean;
export interface LooseInput {
  params?: Record<string, Scalar> | undefined;
  query?: Record<string, Scalar | string[] | undefined> | undefined;
  body?: unknown;
  ifMatch?: number | undefined;
  digest?: string | undefined;
}

/** The tree that a scope's requests go to. */
export function levelOf(at: At): Level | 'self' {
  if (at === 'self') return 'self';
  if (at.scope === 'scalr') return 'global';
  return at.scope === 'account' ? 'account' : 'user';
}

function prefixOf(at: At): string {
  if (at === 'self') return '/self';
  if (at.scope === 'scalr') return '/global';
  return at.scope === 'account' ? `/account/${at.accountId}` : `/user/${at.environmentId}`;
}

function searchOf(query: NonNullable<LooseInput['query']>): string {
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) {
    const text = Array.isArray(value) ? value.join(',') : String(value ?? '');
    if (text !== '') search.set(key, text);
  }
  const text = search.toString();
  return text === '' ? '' : `?${text}`;
}

function urlOf(spec: OperationSpec, at: At, { params = {}, query = {} }: LooseInput): string {
  if (!spec.levels.includes(levelOf(at))) {
    throw new ApiError('EndpointNotFound', `${spec.path} does not exist at this scope.`);
  }
  const path = spec.path.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(String(params[name])),
  );
  return basePath + apiBase + prefixOf(at) + path + searchOf(query);
}

/** The address of an operation, for links that the browser follows by itself (downloads). */
export function operationUrl<Id extends OperationId>(id: Id, at: At, input: Input<Id>): string {
  return urlOf(operations[id], at, input as LooseInput);
}

/**
 * One operation with all that it is given, as data. What changes something is said once as a Change:
 * dialogs show it as a command, and hand over the same one to be carried out.
 */
export interface Change<Id extends OperationId = OperationId> {
  readonly id: Id;
  readonly at: At;
  readonly input: Input<Id>;
}

/** A change of whatever kind, to look at. */
export interface AnyChange {
  readonly id: OperationId;
  readonly at: At;
  readonly input: object;
}

/** A change among others that are shown together. */
export interface ShownChange extends AnyChange {
  /** The variable that later ones find the id of what it makes in (util/later-id.ts). */
  readonly makes?: string;
}

/** What goes over the wire. */
export interface WireRequest {
  method: OperationSpec['method'];
  url: string;
  /** JSON; undefined for none. */
  body: string | undefined;
  /** With its quotes, as the header has it. */
  ifMatch: string | undefined;
  /** Of the plan that was shown. Commands leave it out: they are carried out as they stand. */
  digest: string | undefined;
}

/** The request that an operation is: the one that is sent, and the one that is shown. */
export function requestOf({ id, at, input }: AnyChange): WireRequest {
  const spec: OperationSpec = operations[id];
  const { body, ifMatch, digest, ...address } = input as LooseInput;
  return {
    method: spec.method,
    url: urlOf(spec, at, address),
    body: body === undefined ? undefined : JSON.stringify(body),
    ifMatch: ifMatch === undefined ? undefined : `"${ifMatch}"`,
    digest,
  };
}

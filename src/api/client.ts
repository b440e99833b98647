import type { z } from 'zod';
import type { Envelope, ErrorEnvelope, Pagination, Warning } from '#contract/envelope.ts';
import { ApiError, errorStatus } from '#contract/errors.ts';
import type { ErrorCode } from '#contract/errors.ts';
import { apiBase, operations } from '#contract/operations.ts';
import type { Data, Meta, OperationId, Operations, ServiceInput } from '#contract/operations.ts';
import type { OperationSpec } from '#contract/operation.ts';
import type { Level } from '#contract/scope.ts';
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

/** What an operation is given. `ifMatch` is the version of the object that the user looked at. */
export type Input<Id extends OperationId> = Part<'params', Params<Id>> &
  Part<'query', Query<Id>> &
  BodyPart<Id> & { ifMatch?: number | undefined };

/** The envelope as it came, with the revision of the data (`<corporate>.<account>`). */
export interface Answer<Id extends OperationId> {
  data: Data<Id>;
  warnings: Warning[];
  pagination: Pagination | undefined;
  meta: { requestId: string } & (Meta<Id> extends undefined ? unknown : Meta<Id>);
  revision: string | undefined;
}

/** The server gives up after 10 s by itself; this catches a connection that went dead. */
const timeoutMs = 30_000;

type Scalar = string | number | boolean;
interface LooseInput {
  params?: Record<string, Scalar> | undefined;
  query?: Record<string, Scalar | string[] | undefined> | undefined;
  body?: unknown;
  ifMatch?: number | undefined;
}

function levelOf(at: At): Level | 'self' {
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

function looseUrl(spec: OperationSpec, at: At, { params = {}, query = {} }: LooseInput): string {
  if (!spec.levels.includes(levelOf(at))) {
    throw new ApiError('EndpointNotFound', `${spec.id} does not exist at this scope.`);
  }
  const path = spec.path.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(String(params[name])),
  );
  return apiBase + prefixOf(at) + path + searchOf(query);
}

/** The address of an operation, for links that the browser follows by itself (downloads). */
export function operationUrl<Id extends OperationId>(id: Id, at: At, input: Input<Id>): string {
  return looseUrl(operations[id], at, input as LooseInput);
}

async function send(url: string, init: RequestInit, signal?: AbortSignal): Promise<Response> {
  const timeout = AbortSignal.timeout(timeoutMs);
  try {
    return await fetch(url, {
      ...init,
      signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
    });
  } catch (error) {
    // Whoever asked has lost interest: that is no failure.
    if (signal?.aborted === true) throw error;
    throw new ApiError(
      'ServiceUnavailable',
      timeout.aborted
        ? 'The server did not answer for 30 seconds. Try again; what you did may have been carried out.'
        : 'The server cannot be reached. Check that it runs and that you are connected, then try again.',
    );
  }
}

function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(errorStatus, code);
}

/** An answer from something else than Slipway, such as a proxy in between. */
function foreignError(status: number): ApiError {
  const isClient = status >= 400 && status < 500;
  return new ApiError(
    isClient ? 'BadRequest' : 'ServiceUnavailable',
    `The server answered ${status} without saying why. Try again in a moment.`,
  );
}

function errorOf(status: number, envelope: Partial<ErrorEnvelope> | undefined): ApiError {
  const [first] = envelope?.errors ?? [];
  if (first === undefined) return foreignError(status);
  const { code, message, ...details } = first;
  const error = new ApiError(
    isErrorCode(code) ? code : foreignError(status).code,
    message,
    details as ApiError['details'],
  );
  return Object.assign(error, { requestId: envelope?.meta?.requestId });
}

async function readJson(response: Response): Promise<unknown> {
  try {
    return await response.json();
  } catch {
    return undefined;
  }
}

/**
 * Carries out one operation of the contract on the server: the only place that fetches.
 * Throws an ApiError with the server's code, message and details; where no answer came,
 * `ServiceUnavailable`. A signal that is aborted rejects with the browser's AbortError.
 */
export async function call<Id extends OperationId>(
  id: Id,
  at: At,
  input: Input<Id>,
  signal?: AbortSignal,
): Promise<Answer<Id>> {
  const spec: OperationSpec = operations[id];
  const { body, ifMatch, ...address } = input as LooseInput;
  const response = await send(
    looseUrl(spec, at, address),
    {
      method: spec.method,
      credentials: 'same-origin',
      headers: {
        accept: 'application/json',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(ifMatch === undefined ? {} : { 'if-match': `"${ifMatch}"` }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    },
    signal,
  );
  const json = await readJson(response);
  if (!response.ok) throw errorOf(response.status, json as Partial<ErrorEnvelope> | undefined);
  if (typeof json !== 'object' || json === null) throw foreignError(response.status);
  const envelope = json as Envelope<Data<Id>>;
  return {
    data: envelope.data,
    warnings: envelope.warnings,
    pagination: envelope.pagination,
    meta: envelope.meta as Answer<Id>['meta'],
    revision: response.headers.get('x-revision') ?? undefined,
  };
}

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ApiError } from '#contract/errors.ts';
import { idText } from '#contract/fields.ts';
import type { OperationSpec } from '#contract/operation.ts';
import { apiBase, type OperationId, operations } from '#contract/operations.ts';
import type { ScopeAddress } from '../auth/authorise.ts';
import { perform } from '../perform.ts';
import { toPagination } from './answer.ts';
import { type CallerSettings, findCaller } from './caller.ts';
import { writeSessionCookie } from './cookies.ts';
import { sendCsv } from './csv.ts';
import { parseInput, parseQuery } from './input.ts';

export type RouteSettings = CallerSettings;

type Address = OperationSpec['levels'][number];

const levelPath: Record<Address, string> = {
  global: '/global',
  account: '/account/:accountId',
  user: '/user/:envId',
  self: '/self',
};

const methods = ['GET', 'POST', 'PATCH', 'PUT', 'DELETE', 'OPTIONS', 'TRACE'] as const;

/** Puts every operation of the contract at its paths; other methods there are answered with 405. */
export function addRoutes(app: FastifyInstance, settings: RouteSettings): void {
  const taken = new Map<string, Set<string>>();
  for (const spec of Object.values(operations) as OperationSpec[]) {
    for (const level of spec.levels) {
      const url = apiBase + levelPath[level] + toFastifyPath(spec.path);
      app.route({ method: spec.method, url, handler: handle(spec, level, settings) });
      taken.set(url, (taken.get(url) ?? new Set()).add(spec.method));
    }
  }
  for (const [url, served] of taken) {
    const allow = [...served, ...(served.has('GET') ? ['HEAD'] : [])].join(', ');
    app.route({
      method: methods.filter((method) => !served.has(method)),
      url,
      handler: (request, reply) => {
        reply.header('allow', allow);
        throw new ApiError(
          'MethodNotAllowed',
          `${request.method} is not possible here; ${allow} are.`,
        );
      },
    });
  }
}

/** `{imageId}` becomes `:imageId`. */
function toFastifyPath(path: string): string {
  return path.replaceAll(/\{(\w+)\}/g, ':$1');
}

function handle(spec: OperationSpec, level: Address, settings: RouteSettings) {
  return async (request: FastifyRequest, reply: FastifyReply) => {
    const { caller, credential } = await findCaller(request, settings);
    const input = parseInput(spec, {
      params: request.params,
      query: parseQuery(request.url),
      body: request.body,
    });
    const answer = await perform(settings.db, {
      operation: spec.id as OperationId,
      caller,
      credential,
      address: toAddress(level, request.params as Record<string, string>),
      // The parts were parsed by this operation's own schemas.
      input: input as never,
      secrets: settings.secrets,
      requestId: request.id,
      origin: request.ip,
      ifMatch: ifMatchOf(request),
      ...(spec.kind === 'csv' && {
        consume: (rows, head) => sendCsv(reply, rows, head, 'slipway-usage'),
      }),
    });
    if (spec.kind === 'csv') return reply;
    if (answer.session !== undefined)
      writeSessionCookie(reply, answer.session, settings.secureCookies);
    if (answer.revision !== undefined) reply.header('x-revision', answer.revision);
    return reply.status(answer.status ?? spec.status).send({
      meta: { requestId: answer.requestId, ...(answer.meta as object | undefined) },
      data: answer.data,
      warnings: answer.warnings,
      ...(spec.kind === 'list' && { pagination: toPagination(answer.page, request.url) }),
    });
  };
}

function toAddress(level: Address, params: Record<string, string>): ScopeAddress {
  if (level === 'account') return { level, accountId: scopeId(params.accountId, 'account') };
  if (level === 'user') return { level, envId: scopeId(params.envId, 'environment') };
  return { level };
}

/** @throws ApiError InvalidValue, as Scalr has it for scopes; other ids of a path are EndpointNotFound */
function scopeId(text: string | undefined, what: string): number {
  const id = idText.safeParse(text);
  if (id.success) return id.data;
  throw new ApiError(
    'InvalidValue',
    `The id of the ${what} in the path ${id.error.issues[0]?.message ?? 'is wrong'}.`,
  );
}

/** If-Match carries the version of an object, as in `"7"`. @throws ApiError BadRequest */
function ifMatchOf(request: FastifyRequest): number | undefined {
  const header = request.headers['if-match'];
  if (header === undefined || header === '*') return undefined;
  const version = /^"([1-9][0-9]{0,8})"$/.exec(header)?.[1];
  if (version === undefined)
    throw new ApiError('BadRequest', 'If-Match must be a version in quotes, such as "7", or *.');
  return Number(version);
}

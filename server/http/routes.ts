import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Warning } from '#contract/envelope.ts';
import { planDigestHeader } from '#contract/plan-header.ts';
import { planDigest } from '#contract/plans.ts';
import { ApiError } from '#contract/errors.ts';
import type { OperationSpec } from '#contract/operation.ts';
import { apiBase, type OperationId, operations } from '#contract/operations.ts';
import { notSignedIn } from '../auth/authorise.ts';
import {
  type Answer,
  type Channels,
  type Clouds,
  type OperationRequest,
  perform,
  type PasskeySite,
  prepare,
  type Replica,
  type SignInWays,
} from '../perform.ts';
import { isRead } from '../operation-kinds.ts';
import type { Admission } from './admission.ts';
import { findAddress, type Level, levelPaths } from './address.ts';
import { toPagination } from './answer.ts';
import { type CallerSettings, findCaller } from './caller.ts';
import { writeSessionCookie } from './cookies.ts';
import { sendCsv } from './csv.ts';
import type { Exports } from './exports.ts';
import { parseInput, parseQuery } from './input.ts';
import { passkeySiteOf } from './passkey-site.ts';
import { sendPointer } from './pointer.ts';
import { repeatOf } from './repeats.ts';
import { parseBody } from './strict-json.ts';

export interface RouteSettings extends CallerSettings {
  admission: Admission;
  exports: Exports;
  channels: Channels | undefined;
  /** Which ways there are to sign in, as far as is known now. */
  ways: (site: PasskeySite | undefined) => SignInWays;
  clouds: Clouds | undefined;
  /** Where what feeds no write may be read. */
  replica: Replica | undefined;
}

const strangersBodyBytes = 2_048;
const methods = ['GET', 'HEAD', 'POST', 'PATCH', 'PUT', 'DELETE', 'OPTIONS', 'TRACE'] as const;

/** Puts every operation of the contract at its paths; other methods there are answered with 405. */
export function addRoutes(app: FastifyInstance, settings: RouteSettings): void {
  const taken = new Map<string, Set<string>>();
  for (const spec of Object.values(operations) as OperationSpec[]) {
    for (const level of spec.levels) {
      for (const prefix of levelPaths[level]) {
        const url = apiBase + prefix + toFastifyPath(spec.path);
        const handler = handle(spec, level, settings);
        // Whoever has not said who they are has little to say.
        const bodyLimit = spec.permission === 'none' ? { bodyLimit: strangersBodyBytes } : {};
        app.route({ method: spec.method, url, handler, ...bodyLimit });
        taken.set(url, (taken.get(url) ?? new Set()).add(spec.method));
      }
    }
  }
  for (const [url, served] of taken)
    refuseOthers(app, url, [...served, ...(served.has('GET') ? ['HEAD'] : [])]);
}

/** Answers every method at a path with 405 that it is not served with. */
export function refuseOthers(app: FastifyInstance, url: string, served: readonly string[]): void {
  const allow = served.join(', ');
  app.route({
    method: methods.filter((method) => !served.includes(method)),
    url,
    handler: (request, reply) => {
      reply.header('allow', allow);
      throw new ApiError(
        'MethodNotAllowed',
        `${request.method} is not possible here. Possible: ${allow}.`,
      );
    },
  });
}

/** `{imageId}` becomes `:imageId`. */
function toFastifyPath(path: string): string {
  return path.replaceAll(/\{(\w+)\}/g, ':$1');
}

function handle(spec: OperationSpec, level: Level, settings: RouteSettings) {
  return async (request: FastifyRequest, reply: FastifyReply) => {
    if (spec.permission === 'none') settings.limits.signIns.take(request.ip);
    const { caller, credential } = await findCaller(request, settings);
    // Before anything is parsed that costs.
    if (caller.kind === 'anonymous' && spec.permission !== 'none') throw notSignedIn();
    const params = request.params as Record<string, string>;
    const address = await findAddress(settings.db, level, params, caller);
    const { input, restated } = parseInput(spec, level, {
      params,
      query: parseQuery(request.url),
      body: parseBody(request.rawBody),
    });
    const asked: OperationRequest<OperationId> = {
      operation: spec.id as OperationId,
      caller,
      credential,
      address,
      // The parts were parsed by this operation's own schemas.
      input: input as never,
      restated,
      secrets: settings.secrets,
      channels: settings.channels,
      ...signInHere(request, settings),
      clouds: settings.clouds,
      replica: settings.replica,
      requestId: request.id,
      origin: request.ip,
      userAgent: request.headers['user-agent'],
      sessions: settings.sessions,
      ifMatch: ifMatchOf(request),
      planDigest: planDigestOf(request),
      repeat: repeatOf(request),
    };
    if (spec.kind === 'csv') return exportRows(reply, asked, settings);
    const turn = { caller, address, writes: !isRead(spec), answer: reply.raw };
    const answer = await performInTurn(asked, turn, settings);
    if (answer.session !== undefined) writeSessionCookie(reply, answer.session, settings);
    addHeadersOf(reply, spec, answer);
    const envelope = {
      meta: { requestId: answer.requestId, ...(answer.meta as object | undefined) },
      data: answer.data,
      warnings: [...answer.warnings, ...movedWarning(request, settings)],
      ...(spec.kind === 'list' && {
        pagination: toPagination(answer.page, settings.basePath + request.url),
      }),
    };
    if (spec.plain !== undefined)
      return sendPointer(request, reply, { envelope, plain: spec.plain });
    return reply.status(answer.status ?? spec.status).send(envelope);
  };
}

/** How people sign in at the address that a request came to. */
function signInHere(request: FastifyRequest, settings: RouteSettings) {
  const site = passkeySiteOf(request, settings);
  return { site, ways: settings.ways(site) };
}

/** What takes long without the database, such as hashing a password, takes nobody's turn. */
async function performInTurn(
  asked: OperationRequest<OperationId>,
  turn: Parameters<Admission['run']>[0],
  { db, admission }: RouteSettings,
): Promise<Answer<OperationId>> {
  const prepared = await prepare(db, asked);
  return admission.run(turn, () => perform(db, { ...asked, prepared }));
}

/** What the headers say of an answer. */
function addHeadersOf(reply: FastifyReply, spec: OperationSpec, answer: Answer<OperationId>): void {
  if (answer.isReplay) reply.header('idempotency-replayed', 'true');
  if (answer.revision !== undefined) reply.header('x-revision', answer.revision);
  if (answer.position !== undefined) reply.header('x-position', answer.position);
  const version = versionOf(spec, answer);
  if (version !== undefined) reply.header('etag', `"${version}"`);
}

async function exportRows(
  reply: FastifyReply,
  asked: OperationRequest<OperationId>,
  { exports }: RouteSettings,
): Promise<FastifyReply> {
  if (asked.caller.kind !== 'user') throw notSignedIn();
  // As the list is called in its path: slipway-usage.csv, slipway-images.csv.
  const name = `slipway-${operations[asked.operation].path.split('/')[1]}`;
  await exports.run(asked.caller.userId, (signal, sent) =>
    perform(exports.db, {
      ...asked,
      consume: async (rows, head) => {
        await sendCsv(reply, rows, head, { name, signal });
        sent();
      },
    }),
  );
  return reply;
}

/** A request to a path in the old order is carried out, and told where it has moved to. */
function movedWarning(
  { url, originalUrl }: FastifyRequest,
  { basePath }: RouteSettings,
): Warning[] {
  const now = basePath + url;
  if (now === originalUrl) return [];
  return [{ code: '301 Moved Permanently', message: `Location ${now.split('?')[0]}` }];
}

/** The version of the object that is answered, which If-Match may name (docs/domain.md, "Versions"). */
function versionOf(
  { kind }: OperationSpec,
  { version, data }: { version?: number; data: unknown },
): number | undefined {
  if (version !== undefined || kind !== 'object') return version;
  const own = (data as { version?: unknown } | null)?.version;
  return typeof own === 'number' ? own : undefined;
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

/** The digest of the plan that was shown, as its preview gave it. @throws ApiError BadRequest */
function planDigestOf(request: FastifyRequest): string | undefined {
  const header = request.headers[planDigestHeader];
  if (header === undefined) return undefined;
  const { data, error } = planDigest.safeParse(header);
  if (error)
    throw new ApiError('BadRequest', 'X-Plan-Digest must be the digest that a preview gave.');
  return data;
}

import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { ApiError } from '#contract/errors.ts';
import { toApiError } from '../perform.ts';
import { toErrorEnvelope } from './answer.ts';
import { hearOut } from './hear-out.ts';
import { headersOfData } from './security-headers.ts';

const retryAfterSeconds = 2;

/** Every error leaves in Scalr's envelope; what went wrong inside goes to the log only. */
export function sendError(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const refusal = fromFastify(error, request) ?? toApiError(error);
  // The one refusal amid a body, after which Fastify hangs up.
  if (refusal.code === 'PayloadTooLarge')
    void hearOut(request.raw).then(() => send(refusal, error, request, reply));
  else send(refusal, error, request, reply);
}

function send(
  refusal: ApiError,
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
): void {
  if (refusal.code === 'InternalServerError')
    request.log.error({ err: refusal.cause ?? error }, 'request failed');
  if (refusal.code === 'ServiceUnavailable' || refusal.code === 'LimitExceeded')
    reply.header('retry-after', String(refusal.details.retryAfterSeconds ?? retryAfterSeconds));
  const { replayOf, revision } = refusal.details;
  if (revision !== undefined) reply.header('x-revision', revision);
  if (replayOf !== undefined) reply.header('idempotency-replayed', 'true');
  if (reply.raw.headersSent) {
    reply.raw.destroy();
    return;
  }
  void reply
    .status(refusal.status)
    .type('application/json; charset=utf-8')
    .send(toErrorEnvelope(refusal, replayOf ?? request.id));
}

/** Answers what could not even be read as HTTP, in the same envelope, and hangs up. */
export function sendClientError(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const tooSlow = error.code === 'ERR_HTTP_REQUEST_TIMEOUT';
  const refusal = new ApiError('BadRequest', whyUnread(error.code));
  const body = JSON.stringify(toErrorEnvelope(refusal, randomUUID()));
  const head = [
    tooSlow ? 'HTTP/1.1 408 Request Timeout' : 'HTTP/1.1 400 Bad Request',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Content-Type: application/json; charset=utf-8',
    'Connection: close',
    'Cache-Control: no-store',
    ...Object.entries(headersOfData).map(([name, value]) => `${name}: ${value}`),
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}

function whyUnread(code: string | undefined): string {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return 'The request took too long to arrive.';
  if (code === 'HPE_HEADER_OVERFLOW')
    return 'The address and the headers are longer than 16 KiB together.';
  return 'The request could not be understood.';
}

/** What a body of another type than JSON gets. */
export function notJson(): ApiError {
  return new ApiError(
    'UnsupportedMediaType',
    'The body must be JSON: send Content-Type: application/json.',
  );
}

/** Fastify's own refusals, in our words. */
function fromFastify(error: unknown, request: FastifyRequest): ApiError | undefined {
  if (error instanceof ApiError || !(error instanceof Error)) return undefined;
  const { code, statusCode } = error as FastifyError;
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE')
    return new ApiError(
      'PayloadTooLarge',
      `The body is larger than ${(request.routeOptions.bodyLimit ?? 0) / 1_024} KiB.`,
    );
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') return notJson();
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500)
    return new ApiError('BadRequest', 'The request could not be understood.');
  return undefined;
}

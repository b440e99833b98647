import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyRequest } from 'fastify';
import { ApiError } from '#contract/errors.ts';

const maxUrlLength = 8_192;

/**
 * One spelling per path: what is routed is what was sent, so that nothing can be reached around a check.
 * @throws ApiError BadRequest
 */
export function checkUrl(url: string): void {
  if (url.length > maxUrlLength)
    throw new ApiError('BadRequest', `The address is longer than ${maxUrlLength} characters.`);
  const path = url.split('?', 1)[0] ?? '';
  if (/\/\/|\\|%2f|%5c|%2e|\/\.{1,2}(\/|$)/i.test(path))
    throw new ApiError(
      'BadRequest',
      'The path must be written plainly: no //, no dot segments, no encoded slashes or dots.',
    );
}

/** Refuses requests for a name that Slipway does not go by, as DNS rebinding sends. @throws ApiError */
export function checkHost(request: FastifyRequest, allowedHosts: readonly string[]): void {
  const name = hostName(request.host);
  if (!allowedHosts.includes(name))
    throw new ApiError(
      'BadRequest',
      'Slipway does not answer to this host name. Open the address it printed when it started, or add the name to ALLOWED_HOSTS.',
    );
}

function hostName(host: string): string {
  return host
    .toLowerCase()
    .replace(/:\d+$/, '')
    .replace(/^\[(.*)\]$/, '$1');
}

/**
 * A change asked for with a cookie must come from a page of Slipway itself: browsers prove it with
 * Sec-Fetch-Site, older ones with Origin.
 * @throws ApiError PermissionViolation
 */
export function checkSameOrigin(request: FastifyRequest): void {
  const site = request.headers['sec-fetch-site'];
  const origin = request.headers.origin;
  const sameSite = site === undefined || site === 'same-origin';
  const sameOrigin = origin === undefined || origin === `${request.protocol}://${request.host}`;
  if ((site === undefined && origin === undefined) || !sameSite || !sameOrigin)
    throw new ApiError(
      'PermissionViolation',
      'This request does not come from a page of Slipway, so it cannot use the browser session.',
    );
}

/** Whether the headers of a request say that no byte of a body follows them. */
export function isWithoutBody(headers: IncomingHttpHeaders): boolean {
  return headers['transfer-encoding'] === undefined && Number(headers['content-length'] ?? 0) === 0;
}

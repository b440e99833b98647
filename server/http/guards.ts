import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyRequest } from 'fastify';
import { ApiError } from '#contract/errors.ts';
import { belowBase } from './base-path.ts';
import { isOwnOrigin, reachedAs, type ReachSettings } from './reached-as.ts';

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

/** Refuses what is not below the path of PUBLIC_URL, as a proxy sends that takes the path away. @throws ApiError */
export function checkBase({ originalUrl }: FastifyRequest, basePath: string): void {
  if (belowBase(originalUrl, basePath) !== undefined) return;
  throw new ApiError(
    'EndpointNotFound',
    `Slipway is at ${basePath}/, as PUBLIC_URL says. A proxy must pass the whole path on.`,
  );
}

/** Refuses requests for a name that Slipway does not go by, as DNS rebinding sends. @throws ApiError */
export function checkHost(
  request: FastifyRequest,
  settings: Pick<ReachSettings, 'trustProxy'> & { allowedHosts: readonly string[] },
): void {
  const { allowedHosts, trustProxy } = settings;
  // Of two, this side would see one, and a proxy before it perhaps the other.
  if (countHosts(request.raw.rawHeaders) > 1)
    throw new ApiError('BadRequest', 'The request has two Host headers. Send one.');
  const name = hostName(reachedAs(request, trustProxy).host);
  if (!allowedHosts.includes(name))
    throw new ApiError(
      'BadRequest',
      'Slipway does not answer to this host name. Open the address it printed when it started, or add the name to ALLOWED_HOSTS.',
    );
}

function countHosts(rawHeaders: readonly string[]): number {
  return rawHeaders.filter((text, index) => index % 2 === 0 && text.toLowerCase() === 'host')
    .length;
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
export function checkSameOrigin(request: FastifyRequest, settings: ReachSettings): void {
  const site = request.headers['sec-fetch-site'];
  const origin = request.headers.origin;
  const sameSite = site === undefined || site === 'same-origin';
  const sameOrigin = origin === undefined || isOwnOrigin(origin, request, settings);
  if ((site === undefined && origin === undefined) || !sameSite || !sameOrigin)
    throw new ApiError(
      'PermissionViolation',
      'This request does not come from a page of Slipway, so it cannot use the browser session. Behind a proxy with TLS, PUBLIC_URL must be the address that people open.',
    );
}

/** Whether the headers of a request say that no byte of a body follows them. */
export function isWithoutBody(headers: IncomingHttpHeaders): boolean {
  return headers['transfer-encoding'] === undefined && Number(headers['content-length'] ?? 0) === 0;
}

import type { FastifyRequest } from 'fastify';
import { type CookieSettings, isOverTls } from './cookies.ts';

/** Scripts from here alone. Styles may be inline, since components position what floats that way. */
const pagePolicy = [
  "default-src 'self'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "object-src 'none'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
  "form-action 'self'",
].join(';');

/** A file of code or styles is never shown by itself: what protects a page would only be a kilobyte more. */
const ofAssets = {
  'x-content-type-options': 'nosniff',
  'cross-origin-resource-policy': 'same-origin',
};

const ofEveryAnswer = {
  ...ofAssets,
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'origin-agent-cluster': '?1',
};

/** What goes with an answer that is data: nothing in it is ever run, shown or framed. */
export const headersOfData: Readonly<Record<string, string>> = {
  'content-security-policy': "default-src 'none';frame-ancestors 'none'",
  ...ofEveryAnswer,
};

const headersOfPages = { 'content-security-policy': pagePolicy, ...ofEveryAnswer };
const hsts = { 'strict-transport-security': 'max-age=31536000; includeSubDomains' };

/** Whoever tries a certificate at home would lose every other server at `localhost` for a year. */
function isThisMachine({ hostname }: FastifyRequest): boolean {
  return hostname === 'localhost';
}

/** The headers that tell browsers what an answer may do: docs/operations.md, "What every answer says". */
export function securityHeaders(
  request: FastifyRequest,
  settings: CookieSettings,
): Record<string, string> {
  const { url } = request;
  if (url.startsWith('/assets/')) return ofAssets;
  const isData = url.startsWith('/api/') && !/^\/api\/docs(?:[/?]|$)/.test(url);
  return {
    ...(isData ? headersOfData : headersOfPages),
    ...(isOverTls(request, settings) && !isThisMachine(request) && hsts),
  };
}

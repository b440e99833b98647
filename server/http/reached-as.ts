import { TLSSocket } from 'node:tls';
import type { FastifyRequest } from 'fastify';

/** What believed proxies may say, and where people reach Slipway by itself. */
export interface ReachSettings {
  /** Which proxies are believed; false for none. */
  trustProxy: false | ((address: string, hop: number) => boolean);
  /** With the path, without a trailing slash. */
  publicUrl: string | undefined;
}

export interface ReachedAs {
  protocol: 'http' | 'https';
  /** The name, and the port if it was named. */
  host: string;
}

/**
 * Which protocol and host whoever sent a request used, as far as believed proxies tell. Of a list, such as
 * `https, http`, what the outermost believed one wrote counts: everything before may be made up.
 */
export function reachedAs(request: FastifyRequest, trust: ReachSettings['trustProxy']): ReachedAs {
  const proxies = believedProxies(request, trust);
  const own = request.raw.socket instanceof TLSSocket ? 'https' : 'http';
  const protocol = saidBy(proxies, request.headers['x-forwarded-proto']) ?? own;
  return {
    protocol: protocol.toLowerCase() === 'https' ? 'https' : 'http',
    host: saidBy(proxies, request.headers['x-forwarded-host']) ?? request.headers.host ?? '',
  };
}

/** How many believed proxies a request came through. */
function believedProxies({ ips, raw }: FastifyRequest, trust: ReachSettings['trustProxy']): number {
  if (trust === false || !trust(raw.socket.remoteAddress ?? '', 0)) return 0;
  return Math.max(1, (ips?.length ?? 1) - 1);
}

function saidBy(proxies: number, header: string | string[] | undefined): string | undefined {
  if (proxies === 0 || header === undefined) return undefined;
  const values = String(header).split(',');
  const value = values[Math.max(0, values.length - proxies)]?.trim();
  return value === '' ? undefined : value;
}

/** Whether an `Origin` is Slipway's own: the public one, or that of the request itself. */
export function isOwnOrigin(
  origin: string,
  request: FastifyRequest,
  { trustProxy, publicUrl }: ReachSettings,
): boolean {
  const { protocol, host } = reachedAs(request, trustProxy);
  const own = [`${protocol}://${host}`, ...(publicUrl === undefined ? [] : [publicUrl])];
  const normal = normalOrigin(origin);
  return normal !== undefined && own.some((url) => normalOrigin(url) === normal);
}

/** In lower case, without a default port. */
function normalOrigin(url: string): string | undefined {
  return URL.canParse(url) ? new URL(url).origin : undefined;
}

import { isIP } from 'node:net';
import type { FastifyRequest } from 'fastify';
import type { PasskeySite } from '../perform.ts';
import { reachedAs, type ReachSettings } from './reached-as.ts';

/**
 * Where passkeys work for whoever sent a request: at the public address where the request comes from a page of it,
 * and otherwise at the host that was asked, which is an allowed one. Browsers know passkeys by host names alone, over
 * TLS or on this very machine.
 * @returns undefined where there are none
 */
export function passkeySiteOf(
  request: FastifyRequest,
  { trustProxy, publicUrl }: ReachSettings,
): PasskeySite | undefined {
  const { protocol, host } = reachedAs(request, trustProxy);
  const asked = URL.parse(`${protocol}://${host}`)?.origin;
  const told = publicUrl === undefined ? undefined : new URL(publicUrl).origin;
  const said = request.headers.origin;
  return toSite(said === asked ? asked : (told ?? asked));
}

function toSite(origin: string | undefined): PasskeySite | undefined {
  const url = origin === undefined ? undefined : URL.parse(origin);
  if (!url) return undefined;
  const { hostname, protocol } = url;
  const isNamed = isIP(hostname.replace(/^\[(.*)\]$/, '$1')) === 0;
  const isSecure =
    protocol === 'https:' || hostname === 'localhost' || hostname.endsWith('.localhost');
  return isNamed && isSecure ? { host: hostname, origin: url.origin } : undefined;
}

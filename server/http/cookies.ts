import type { FastifyReply, FastifyRequest } from 'fastify';
import { reachedAs, type ReachSettings } from './reached-as.ts';

export interface CookieSettings extends Pick<ReachSettings, 'trustProxy'> {
  /** People come over TLS, even where no proxy says so. */
  secureCookies: boolean;
  /** Where Slipway is on its host: empty, or such as `/slipway`. */
  basePath: string;
}

/** Whether whoever sent a request came over TLS, by the settings or by a believed proxy. */
export function isOverTls(
  request: FastifyRequest,
  { secureCookies, trustProxy }: Pick<CookieSettings, 'secureCookies' | 'trustProxy'>,
): boolean {
  return secureCookies || reachedAs(request, trustProxy).protocol === 'https';
}

/**
 * The session's cookie. Over TLS a prefix, which browsers take over TLS only, ties it to this very host;
 * below a path, where others share the host, it goes to that path alone.
 */
function cookieOf(request: FastifyRequest, settings: CookieSettings) {
  const { basePath } = settings;
  const secure = isOverTls(request, settings);
  const prefix = secure ? (basePath === '' ? '__Host-' : '__Secure-') : '';
  const path = basePath === '' ? '/' : basePath;
  const options = { path, httpOnly: true, sameSite: 'lax', secure } as const;
  return { name: `${prefix}slipway`, options };
}

export function readSessionCookie(
  request: FastifyRequest,
  settings: CookieSettings,
): string | undefined {
  return request.cookies[cookieOf(request, settings).name];
}

/** Sets the session's cookie, or clears it with null. */
export function writeSessionCookie(
  reply: FastifyReply,
  session: { token: string; expires: Date } | null,
  settings: CookieSettings,
): void {
  const { name, options } = cookieOf(reply.request, settings);
  if (session) reply.setCookie(name, session.token, { ...options, expires: session.expires });
  else reply.clearCookie(name, options);
}

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
 * A cookie of Slipway's. Over TLS a prefix, which browsers take over TLS only, ties it to this very host;
 * below a path, where others share the host, it goes to that path alone.
 */
function cookieOf(request: FastifyRequest, settings: CookieSettings, base = 'slipway') {
  const { basePath } = settings;
  const secure = isOverTls(request, settings);
  const prefix = secure ? (basePath === '' ? '__Host-' : '__Secure-') : '';
  const path = basePath === '' ? '/' : basePath;
  const options = { path, httpOnly: true, sameSite: 'lax', secure } as const;
  return { name: `${prefix}${base}`, options };
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

const attemptCookie = 'slipway-sign-in';

/** What a browser keeps between beginning to sign in by a provider and coming back, sealed. */
export function readAttemptCookie(
  request: FastifyRequest,
  settings: CookieSettings,
): string | undefined {
  return request.cookies[cookieOf(request, settings, attemptCookie).name];
}

/** Sets that cookie for some seconds, or clears it with null. Lax: the browser comes back from another site. */
export function writeAttemptCookie(
  reply: FastifyReply,
  attempt: { sealed: string; maxAge: number } | null,
  settings: CookieSettings,
): void {
  const { name, options } = cookieOf(reply.request, settings, attemptCookie);
  if (attempt) reply.setCookie(name, attempt.sealed, { ...options, maxAge: attempt.maxAge });
  else reply.clearCookie(name, options);
}

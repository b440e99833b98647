import type { FastifyReply, FastifyRequest } from 'fastify';

/** The prefix ties the cookie to this very host and to TLS; browsers take it over TLS only. */
function cookieName(secure: boolean): string {
  return secure ? '__Host-slipway' : 'slipway';
}

export function readSessionCookie(request: FastifyRequest, secure: boolean): string | undefined {
  return request.cookies[cookieName(secure)];
}

/** Sets the session's cookie, or clears it with null. */
export function writeSessionCookie(
  reply: FastifyReply,
  session: { token: string; expires: Date } | null,
  secure: boolean,
): void {
  const options = { path: '/', httpOnly: true, sameSite: 'lax', secure } as const;
  if (session)
    reply.setCookie(cookieName(secure), session.token, { ...options, expires: session.expires });
  else reply.clearCookie(cookieName(secure), options);
}

import { ApiError } from '#contract/errors.ts';
import type { Session } from '#contract/organisation/scopes.ts';
import type { SignedIn } from '#contract/people/sessions.ts';
import { networkOf } from '../../auth/network.ts';
import {
  createSession,
  deleteSession,
  deleteSessions,
  hashToken,
  sessionIdOf,
} from '../../auth/sessions.ts';
import { redeemSignInLink } from '../../auth/sign-in-links.ts';
import { fetchScopeNames } from '../../database/queries/organisation/scopes.ts';
import {
  fetchSession,
  fetchSessions,
  type SessionRow,
  setSessionWay,
} from '../../database/queries/people/sessions.ts';
import { recordSignIn } from '../../database/queries/people/sign-ins.ts';
import type { SignInWay } from '../../database/schema-people.ts';
import { nameBrowser } from '../../domain/sign-in/browsers.ts';
import { intersect } from '../../domain/rights.ts';
import { scopeOf } from '../../domain/scopes.ts';
import type { Context, SomeHandlers } from '../context.ts';
import type { Recorded } from '../log-entry.ts';
import { toPlace } from '../present.ts';
import { enterWith } from './passkey-proofs.ts';

/** Signing in and out, and where one is signed in: docs/domain.md, "Signing in" and "Sessions". */
export const sessionHandlers = {
  sessionGet: async (ctx) => {
    const session = await fetchSession(ctx.tx, userOf(ctx));
    return { data: { ...session, grants: await grantsLeft(ctx, session.grants) } };
  },

  sessionCreate: async (ctx, { body }) => {
    const userId = await redeemSignInLink(ctx.tx, body.token);
    const { passkey } = ctx.prepared;
    if (passkey) await enterWith(ctx, passkey);
    const session = await beginSession(ctx, userId, 'link');
    return { data: await fetchSession(ctx.tx, userId), session };
  },

  sessionDelete: async (ctx) => {
    await deleteSession(ctx.tx, ctx.credential, userOf(ctx));
    return { data: null, session: null };
  },

  sessionList: async (ctx) => {
    const rows = await fetchSessions(ctx.tx, inBrowser(ctx, 'Sessions'), ctx.sessions.idleMinutes);
    return { data: rows.map((row) => toSignedIn(ctx, row)) };
  },

  sessionEnd: async (ctx, { params }) => {
    const userId = inBrowser(ctx, 'Sessions');
    const rows = await fetchSessions(ctx.tx, userId, ctx.sessions.idleMinutes);
    const row = rows.find(({ id }) => id === params.sessionId);
    if (!row)
      throw new ApiError(
        'ObjectNotFound',
        `You are not signed in with a session ${params.sessionId}. It may have ended by itself.`,
      );
    await deleteSession(ctx.tx, `session:${row.id}`, userId);
    ctx.record({ kind: 'session', before: toRecordedSession(row, userId) });
    return { data: null };
  },

  sessionEndOthers: async (ctx) => {
    const userId = inBrowser(ctx, 'Sessions');
    const rows = await fetchSessions(ctx.tx, userId, ctx.sessions.idleMinutes);
    const [first, ...others] = rows
      .filter(({ id }) => id !== sessionIdOf(ctx.credential))
      .map((row) => ({ kind: 'session' as const, before: toRecordedSession(row, userId) }));
    await deleteSessions(ctx.tx, userId, ctx.credential);
    if (first) ctx.record({ ...first, others });
    return { data: { ended: first ? others.length + 1 : 0 } };
  },
} satisfies SomeHandlers;

/**
 * Signs in somebody who has proved who they are, whichever way, and records that: always with a new session, so that
 * nobody can have put theirs into the browser before.
 */
export async function beginSession(
  ctx: Context,
  userId: number,
  way: SignInWay,
): Promise<{ token: string; expires: Date }> {
  // The browser keeps one cookie: nobody could sign out of the session that this one replaces.
  if (ctx.credentialOf !== undefined && ctx.credential.startsWith('session:'))
    await deleteSession(ctx.tx, ctx.credential, ctx.credentialOf);
  const { origin, userAgent } = ctx;
  const session = await createSession(ctx.tx, userId, {
    hours: ctx.sessions.hours,
    address: origin,
    userAgent,
  });
  await setSessionWay(ctx.tx, hashToken(session.token), way);
  await recordSignIn(ctx.tx, userId, { way, origin, network: networkOf(origin) });
  return session;
}

/**
 * Whoever does in their browser what no program may do for them.
 * @param what that is about, such as `Sessions`
 * @throws ApiError PermissionViolation for an API key
 */
export function inBrowser(ctx: Context, what: string): number {
  if (ctx.principal.kind === 'user' && sessionIdOf(ctx.credential) !== undefined)
    return ctx.principal.id;
  throw new ApiError(
    'PermissionViolation',
    `${what} are managed in the browser, under your name, and on the command line; not with an API key.`,
  );
}

function userOf(ctx: Context): number {
  if (ctx.principal.kind === 'user') return ctx.principal.id;
  throw new ApiError('BadAuthentication', 'Sign in first: there is no session.');
}

/** Of a user's rights those that the key that signs leaves, each where it then is. */
async function grantsLeft(ctx: Context, grants: Session['grants']): Promise<Session['grants']> {
  const narrowing = ctx.principal.kind === 'user' ? ctx.principal.narrowing : undefined;
  if (!narrowing || narrowing.to.scope === 'scalr') return grants;
  const place = toPlace(await fetchScopeNames(ctx.tx, narrowing.to));
  return grants.flatMap((grant) => {
    const { scope, accountId, envId, role } = grant;
    const at = scopeOf({ scope, account_id: accountId, environment_id: envId });
    const left = intersect(at, narrowing.to);
    if (left === undefined) return [];
    return left === at ? grant : { ...place, role };
  });
}

function toSignedIn(ctx: Context, row: SessionRow): SignedIn {
  return {
    id: row.id,
    name: nameBrowser(row.user_agent),
    address: row.address,
    started: row.created_at.toISOString(),
    lastSeen: row.last_seen_at.toISOString(),
    ends: row.expires_at.toISOString(),
    current: row.id === sessionIdOf(ctx.credential),
  };
}

function toRecordedSession(row: SessionRow, userId: number): Recorded<'session'> {
  return {
    id: row.id,
    name: nameBrowser(row.user_agent),
    address: row.address,
    started: row.created_at.toISOString(),
    ends: row.expires_at.toISOString(),
    user: { id: userId },
  };
}

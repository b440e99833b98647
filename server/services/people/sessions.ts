import { ApiError } from '#contract/errors.ts';
import { networkOf } from '../../auth/network.ts';
import { createSession, deleteSession, hashToken } from '../../auth/sessions.ts';
import { redeemSignInLink } from '../../auth/sign-in-links.ts';
import { fetchSession, setSessionWay } from '../../database/queries/people/sessions.ts';
import { recordSignIn } from '../../database/queries/people/sign-ins.ts';
import type { SignInWay } from '../../database/schema-people.ts';
import type { Context, SomeHandlers } from '../context.ts';

/** Signing in and out: docs/domain.md, "Signing in". */
export const sessionHandlers = {
  sessionGet: async (ctx) => ({ data: await fetchSession(ctx.tx, userOf(ctx)) }),

  sessionCreate: async (ctx, { body }) => {
    const userId = await redeemSignInLink(ctx.tx, body.token);
    const session = await beginSession(ctx, userId, 'link');
    return { data: await fetchSession(ctx.tx, userId), session };
  },

  sessionDelete: async (ctx) => {
    await deleteSession(ctx.tx, ctx.credential, userOf(ctx));
    return { data: null, session: null };
  },
} satisfies SomeHandlers;

/** Begins the session of somebody who has proved who they are, whichever way, and records that. */
export async function beginSession(
  ctx: Context,
  userId: number,
  way: SignInWay,
): Promise<{ token: string; expires: Date }> {
  // The browser keeps one cookie: nobody could sign out of the session that this one replaces.
  if (ctx.credentialOf !== undefined && ctx.credential.startsWith('session:'))
    await deleteSession(ctx.tx, ctx.credential, ctx.credentialOf);
  const session = await createSession(ctx.tx, userId);
  await setSessionWay(ctx.tx, hashToken(session.token), way);
  await recordSignIn(ctx.tx, userId, { way, origin: ctx.origin, network: networkOf(ctx.origin) });
  return session;
}

function userOf(ctx: Context): number {
  if (ctx.principal.kind === 'user') return ctx.principal.id;
  throw new ApiError('BadAuthentication', 'Sign in first: there is no session.');
}

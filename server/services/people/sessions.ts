import { ApiError } from '#contract/errors.ts';
import { createSession, deleteSession } from '../../auth/sessions.ts';
import { redeemSignInLink } from '../../auth/sign-in-links.ts';
import { fetchSession } from '../../database/queries/people/sessions.ts';
import type { Context, SomeHandlers } from '../context.ts';

/** Signing in and out: docs/domain.md, "Signing in". */
export const sessionHandlers = {
  sessionGet: async (ctx) => ({ data: await fetchSession(ctx.tx, userOf(ctx)) }),

  sessionCreate: async (ctx, { body }) => {
    const userId = await redeemSignInLink(ctx.tx, body.token);
    // The browser keeps one cookie: nobody could sign out of the session that this one replaces.
    if (ctx.credentialOf !== undefined && ctx.credential.startsWith('session:'))
      await deleteSession(ctx.tx, ctx.credential, ctx.credentialOf);
    const session = await createSession(ctx.tx, userId);
    return { data: await fetchSession(ctx.tx, userId), session };
  },

  sessionDelete: async (ctx) => {
    await deleteSession(ctx.tx, ctx.credential, userOf(ctx));
    return { data: null, session: null };
  },
} satisfies SomeHandlers;

function userOf(ctx: Context): number {
  if (ctx.principal.kind === 'user') return ctx.principal.id;
  throw new ApiError('BadAuthentication', 'Sign in first: there is no session.');
}

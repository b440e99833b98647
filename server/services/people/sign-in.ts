import { ApiError } from '#contract/errors.ts';
import { networkOf } from '../../auth/network.ts';
import { createSignInLink } from '../../auth/sign-in-links.ts';
import type { Db } from '../../database/connection/connection.ts';
import { queueLinkMail } from '../../database/queries/people/link-mails.ts';
import { countLinkRequest } from '../../database/queries/people/sign-ins.ts';
import type { SomeHandlers } from '../context.ts';

/** Links that are sent in a quarter of an hour: to one address, and at the wish of one network. */
const mostOfEmail = 3;
const mostOfNetwork = 20;

/** Which ways there are, and links by mail: docs/domain.md, "Signing in". */
export const signInHandlers = {
  signInWaysGet: async (ctx) => ({ data: ctx.ways }),

  signInLinkSend: async (ctx, { body }) => {
    if (!ctx.channels.mail)
      throw new ApiError(
        'UnacceptableState',
        'Slipway sends no mail here. Whoever runs it can make you a link.',
      );
    const email = body.email.toLowerCase();
    const { origin } = ctx;
    const asked = await countLinkRequest(ctx.tx, { email, origin, network: networkOf(origin) });
    if (asked.ofNetwork > mostOfNetwork)
      throw new ApiError('LimitExceeded', 'Too many links were asked for. Try again in 15 min.', {
        retryAfterSeconds: 900,
      });
    // Nobody's mailbox is filled, and nobody learns who has a user: the loop finds out.
    if (asked.ofEmail <= mostOfEmail)
      await queueLinkMail(ctx.tx, email, ctx.now, ctx.channels.address);
    return { data: null };
  },
} satisfies SomeHandlers;

/** A mail that lets somebody in. */
export interface LinkMail {
  to: { name: string; address: string };
  subject: string;
  text: string;
}

/**
 * Makes a link for a mail that is about to be sent: no link lies about before.
 * @throws ApiError ObjectNotFound when there is no active user with this address by now
 */
export async function makeLinkMail(
  db: Db,
  { email, address }: { email: string; address: string },
): Promise<LinkMail> {
  const { url } = await createSignInLink(db, { email, baseUrl: address });
  return {
    to: { name: '', address: email },
    subject: 'Sign in to Slipway',
    text: `Somebody, perhaps you, asked for a link that signs you in to Slipway. It works once, within 15 minutes:\n\n${url}\n\nAfterwards you can set another password under your name. If you did not ask for it, do nothing.\n`,
  };
}

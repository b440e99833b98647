import { ApiError } from '#contract/errors.ts';
import { networkOf } from '../../auth/network.ts';
import { createSignInLink } from '../../auth/sign-in-links.ts';
import type { Db } from '../../database/connection/connection.ts';
import { type LinkMailJob, queueLinkMail } from '../../database/queries/people/link-mails.ts';
import { countLinkRequest } from '../../database/queries/people/sign-ins.ts';
import type { SomeHandlers } from '../context.ts';

/** Links that are sent in a quarter of an hour: to one address, and at the wish of one network. */
const mostOfEmail = 3;
const mostOfNetwork = 20;

/** So long the link is good that lets somebody in again: they may have to come to their desk first. */
export const resetMinutes = 24 * 60;

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
      await queueLinkMail(ctx.tx, { email, address: ctx.channels.address }, ctx.now);
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
export async function makeLinkMail(db: Db, { email, address, by }: LinkMailJob): Promise<LinkMail> {
  if (by !== undefined) return makeResetMail(db, { email, address, by });
  const { url } = await createSignInLink(db, { email, baseUrl: address, isOwn: true });
  return {
    to: { name: '', address: email },
    subject: 'Sign in to Slipway',
    text: `Somebody, perhaps you, asked for a link that signs you in to Slipway. It works once, within 15 minutes:\n\n${url}\n\nAfterwards you can set another password under your name. If you did not ask for it, do nothing.\n`,
  };
}

/** For whoever an administrator lets in anew. */
async function makeResetMail(
  db: Db,
  { email, address, by }: Required<LinkMailJob>,
): Promise<LinkMail> {
  const made = { email, baseUrl: address, minutesValid: resetMinutes };
  const { url } = await createSignInLink(db, made);
  return {
    to: { name: '', address: email },
    subject: 'How you sign in to Slipway was reset',
    text: `${by} has reset how you sign in to Slipway: your password and passkeys sign in no more. This link does, once, within 24 hours:\n\n${url}\n\nThen add a passkey or set a password under your name. If you did not ask for it, ask ${by}.\n`,
  };
}

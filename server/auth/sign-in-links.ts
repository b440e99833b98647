import { ApiError } from '#contract/errors.ts';
import type { Db } from '../database/connection/connection.ts';
import { insertSignInLink, redeemLink } from '../database/queries/people/sign-in-links.ts';
import { findUserByEmail } from '../database/queries/people/users.ts';
import { hashToken, newToken } from './sessions.ts';

const minutesValid = 15;

/**
 * A link that signs a user in, once, within 15 minutes. The token is in the fragment, which browsers
 * send to no server and write to no log.
 * @throws ApiError ObjectNotFound when there is no active user with this address
 */
export async function createSignInLink(
  db: Db,
  request: { email: string; baseUrl: string },
): Promise<{ url: string; expires: Date }> {
  const user = await findUserByEmail(db, request.email);
  if (!user)
    throw new ApiError(
      'ObjectNotFound',
      `There is no active user with the e-mail address ${request.email}.`,
    );
  const token = newToken();
  const link = { userId: user.id, tokenHash: hashToken(token), minutesValid };
  const expires = await insertSignInLink(db, link);
  return { url: `${request.baseUrl}/sign-in#token=${token}`, expires };
}

/**
 * Uses a link up. Of many at once exactly one succeeds.
 * @returns the user's id
 * @throws ApiError BadAuthentication, with one text for unknown, used and expired links
 */
export async function redeemSignInLink(tx: Db, token: string): Promise<number> {
  const userId = await redeemLink(tx, hashToken(token));
  if (userId === undefined)
    throw new ApiError(
      'BadAuthentication',
      'This sign-in link was used already, or it is older than 15 minutes. Ask for a new one.',
    );
  return userId;
}

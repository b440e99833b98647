import { ApiError } from '#contract/errors.ts';
import type { Db } from '../database/connection/connection.ts';
import {
  findFirstLink,
  findOwnLinkUser,
  hasFirstLink,
  insertSignInLink,
  redeemFirst,
  redeemLink,
} from '../database/queries/people/sign-in-links.ts';
import { hasAdministrator } from '../database/queries/people/sign-ins.ts';
import { findUserByEmail } from '../database/queries/people/users.ts';
import { hashToken, newToken } from './sessions.ts';

const usualMinutes = 15;

/**
 * A link that signs a user in, once, within 15 minutes unless another time is given. The token is in the fragment, which browsers
 * send to no server and write to no log.
 * @param request.isOwn whoever it signs in has it sent: then it takes a passkey too, where they want one asked for
 * @throws ApiError ObjectNotFound when there is no active user with this address
 */
export async function createSignInLink(
  db: Db,
  request: { email: string; baseUrl: string; minutesValid?: number; isOwn?: boolean },
): Promise<{ url: string; expires: Date }> {
  const user = await findUserByEmail(db, request.email);
  if (!user)
    throw new ApiError(
      'ObjectNotFound',
      `There is no active user with the e-mail address ${request.email}.`,
    );
  const { minutesValid = usualMinutes, isOwn = false } = request;
  const token = newToken();
  const link = { userId: user.id, tokenHash: hashToken(token), minutesValid, isOwn };
  const expires = await insertSignInLink(db, link);
  return { url: `${request.baseUrl}/sign-in#token=${token}`, expires };
}

/** Whom a link would sign in that they have had sent themselves; undefined for every other one. */
export async function findOwnLink(
  db: Db,
  token: string,
): Promise<{ id: number; email: string } | undefined> {
  return findOwnLinkUser(db, hashToken(token));
}

/**
 * Uses a link up. Of many at once exactly one succeeds.
 * @returns the user's id
 * @throws ApiError BadAuthentication, with one text for unknown, used and expired links
 */
export async function redeemSignInLink(tx: Db, token: string): Promise<number> {
  const userId = await redeemLink(tx, hashToken(token));
  if (userId === undefined) throw usedUp();
  return userId;
}

/**
 * A link to the page that makes the first administrator, good once and for 15 minutes.
 * @throws ApiError UnacceptableState when there is one
 */
export async function createFirstLink(
  db: Db,
  baseUrl: string,
): Promise<{ url: string; expires: Date }> {
  if (await hasAdministrator(db))
    throw new ApiError(
      'UnacceptableState',
      'There is an administrator at Corporate scope already. Make a link for them with sign-in-link --user EMAIL.',
    );
  const { token, expires } = await insertFirstLink(db);
  return { url: firstLinkUrl(baseUrl, token), expires };
}

/** The first such link there is: of several processes that start at once, the one that holds the lock makes it. */
export async function claimFirstLink(tx: Db): Promise<string | undefined> {
  return (await hasFirstLink(tx)) ? undefined : (await insertFirstLink(tx)).token;
}

/** The address that a token for the first administrator is given out as. */
export function firstLinkUrl(baseUrl: string, token: string): string {
  return `${baseUrl}/sign-in#token=${token}&first-administrator`;
}

async function insertFirstLink(db: Db): Promise<{ token: string; expires: Date }> {
  const token = newToken();
  const link = { userId: null, tokenHash: hashToken(token), minutesValid: usualMinutes };
  return { token, expires: await insertSignInLink(db, link) };
}

/** Whether a link for the first administrator could be used now. */
export async function isFirstLinkOpen(db: Db, token: string): Promise<boolean> {
  return findFirstLink(db, hashToken(token));
}

/** Uses up a link for the first administrator. @throws ApiError BadAuthentication as redeemSignInLink does */
export async function redeemFirstLink(tx: Db, token: string): Promise<void> {
  if (!(await redeemFirst(tx, hashToken(token)))) throw usedUp();
}

function usedUp(): ApiError {
  return new ApiError(
    'BadAuthentication',
    'This sign-in link was used already, or it is too old. Ask for a new one.',
  );
}

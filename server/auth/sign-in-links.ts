import { sql } from 'kysely';
import { ApiError } from '#contract/errors.ts';
import type { Db } from '../database/connection/connection.ts';
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
  const row = await db
    .insertInto('sign_in_links')
    .values({
      token_hash: hashToken(token),
      user_id: user.id,
      expires_at: sql<Date>`clock_timestamp() + make_interval(mins => ${minutesValid})`,
    })
    .returning('expires_at')
    .executeTakeFirstOrThrow();
  return { url: `${request.baseUrl}/sign-in#token=${token}`, expires: row.expires_at };
}

/**
 * Uses a link up. Of many at once exactly one succeeds.
 * @returns the user's id
 * @throws ApiError BadAuthentication, with one text for unknown, used and expired links
 */
export async function redeemSignInLink(tx: Db, token: string): Promise<number> {
  const row = await tx
    .updateTable('sign_in_links')
    .set({ redeemed_at: sql`clock_timestamp()` })
    .where('token_hash', '=', hashToken(token))
    .where('redeemed_at', 'is', null)
    .where('expires_at', '>', sql<Date>`clock_timestamp()`)
    .where('user_id', 'in', (users) =>
      users.selectFrom('users').where('status', '=', 'active').select('id'),
    )
    .returning('user_id')
    .executeTakeFirst();
  if (!row)
    throw new ApiError(
      'BadAuthentication',
      'This sign-in link was used already, or it is older than 15 minutes. Ask for a new one.',
    );
  return row.user_id;
}

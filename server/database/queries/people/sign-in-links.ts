import { sql } from 'kysely';
import type { Db } from '../../connection/connection.ts';

/** Writes down a link that is good from now on. @returns when it ends */
export async function insertSignInLink(
  db: Db,
  { userId, tokenHash, minutesValid }: { userId: number; tokenHash: Buffer; minutesValid: number },
): Promise<Date> {
  const row = await db
    .insertInto('sign_in_links')
    .values({
      token_hash: tokenHash,
      user_id: userId,
      expires_at: sql<Date>`clock_timestamp() + make_interval(mins => ${minutesValid})`,
    })
    .returning('expires_at')
    .executeTakeFirstOrThrow();
  return row.expires_at;
}

/**
 * Uses up a link of an active user; of many at once exactly one does.
 * @returns the user's id, or undefined for a link that is unknown, used up or too old
 */
export async function redeemLink(tx: Db, tokenHash: Buffer): Promise<number | undefined> {
  const row = await tx
    .updateTable('sign_in_links')
    .set({ redeemed_at: sql`clock_timestamp()` })
    .where('token_hash', '=', tokenHash)
    .where('redeemed_at', 'is', null)
    .where('expires_at', '>', sql<Date>`clock_timestamp()`)
    .where('user_id', 'in', (users) =>
      users.selectFrom('users').where('status', '=', 'active').select('id'),
    )
    .returning('user_id')
    .executeTakeFirst();
  return row?.user_id;
}

import { sql } from 'kysely';
import type { Db } from '../../connection/connection.ts';
import { writeSealed } from '../../records/seals.ts';

const isLink = (tokenHash: Buffer) => sql`token_hash = ${tokenHash}`;

/** Writes down a link that is good from now on. @param link.userId null for the first administrator @returns when it ends */
export async function insertSignInLink(
  db: Db,
  {
    userId,
    tokenHash,
    minutesValid,
    isOwn = false,
  }: { userId: number | null; tokenHash: Buffer; minutesValid: number; isOwn?: boolean },
): Promise<Date> {
  const row = await writeSealed(db, 'sign_in_links', isLink(tokenHash), (tx) =>
    tx
      .insertInto('sign_in_links')
      .values({
        token_hash: tokenHash,
        user_id: userId,
        own: isOwn,
        expires_at: sql<Date>`clock_timestamp() + make_interval(mins => ${minutesValid})`,
      })
      .returning('expires_at')
      .executeTakeFirstOrThrow(),
  );
  return row.expires_at;
}

/**
 * Uses up a link of an active user; of many at once exactly one does.
 * @returns the user's id, or undefined for a link that is unknown, used up or too old
 */
export async function redeemLink(tx: Db, tokenHash: Buffer): Promise<number | undefined> {
  const row = await writeSealed(tx, 'sign_in_links', isLink(tokenHash), (within) =>
    within
      .updateTable('sign_in_links')
      .set({ redeemed_at: sql`clock_timestamp()` })
      .where('token_hash', '=', tokenHash)
      .where('redeemed_at', 'is', null)
      .where('expires_at', '>', sql<Date>`clock_timestamp()`)
      .where('user_id', 'in', (users) =>
        users.selectFrom('users').where('status', '=', 'active').select('id'),
      )
      .returning('user_id')
      .executeTakeFirst(),
  );
  return row?.user_id ?? undefined;
}

/** The active user of a link that they have had sent and that is neither used up nor too old. */
export async function findOwnLinkUser(
  db: Db,
  tokenHash: Buffer,
): Promise<{ id: number; email: string } | undefined> {
  return db
    .selectFrom('sign_in_links')
    .innerJoin('users', 'users.id', 'sign_in_links.user_id')
    .where('token_hash', '=', tokenHash)
    .where('own', '=', true)
    .where('redeemed_at', 'is', null)
    .where('expires_at', '>', sql<Date>`clock_timestamp()`)
    .where('users.status', '=', 'active')
    .select(['users.id', 'users.email'])
    .executeTakeFirst();
}

const isOpenFirst = (tokenHash: Buffer) => sql<boolean>`
  token_hash = ${tokenHash} AND user_id IS NULL AND redeemed_at IS NULL AND expires_at > clock_timestamp()`;

/** Whether a link for the first administrator is neither used up nor too old. */
export async function findFirstLink(db: Db, tokenHash: Buffer): Promise<boolean> {
  const row = await db
    .selectFrom('sign_in_links')
    .where(isOpenFirst(tokenHash))
    .select('token_hash')
    .executeTakeFirst();
  return row !== undefined;
}

/** Uses up a link for the first administrator. @returns whether it could be used */
export async function redeemFirst(tx: Db, tokenHash: Buffer): Promise<boolean> {
  const row = await writeSealed(tx, 'sign_in_links', isLink(tokenHash), (within) =>
    within
      .updateTable('sign_in_links')
      .set({ redeemed_at: sql`clock_timestamp()` })
      .where(isOpenFirst(tokenHash))
      .returning('token_hash')
      .executeTakeFirst(),
  );
  return row !== undefined;
}

/** Whether any link for a first administrator was ever made, as far as is kept. */
export async function hasFirstLink(db: Db): Promise<boolean> {
  const row = await db
    .selectFrom('sign_in_links')
    .where('user_id', 'is', null)
    .select('token_hash')
    .executeTakeFirst();
  return row !== undefined;
}

import { sql } from 'kysely';
import type { Db } from '../../connection/connection.ts';
import { queueJob } from '../records/outbox.ts';

export const linkMailKind = 'sign-in-link';

/** Asks for a sign-in link to be mailed, if anybody has the address. @param address what the link begins with */
export async function queueLinkMail(
  tx: Db,
  email: string,
  at: Date,
  address: string,
): Promise<void> {
  const payload = { email, address };
  await queueJob(tx, { kind: linkMailKind, lane: sql`'mail'`, payload, at });
}

/** Whether a job was asked for within so many minutes, and its address is that of an active user. */
export async function isLinkWanted(db: Db, email: string): Promise<boolean> {
  const row = await db
    .selectFrom('users')
    .where('email', '=', email)
    .where('status', '=', 'active')
    .select('id')
    .executeTakeFirst();
  return row !== undefined;
}

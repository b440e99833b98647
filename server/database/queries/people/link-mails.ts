import { sql } from 'kysely';
import type { Db } from '../../connection/connection.ts';
import { queueJob } from '../records/outbox.ts';

export const linkMailKind = 'sign-in-link';

/** What a job that mails a sign-in link keeps: no link, which whoever reads the table could use. */
export interface LinkMailJob {
  email: string;
  /** Where people reach Slipway: what the link begins with. */
  address: string;
  /** Who wants it to be sent; undefined for whoever it signs in. */
  by?: string;
}

/** Asks for a sign-in link to be mailed, if anybody has the address. */
export async function queueLinkMail(tx: Db, payload: LinkMailJob, at: Date): Promise<void> {
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

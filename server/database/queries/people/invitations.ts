import { sql } from 'kysely';
import type { Db } from '../../connection/connection.ts';
import { queueJob } from '../records/outbox.ts';

/** Jobs of the outbox that mail an invitation. */
export const invitationKind = 'invitation';

/** Asks for an invitation to be mailed. */
export async function queueInvitation(
  tx: Db,
  payload: { userId: number; by: string; address: string },
  at: Date,
): Promise<void> {
  await queueJob(tx, { kind: invitationKind, lane: sql`'mail'`, payload, at });
}

/** Somebody who was invited, is active, and has not signed in yet. */
export async function findInvited(
  db: Db,
  id: number,
): Promise<{ name: string; email: string } | undefined> {
  return db
    .selectFrom('users')
    .where('id', '=', id)
    .where('status', '=', 'active')
    .where('invited_at', 'is not', null)
    .where('joined_at', 'is', null)
    .select(['name', 'email'])
    .executeTakeFirst();
}

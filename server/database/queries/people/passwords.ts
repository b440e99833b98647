import { sql } from 'kysely';
import type { Db } from '../../connection/connection.ts';
import { writeSealed } from '../../records/seals.ts';
import { sessionId } from './sessions.ts';

interface PasswordRow {
  user_id: number;
  email: string;
  name: string;
  status: 'active' | 'suspended' | 'left';
  second_step: boolean;
  hash: string | null;
  set_at: Date | null;
  version: number;
}

/** Whoever has an e-mail address, or an id, with what is kept of their password, if they have one. */
export async function findPassword(
  db: Db,
  whose: { email: string } | { userId: number },
): Promise<PasswordRow | undefined> {
  const users = db
    .selectFrom('users')
    .leftJoin('passwords', 'passwords.user_id', 'users.id')
    .select([
      'users.id as user_id',
      'users.email',
      'users.name',
      'users.status',
      'users.second_step',
      'passwords.hash',
      'passwords.set_at',
      'users.version',
    ]);
  const found =
    'email' in whose
      ? users.where('users.email', '=', whose.email)
      : users.where('users.id', '=', whose.userId);
  return found.executeTakeFirst();
}

export async function upsertPassword(tx: Db, userId: number, hash: string): Promise<void> {
  await writeSealed(tx, 'passwords', sql`user_id = ${userId}`, (within) =>
    within
      .insertInto('passwords')
      .values({ user_id: userId, hash })
      .onConflict((conflict) =>
        conflict.column('user_id').doUpdateSet({ hash, set_at: sql`clock_timestamp()` }),
      )
      .execute(),
  );
}

export async function deletePassword(tx: Db, userId: number): Promise<void> {
  await tx.deleteFrom('passwords').where('user_id', '=', userId).execute();
}

/** Whether a session was begun within so many minutes, by something else than the password. */
export async function isFreshSession(
  db: Db,
  { userId, hashStart, minutes }: { userId: number; hashStart: string; minutes: number },
): Promise<boolean> {
  const row = await db
    .selectFrom('sessions')
    .where('user_id', '=', userId)
    .where(sessionId, '=', hashStart)
    .where('way', 'not in', ['password', 'two-steps'])
    .where('created_at', '>', sql<Date>`clock_timestamp() - make_interval(mins => ${minutes})`)
    .select('user_id')
    .executeTakeFirst();
  return row !== undefined;
}

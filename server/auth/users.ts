import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { ApiError } from '#contract/errors.ts';
import type { UserRole } from '#contract/permissions.ts';
import type { ScopeRef } from '#contract/scope.ts';
import type { Db } from '../database/connection.ts';
import { takeWriteLock } from '../database/locks.ts';
import { appendToLog, placeColumns } from '../database/operations-log.ts';

export interface NewUser {
  email: string;
  /** Shown to others; the e-mail address when left out. */
  name?: string | undefined;
  role: UserRole;
  /** Where the role is given; it reaches everything below. */
  at: ScopeRef;
}

/**
 * Lets somebody in who was not known before, and records it. There is no operation for it on the
 * wire: users are made by the first start and on the command line.
 *
 * @param actor `cli:<user>` or `system:<what>`, for the operations log
 * @returns the new user's id
 * @throws ApiError UnicityViolation when the e-mail address is taken
 */
export async function createUser(db: Db, user: NewUser, actor: string): Promise<number> {
  const email = user.email.toLowerCase();
  return await db.transaction().execute(async (tx) => {
    await takeWriteLock(tx, { corporate: true });
    const created = await tx
      .insertInto('users')
      .values({ email, name: user.name ?? email })
      .onConflict((conflict) => conflict.column('email').doNothing())
      .returning(['id', 'name'])
      .executeTakeFirst();
    if (!created) {
      throw new ApiError(
        'UnicityViolation',
        `The user ${email} exists already. Choose another e-mail address.`,
      );
    }
    const grant = { role: user.role, ...placeColumns(user.at) };
    await tx
      .insertInto('grants')
      .values({ user_id: created.id, ...grant })
      .execute();
    const { rows } = await sql<{ now: Date }>`SELECT clock_timestamp() AS now`.execute(tx);
    await appendToLog(tx, {
      at: rows[0]?.now ?? new Date(),
      requestId: randomUUID(),
      operation: 'userCreate',
      actor,
      credential: '',
      origin: '',
      scope: { scope: 'scalr' },
      object: `user:${created.id}`,
      after: { email, name: created.name, ...grant },
    });
    return created.id;
  });
}

/**
 * The address of somebody who may do everything, for the link that a start prints: the administrator
 * at Corporate scope who has been there longest.
 */
export async function findChiefAdministrator(db: Db): Promise<string | undefined> {
  const row = await db
    .selectFrom('users')
    .innerJoin('grants', 'grants.user_id', 'users.id')
    .where('users.status', '=', 'active')
    .where('grants.role', '=', 'administrator')
    .where('grants.scope', '=', 'scalr')
    .orderBy('users.id')
    .limit(1)
    .select('users.email')
    .executeTakeFirst();
  return row?.email;
}

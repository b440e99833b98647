import { type Insertable, sql, type Updateable } from 'kysely';
import type { Db } from '../../connection/connection.ts';
import type { Database } from '../../schema.ts';
import { isSameName } from '../organisation/same-name.ts';

/** Whether an environment has a farm of this name, other than `ownId`. */
export async function isFarmNameTaken(
  tx: Db,
  environmentId: number,
  name: string,
  ownId?: number,
): Promise<boolean> {
  const row = await tx
    .selectFrom('farms')
    .where('environment_id', '=', environmentId)
    .where(isSameName({ id: 'id', name: 'name' }, name, ownId))
    .select('id')
    .executeTakeFirst();
  return row !== undefined;
}

/** Writes a new farm. @returns its id */
export async function insertFarm(tx: Db, values: Insertable<Database['farms']>): Promise<number> {
  const { id } = await tx
    .insertInto('farms')
    .values(values)
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

/** Changes a farm and raises its version. */
export async function updateFarm(
  tx: Db,
  id: number,
  columns: Updateable<Database['farms']>,
): Promise<void> {
  await tx
    .updateTable('farms')
    .set({ ...columns, version: sql`version + 1` })
    .where('id', '=', id)
    .execute();
}

/** Removes a farm with its roles and its servers, all of which must have ended. */
export async function deleteFarmRows(tx: Db, id: number): Promise<void> {
  await tx.deleteFrom('servers').where('farm_id', '=', id).execute();
  await tx.deleteFrom('farm_roles').where('farm_id', '=', id).execute();
  await tx.deleteFrom('farms').where('id', '=', id).execute();
}

/** Whether a user has a right at an account, above it, or below it. */
export async function isInAccount(tx: Db, userId: number, accountId: number): Promise<boolean> {
  const row = await tx
    .selectFrom('held_grants as held')
    .innerJoin('users', 'users.id', 'held.user_id')
    .where('users.status', '=', 'active')
    .where('user_id', '=', userId)
    .where((where) => where.or([where('scope', '=', 'scalr'), where('account_id', '=', accountId)]))
    .select('held.id')
    .executeTakeFirst();
  return row !== undefined;
}

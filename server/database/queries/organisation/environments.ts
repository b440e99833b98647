import type { Insertable, Updateable } from 'kysely';
import type { Environment } from '#contract/organisation/environments.ts';
import type { Db } from '../../connection/connection.ts';
import { inOrder } from '../lists/in-order.ts';
import type { Database } from '../../schema.ts';

export interface EnvironmentRow {
  id: number;
  account_id: number;
  name: string;
  status: Environment['status'];
  cost_center_id: string | null;
  created_at: Date;
}

/** Environments by id, in the order of the ids; unknown ids are left out. */
export async function fetchEnvironments(tx: Db, ids: readonly number[]): Promise<EnvironmentRow[]> {
  if (ids.length === 0) return [];
  return inOrder(
    ids,
    await tx.selectFrom('environments').where('id', 'in', ids).selectAll().execute(),
  );
}

/** An environment of an account by its id or its name. */
export async function findEnvironment(
  tx: Db,
  accountId: number,
  by: { id: number } | { name: string },
): Promise<EnvironmentRow | undefined> {
  const ofAccount = tx.selectFrom('environments').where('account_id', '=', accountId).selectAll();
  return 'id' in by
    ? ofAccount.where('id', '=', by.id).executeTakeFirst()
    : ofAccount.where('name', '=', by.name).executeTakeFirst();
}

export async function insertEnvironment(
  tx: Db,
  row: Insertable<Database['environments']>,
): Promise<EnvironmentRow> {
  return tx.insertInto('environments').values(row).returningAll().executeTakeFirstOrThrow();
}

export async function updateEnvironmentRow(
  tx: Db,
  id: number,
  changes: Updateable<Database['environments']>,
): Promise<void> {
  await tx.updateTable('environments').set(changes).where('id', '=', id).execute();
}

/** Only for an environment that has nothing left. */
export async function deleteEnvironmentRow(tx: Db, id: number): Promise<void> {
  await tx.deleteFrom('environments').where('id', '=', id).execute();
}

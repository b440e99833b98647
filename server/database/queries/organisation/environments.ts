import type { Insertable, Updateable } from 'kysely';
import type { Environment } from '#contract/organisation/environments.ts';
import type { Db } from '../../connection/connection.ts';
import { inOrder } from '../../connection/in-order.ts';
import type { Database } from '../../schema.ts';

export interface EnvironmentRow {
  id: number;
  account_id: number;
  name: string;
  status: Environment['status'];
  cost_center_id: string | null;
  cost_center_name: string | null;
  created_at: Date;
}

/** Environments by id, in the order of the ids; unknown ids are left out. */
export async function fetchEnvironments(tx: Db, ids: readonly number[]): Promise<EnvironmentRow[]> {
  if (ids.length === 0) return [];
  return inOrder(ids, await selectEnvironments(tx).where('environments.id', 'in', ids).execute());
}

/** An environment of an account by its id or its name. */
export async function findEnvironment(
  tx: Db,
  accountId: number,
  by: { id: number } | { name: string },
): Promise<EnvironmentRow | undefined> {
  const ofAccount = selectEnvironments(tx).where('environments.account_id', '=', accountId);
  return 'id' in by
    ? ofAccount.where('environments.id', '=', by.id).executeTakeFirst()
    : ofAccount.where('environments.name', '=', by.name).executeTakeFirst();
}

function selectEnvironments(tx: Db) {
  return tx
    .selectFrom('environments')
    .leftJoin('cost_centers', 'cost_centers.id', 'environments.cost_center_id')
    .selectAll('environments')
    .select('cost_centers.name as cost_center_name');
}

export async function insertEnvironment(
  tx: Db,
  row: Insertable<Database['environments']>,
): Promise<{ id: number }> {
  return tx.insertInto('environments').values(row).returning('id').executeTakeFirstOrThrow();
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

import { type Insertable, type RawBuilder, sql, type Updateable } from 'kysely';
import type { Environment } from '#contract/organisation/environments.ts';
import type { Db } from '../../connection/connection.ts';
import { inOrder } from '../../connection/in-order.ts';
import { isSameName } from './same-name.ts';
import type { Database } from '../../schema.ts';
import { containsPattern, type ListPlan, parseSort } from '../lists/paging.ts';

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

/** An environment of an account. */
export async function findEnvironment(
  tx: Db,
  accountId: number,
  id: number,
): Promise<EnvironmentRow | undefined> {
  const ofAccount = tx.selectFrom('environments').where('account_id', '=', accountId).selectAll();
  return ofAccount.where('id', '=', id).executeTakeFirst();
}

/** Whether an account has an environment of this name, other than `ownId`. */
export async function isEnvironmentNameTaken(
  tx: Db,
  accountId: number,
  name: string,
  ownId?: number,
): Promise<boolean> {
  const row = await tx
    .selectFrom('environments')
    .where('account_id', '=', accountId)
    .where(isSameName({ id: 'id', name: 'name' }, name, ownId))
    .select('id')
    .executeTakeFirst();
  return row !== undefined;
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

/** How to walk the environments of an account. */
export function environmentListPlan(
  accountId: number,
  filters: EnvironmentFilters,
  sort: 'id' | 'name' | '-id' | '-name',
): ListPlan {
  const { name, descending } = parseSort(sort);
  return {
    from: sql`environments e`,
    branches: [sql`e.account_id = ${accountId}`],
    where: conditions(filters),
    key: name === 'name' ? sql`e.name` : sql`e.id`,
    keyType: name === 'name' ? 'text' : 'integer',
    id: sql`e.id`,
    idType: 'integer',
    descending,
  };
}

interface EnvironmentFilters {
  query?: string | undefined;
  id?: number | undefined;
  name?: string | undefined;
  status?: EnvironmentRow['status'] | undefined;
  added?: string | undefined;
  costCenter?: string | undefined;
}

function conditions(filters: EnvironmentFilters): RawBuilder<unknown>[] {
  const { query, id, name, status, added, costCenter } = filters;
  return [
    ...(query ? [sql`e.name ILIKE ${containsPattern(query)}`] : []),
    ...(id ? [sql`e.id = ${id}`] : []),
    ...(name === undefined ? [] : [sql`e.name = ${name}`]),
    ...(status ? [sql`e.status = ${status}`] : []),
    ...(costCenter === undefined ? [] : [sql`e.cost_center_id = ${costCenter}`]),
    ...(added === undefined
      ? []
      : [sql`date_trunc('milliseconds', e.created_at) = ${added}::timestamptz`]),
  ];
}

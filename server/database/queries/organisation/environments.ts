import { type Insertable, type RawBuilder, sql, type Updateable } from 'kysely';
import type { ServiceInput } from '#contract/operations.ts';
import type { Environment } from '#contract/organisation/environments.ts';
import type { Db } from '../../connection/connection.ts';
import { isSameName } from './same-name.ts';
import { equal } from '../lists/equal.ts';
import { naturally } from '../lists/natural-order.ts';
import { inOrder } from '../lists/in-order.ts';
import type { Database } from '../../schema.ts';
import { type ListPlan, parseSort } from '../lists/paging.ts';
import { matchesSearch, waysIn } from '../lists/search.ts';

type Query = ServiceInput<'environmentList'>['query'];

export interface EnvironmentRow {
  id: number;
  account_id: number;
  name: string;
  status: Environment['status'];
  cost_center_id: string | null;
  cost_center_name: string | null;
  created_at: Date;
  version: number;
}

/** Environments by id, in the order of the ids; unknown ids are left out. */
export async function fetchEnvironments(tx: Db, ids: readonly number[]): Promise<EnvironmentRow[]> {
  if (ids.length === 0) return [];
  return inOrder(ids, await selectEnvironments(tx).where('environments.id', 'in', ids).execute());
}

/** An environment of an account. */
export async function findEnvironment(
  tx: Db,
  accountId: number,
  id: number,
): Promise<EnvironmentRow | undefined> {
  return selectEnvironments(tx)
    .where('environments.account_id', '=', accountId)
    .where('environments.id', '=', id)
    .executeTakeFirst();
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

/** Every environment by its name and that of its account, oldest first. */
export async function fetchEnvironmentNames(
  db: Db,
): Promise<{ id: number; account_id: number; name: string; account_name: string }[]> {
  return db
    .selectFrom('environments')
    .innerJoin('accounts', 'accounts.id', 'environments.account_id')
    .select(['environments.id', 'environments.account_id', 'environments.name'])
    .select('accounts.name as account_name')
    .orderBy('environments.id')
    .execute();
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

/** Changes an environment and raises its version. */
export async function updateEnvironmentRow(
  tx: Db,
  id: number,
  changes: Updateable<Database['environments']>,
): Promise<void> {
  await tx
    .updateTable('environments')
    .set({ ...changes, version: sql`version + 1` })
    .where('id', '=', id)
    .execute();
}

/** Only for an environment that has nothing left. */
export async function deleteEnvironmentRow(tx: Db, id: number): Promise<void> {
  await tx.deleteFrom('environments').where('id', '=', id).execute();
}

/** How to walk the environments of an account. */
export function environmentListPlan(
  accountId: number,
  query: Query,
  sort: NonNullable<Query['sort']>,
): ListPlan {
  const { name, descending } = parseSort(sort);
  return {
    from: sql`environments e`,
    branches: [sql`e.account_id = ${accountId}`],
    where: conditions(query),
    key: name === 'name' ? naturally(sql`e.name`) : sql`e.id`,
    keyType: name === 'name' ? 'text' : 'integer',
    id: sql`e.id`,
    idType: 'integer',
    descending,
  };
}

function conditions(filters: Query): RawBuilder<unknown>[] {
  const { query, id, name, status, added, costCenter } = filters;
  return [
    ...matchesSearch(query, waysIn('e.name')),
    ...equal('e', { id, name, status, cost_center_id: costCenter }),
    ...(added === undefined
      ? []
      : [sql`date_trunc('milliseconds', e.created_at) = ${added}::timestamptz`]),
  ];
}

/** The account that an environment belongs to, for ever; undefined where there is no such environment. */
export async function fetchAccountOfEnvironment(db: Db, id: number): Promise<number | undefined> {
  const row = await db
    .selectFrom('environments')
    .where('id', '=', id)
    .select('account_id')
    .executeTakeFirst();
  return row?.account_id;
}

import { type RawBuilder, sql } from 'kysely';
import type { ServiceInput } from '#contract/operations.ts';
import type { Db } from '../../connection/connection.ts';
import { equal } from '../lists/equal.ts';
import { naturally } from '../lists/natural-order.ts';
import { type ListPlan, parseSort } from '../lists/paging.ts';
import { matchesSearch, waysIn } from '../lists/search.ts';
import { isSameName } from './same-name.ts';
import { inOrder } from '../lists/in-order.ts';

type Query = ServiceInput<'accountList'>['query'];

export interface AccountRow {
  id: number;
  name: string;
  created_at: Date;
  /** How many environments it has. */
  environments: number;
  version: number;
}

/** Accounts by id, in the order of the ids; unknown ids are left out. */
export async function fetchAccounts(tx: Db, ids: readonly number[]): Promise<AccountRow[]> {
  if (ids.length === 0) return [];
  return inOrder(ids, await selectAccounts(tx, sql`a.id = ANY(${ids}::int[])`));
}

export async function findAccount(tx: Db, id: number): Promise<AccountRow | undefined> {
  const [row] = await selectAccounts(tx, sql`a.id = ${id}`);
  return row;
}

/** Whether there is an account of this name, other than `ownId`. */
export async function isAccountNameTaken(tx: Db, name: string, ownId?: number): Promise<boolean> {
  const same = isSameName({ id: 'a.id', name: 'a.name' }, name, ownId);
  return (await selectAccounts(tx, same)).length > 0;
}

/** Every account by its name, oldest first. */
export async function fetchAccountNames(db: Db): Promise<{ id: number; name: string }[]> {
  return db.selectFrom('accounts').select(['id', 'name']).orderBy('id').execute();
}

async function selectAccounts(tx: Db, condition: RawBuilder<unknown>): Promise<AccountRow[]> {
  const { rows } = await sql<AccountRow>`
    SELECT a.id, a.name, a.created_at, a.version,
      (SELECT count(*)::int FROM environments e WHERE e.account_id = a.id) AS environments
    FROM accounts a WHERE ${condition}`.execute(tx);
  return rows;
}

/** @returns its id */
export async function insertAccount(tx: Db, name: string, at: Date): Promise<number> {
  const { id } = await tx
    .insertInto('accounts')
    .values({ name, created_at: at })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

/** Renames an account and raises its version. */
export async function renameAccount(tx: Db, id: number, name: string): Promise<void> {
  const changes = { name, version: sql<number>`version + 1` };
  await tx.updateTable('accounts').set(changes).where('id', '=', id).execute();
}

/** Only for an account that has nothing left. */
export async function deleteAccountRow(tx: Db, id: number): Promise<void> {
  await tx.deleteFrom('accounts').where('id', '=', id).execute();
}

/** How to walk all accounts. */
export function accountListPlan(query: Query, sort: NonNullable<Query['sort']>): ListPlan {
  const { name, descending } = parseSort(sort);
  return {
    from: sql`accounts a`,
    branches: [sql`true`],
    where: [
      ...matchesSearch(query.query, waysIn('a.name')),
      ...equal('a', { id: query.id, name: query.name }),
    ],
    key: name === 'name' ? naturally(sql`a.name`) : sql`a.id`,
    keyType: name === 'name' ? 'text' : 'integer',
    id: sql`a.id`,
    idType: 'integer',
    descending,
  };
}

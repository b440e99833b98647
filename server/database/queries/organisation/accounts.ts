import { type RawBuilder, sql } from 'kysely';
import type { Db } from '../../connection/connection.ts';
import { inOrder } from '../lists/in-order.ts';

export interface AccountRow {
  id: number;
  name: string;
  created_at: Date;
  /** How many environments it has. */
  environments: number;
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

export async function findAccountByName(tx: Db, name: string): Promise<AccountRow | undefined> {
  const [row] = await selectAccounts(tx, sql`a.name = ${name}`);
  return row;
}

async function selectAccounts(tx: Db, condition: RawBuilder<unknown>): Promise<AccountRow[]> {
  const { rows } = await sql<AccountRow>`
    SELECT a.id, a.name, a.created_at,
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

export async function renameAccount(tx: Db, id: number, name: string): Promise<void> {
  await tx.updateTable('accounts').set({ name }).where('id', '=', id).execute();
}

/** Only for an account that has nothing left. */
export async function deleteAccountRow(tx: Db, id: number): Promise<void> {
  await tx.deleteFrom('accounts').where('id', '=', id).execute();
}

import { sql, type Transaction } from 'kysely';
import type { Database } from '../schema.ts';

/** The demo estate was asked for in a database that is already in use. */
export class EstateNotEmptyError extends Error {
  /** @param found what is there already, such as `account "Payments"` */
  constructor(found: string) {
    super(
      `The demo estate goes into an empty database only, and this one already has the ${found}. Use another data folder or database for it.`,
    );
    this.name = 'EstateNotEmptyError';
  }
}

/**
 * Keeps others from using the database until the transaction ends, once it is known to be empty.
 * @param users whom the estate brings along: the first administrator is one of them and may be there
 * @throws EstateNotEmptyError if there is any account, or a user whom the estate does not know
 */
export async function lockEmptyDatabase(
  tx: Transaction<Database>,
  users: { id?: number | undefined; email: string }[],
): Promise<void> {
  // Two loads at once: the second waits here, then finds the first one's accounts.
  await sql`LOCK TABLE accounts, users IN SHARE ROW EXCLUSIVE MODE`.execute(tx);
  const account = await tx.selectFrom('accounts').select('name').orderBy('id').executeTakeFirst();
  if (account) throw new EstateNotEmptyError(`account "${account.name}"`);
  const found = await tx.selectFrom('users').select(['id', 'email']).orderBy('id').execute();
  const stranger = found.find(
    ({ id, email }) => !users.some((user) => user.id === id && user.email === email),
  );
  if (stranger) throw new EstateNotEmptyError(`user ${stranger.email}`);
}

/** Rows came with their ids: lets the next row get the next number. */
export async function continueSequences(tx: Transaction<Database>): Promise<void> {
  for (const table of [
    'accounts',
    'environments',
    'users',
    'teams',
    'roles',
    'farms',
    'farm_roles',
  ]) {
    await sql`SELECT setval(pg_get_serial_sequence(${table}, 'id'), max(id)) FROM ${sql.table(table)}`.execute(
      tx,
    );
  }
}

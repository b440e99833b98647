import { sql, type Transaction } from 'kysely';
import type { Database } from '../schema.ts';
import { sendAhead } from './sent-ahead.ts';

/** One class per purpose, so that no two purposes can meet on a number. */
const lockClass = { corporate: 1, account: 2, start: 3 } as const;

/** What a change holds until it commits; docs/architecture.md, "One writer per account". */
export type WriteLock = { corporate: true } | { accountId: number } | { environmentId: number };

/**
 * Takes the lock of a write as the transaction's first statement: all of Slipway for a Corporate
 * change, else one account (and, shared, Corporate, so that nothing above it moves meanwhile).
 */
export async function takeWriteLock(tx: Transaction<Database>, lock: WriteLock): Promise<void> {
  if ('corporate' in lock) {
    await sendAhead(
      tx,
      sql`SELECT pg_advisory_xact_lock(${lockClass.corporate}::int, 0)`.compile(tx),
    );
    return;
  }
  const accountId =
    'accountId' in lock
      ? sql`${lock.accountId}::int`
      : sql`(SELECT account_id FROM environments WHERE id = ${lock.environmentId})`;
  await sendAhead(
    tx,
    sql`SELECT pg_advisory_xact_lock_shared(${lockClass.corporate}::int, 0),
      pg_advisory_xact_lock(${lockClass.account}::int, ${accountId})`.compile(tx),
  );
}

/**
 * Makes one process at a time prepare the database: tables, migrations, the first data. It waits for as
 * long as that takes, and is held until the end of the transaction, which may be idle meanwhile.
 */
export async function takeStartLock(tx: Transaction<Database>): Promise<void> {
  await sql`SET LOCAL statement_timeout = 0`.execute(tx);
  await sql`SET LOCAL lock_timeout = 0`.execute(tx);
  await sql`SET LOCAL idle_in_transaction_session_timeout = 0`.execute(tx);
  await sql`SELECT pg_advisory_xact_lock(${lockClass.start}::int, 0)`.execute(tx);
}

import { sql, type Transaction } from 'kysely';
import type { Database } from '../schema.ts';
import type { Db } from './connection.ts';
import { sendAhead } from './sent-ahead.ts';

/** One class per purpose, so that no two purposes can meet on a number. */
const lockClass = {
  corporate: 1,
  account: 2,
  leader: 3,
  start: 4,
  farm: 5,
  claims: 6,
  attempts: 7,
  signIns: 8,
} as const;

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
 * Takes the lock of a step of the fleet: one farm, and, shared, its account and Corporate, so that no
 * replacement slips between the image that a launch resolves and its commit.
 * @returns the time at which it has it
 */
export async function takeFarmLock(tx: Transaction<Database>, farmId: number): Promise<Date> {
  await sendAhead(
    tx,
    sql`SELECT pg_advisory_xact_lock_shared(${lockClass.corporate}::int, 0),
      pg_advisory_xact_lock_shared(${lockClass.account}::int, (SELECT account_id FROM farms WHERE id = ${farmId})),
      pg_advisory_xact_lock(${lockClass.farm}::int, ${farmId}::int)`.compile(tx),
  );
  const { rows } = await sql<{ now: Date }>`SELECT clock_timestamp() AS now`.execute(tx);
  return rows[0]?.now ?? new Date();
}

/** As a step of the fleet does of its account, without a farm: what is written down of an account, nobody changes meanwhile. */
export async function takeAccountSteadily(
  tx: Transaction<Database>,
  accountId: number,
): Promise<Date> {
  await sendAhead(
    tx,
    sql`SELECT pg_advisory_xact_lock_shared(${lockClass.corporate}::int, 0),
      pg_advisory_xact_lock_shared(${lockClass.account}::int, ${accountId}::int)`.compile(tx),
  );
  const { rows } = await sql<{ now: Date }>`SELECT clock_timestamp() AS now`.execute(tx);
  return rows[0]?.now ?? new Date();
}

/** Lets attempts that are counted together be counted one by one. @param names what each is counted by */
export async function takeAttemptLock(tx: Db, names: readonly string[]): Promise<void> {
  // In one order, so that no two wait for each other.
  await sql`
    SELECT pg_advisory_xact_lock(${lockClass.attempts}::int, number) FROM (
      SELECT DISTINCT hashtext(name) AS number FROM unnest(${[...names]}::text[]) name ORDER BY number) numbers`.execute(
    tx,
  );
}

/** Lets sign-ins be numbered one by one. Whoever holds it asks for no other lock. */
export async function takeSignInLock(tx: Db): Promise<void> {
  await sendAhead(tx, sql`SELECT pg_advisory_xact_lock(${lockClass.signIns}::int, 0)`.compile(tx));
}

/** The two numbers of the advisory lock of whoever leads. */
export function leaderLock(number: number): [lockClass: number, number: number] {
  return [lockClass.leader, number];
}

/**
 * Takes the lock of whoever leads, for as long as the transaction stays open.
 * @param number of what is led
 * @param longestSilenceMs a leader that says nothing for so long loses the lock
 * @returns false when another has it
 */
export async function tryLeaderLock(
  tx: Db,
  number: number,
  longestSilenceMs: number,
): Promise<boolean> {
  await sql`SET LOCAL idle_in_transaction_session_timeout = ${sql.lit(longestSilenceMs)}`.execute(
    tx,
  );
  // Without parameters: those of the last statement would keep its snapshot, and vacuum, until the next.
  const lock = sql.join(leaderLock(number).map((part) => sql.lit(part)));
  const { rows } = await sql<{ got: boolean }>`
    SELECT pg_try_advisory_xact_lock(${lock}) AS got`.execute(tx);
  return rows[0]?.got === true;
}

/** Says that the leader lives. @throws when its transaction, and so the lock, is lost */
export async function renewLeaderLock(tx: Db): Promise<void> {
  await sql`SELECT 1`.execute(tx);
}

/** Lets one at a time take jobs of the outbox, so that those under way can be counted. */
export async function takeClaimLock(tx: Db): Promise<void> {
  await sendAhead(tx, sql`SELECT pg_advisory_xact_lock(${lockClass.claims}::int, 0)`.compile(tx));
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

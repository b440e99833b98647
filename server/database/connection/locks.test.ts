import { sql } from 'kysely';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import type { ScopeRef } from '#contract/scope.ts';
import { withDatabase } from '../../testing/database.ts';
import { createTenant, randomName, type Tenant } from '../../testing/harness.ts';
import { takeWriteLock, type WriteLock } from './locks.ts';

const database = withDatabase();
let t: Tenant;
let other: Tenant;

beforeAll(async () => {
  t = await createTenant(database.db);
  other = await createTenant(database.db);
});

/** Does some work while a change that goes on all the time holds a lock. */
async function during<T>(lock: WriteLock, work: () => Promise<T>): Promise<T> {
  return database.db.transaction().execute(async (tx) => {
    await takeWriteLock(tx, lock);
    await sql`SELECT`.execute(tx);
    return work();
  });
}

/** How many changes wait for a lock. */
async function countWaiting(): Promise<number> {
  const { rows } = await sql<{ count: number }>`SELECT count(*) AS count FROM pg_locks
    WHERE locktype = 'advisory' AND NOT granted
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`.execute(
    database.db,
  );
  return rows[0]?.count ?? 0;
}

const noun = { account: 'environmentCreate', scalr: 'accountCreate' } as const;
const change = (at: ScopeRef & { scope: keyof typeof noun }) =>
  t.corporateAdmin.call(noun[at.scope], at, { body: { name: randomName('made') } });
const roleIn = (at: ScopeRef) =>
  t.corporateAdmin.call('roleCreate', at, {
    body: { name: randomName('role'), category: 1, os: 'ubuntu-24-04' },
  });

/** That a change waits for a lock, and is made once that is given back. */
async function expectWaiting(lock: WriteLock, make: () => Promise<{ status?: number }>) {
  let isMade = false;
  // Wrapped, so that the transaction does not wait for it.
  const { made } = await during(lock, async () => {
    const begun = make().then(() => (isMade = true));
    await vi.waitUntil(async () => isMade || (await countWaiting()) > 0, 30_000);
    expect(isMade).toBe(false);
    return { made: begun };
  });
  await made;
  expect(isMade).toBe(true);
}

describe('one writer per account', () => {
  test('a change waits for another one of its account, also of an environment in it', async () => {
    const { accountId } = t.account;
    await expectWaiting({ accountId }, () => change(t.account));
    await expectWaiting({ accountId }, () => roleIn(t.environment));
    const { environmentId } = t.otherEnvironment;
    await expectWaiting({ environmentId }, () => roleIn(t.environment));
  });

  test('a change in an account waits while Corporate changes, so that nothing above it moves', async () => {
    await expectWaiting({ corporate: true }, () => change(t.account));
    await expectWaiting({ corporate: true }, () => roleIn(t.environment));
  });

  test('a Corporate change waits for those of every account', async () => {
    await expectWaiting({ accountId: t.account.accountId }, () => change(t.corporate));
    const { environmentId } = other.environment;
    await expectWaiting({ environmentId }, () => change(t.corporate));
  });

  test('a promotion to Corporate waits for those of every account, although it is asked for in one', async () => {
    const role = await roleIn(t.account);
    const params = { roleId: String(role.data.id) };
    await expectWaiting({ accountId: other.account.accountId }, () =>
      t.corporateAdmin.call('rolePromote', t.account, { params, body: {} }),
    );
  });

  test('changes of two accounts do not wait for each other', async () => {
    await during({ accountId: other.account.accountId }, async () => {
      await change(t.account);
      await roleIn(t.environment);
    });
  });
});

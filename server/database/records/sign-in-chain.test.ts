import { beforeAll, expect, test } from 'vitest';
import { withDatabase } from '../../testing/database.ts';
import { testSeal } from '../../testing/test-key.ts';
import { recordFailedSignIn } from '../queries/people/sign-ins.ts';
import { beginRecords } from './begins.ts';
import { checkRecords } from './check-records.ts';
import { chainSignIns, findSignInHead, forgetSignIns } from './sign-in-chain.ts';

const database = withDatabase();
const attempt = { way: 'link', origin: '192.0.2.1', network: '192.0.2.1' } as const;
const check = () => checkRecords(database.db, { seal: testSeal });

beforeAll(async () => {
  const { db } = database;
  const at = new Date(Date.now() - 100 * 86_400_000);
  const old = { ...attempt, outcome: 'used-link', at };
  await db.insertInto('sign_ins').values([old, old, old]).execute();
  await db.transaction().execute((tx) => chainSignIns(tx));
  await beginRecords(db, testSeal, { by: 'system:test', reason: 'A test' });
});

test('attempts at the same time have one number each, without a gap', async () => {
  const many = Array.from({ length: 20 }, () =>
    recordFailedSignIn(database.db, 'used-link', attempt),
  );
  await Promise.all(many);
  expect((await findSignInHead(database.db)).number).toBe(23);
  expect(await check()).toEqual([]);
});

test('old ones are forgotten with a cut that is signed, and the chain goes on', async () => {
  expect(await forgetSignIns(database.db, 90)).toBe(3);
  expect(await check()).toEqual([]);
  expect(await forgetSignIns(database.db, 90)).toBe(0);
  await recordFailedSignIn(database.db, 'used-link', attempt);
  expect((await findSignInHead(database.db)).number).toBe(24);
  expect(await check()).toEqual([]);
  expect(await forgetSignIns(database.db, 0)).toBe(21);
  await recordFailedSignIn(database.db, 'used-link', attempt);
  expect((await findSignInHead(database.db)).number).toBe(25);
  expect(await check()).toEqual([]);
});

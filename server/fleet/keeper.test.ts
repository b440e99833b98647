import { expect, test } from 'vitest';
import { KeptAccounts } from './keeper.ts';

const corporate = { accountId: null, revision: 5, fleet: 0, followed: 0 };
const one = { accountId: 1, revision: 7, fleet: 3, followed: 0 };
const other = { accountId: 2, revision: 1, fleet: 0, followed: 0 };

/** Accounts of which a first pass has seen all. */
function seen(): KeptAccounts {
  const kept = new KeptAccounts();
  expect(kept.select([corporate, one, other])).toBe('all');
  return kept;
}

test('a pass looks at the accounts that moved since the one before, and at none when nothing did', () => {
  const kept = seen();
  expect(kept.select([corporate, one, other])).toEqual([]);
  expect(kept.select([corporate, { ...one, fleet: 4 }, other])).toEqual([1]);
  expect(kept.select([corporate, { ...one, fleet: 4 }, { ...other, revision: 2 }])).toEqual([2]);
});

test('an account that is new, or goes on from an earlier moment, as after a restore, has moved', () => {
  const kept = seen();
  const heads = [corporate, { ...one, revision: 6 }, other, { ...other, accountId: 3 }];
  expect(kept.select(heads)).toEqual([1, 3]);
});

test('what Corporate does may concern every farm', () => {
  expect(seen().select([{ ...corporate, revision: 6 }, one, other])).toBe('all');
});

test('farms of which a step went wrong are looked at again', () => {
  const kept = seen();
  kept.forget(2);
  expect(kept.select([corporate, one, other])).toEqual([2]);
  kept.forget();
  expect(kept.select([corporate, one, other])).toBe('all');
});

test('all farms are looked at from time to time, since rows may be changed by hand', () => {
  const kept = new KeptAccounts({ wholeEveryMs: 0 });
  expect(kept.select([corporate])).toBe('all');
  expect(kept.select([corporate])).toBe('all');
});

import { expect, test } from 'vitest';
import type { PlanItem } from '#contract/plans.ts';
import { findDifference, inPlanOrder } from './plan-differences.ts';

const web: PlanItem = { type: 'role', id: 1, name: 'web', what: 'changes' };
const db: PlanItem = { type: 'role', id: 2, name: 'db', what: 'changes' };
const old: PlanItem = { type: 'image', id: 'a', name: 'old', what: 'is replaced by' };
const byB: PlanItem = { ...old, other: { id: 'b', name: 'next' } };
const byC: PlanItem = { ...old, other: { id: 'c', name: 'next' } };
const skipped = { ...db, what: 'keeps the old image' };

test.each([
  [[web, db], [db, web], undefined],
  [[web], [{ ...web, name: 'www' }], undefined],
  [[byB], [{ ...byB, other: { id: 'b', name: 'renamed' } }], undefined],
  [[byB], [byC], { added: [byC], gone: [byB] }],
  [[web], [web, db], { added: [db], gone: [] }],
  [[web, db], [web], { added: [], gone: [db] }],
  [[web, db], [web, skipped], { added: [skipped], gone: [db] }],
])('%j became %j', (shown, now, difference) => {
  expect(findDifference(shown, now)).toEqual(difference);
});

test('the order of a plan follows from its items', () => {
  expect(inPlanOrder([db, skipped, web])).toEqual(inPlanOrder([web, db, skipped]));
});

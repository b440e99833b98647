import { expect, test } from 'vitest';
import type { ImageSetResult } from '#contract/image-sets/image-set-acts.ts';

import { amountOf, canSkip, reasonAgainstAct } from './set-plan.ts';

function result(outcome: ImageSetResult['outcome'], code?: string): ImageSetResult {
  const image = {
    id: '8c12d2b8-6543-433f-a5bd-cfe4ca2d4579',
    name: 'web-1',
    cloudImageId: 'ami-1',
    deprecated: false,
    cloudPlatform: 'ec2',
    cloudLocation: 'us-east-1',
    architecture: 'x86_64',
  } as const;
  return { image, outcome, ...(code === undefined ? {} : { code, reason: 'It is used.' }) };
}

const shown = (data: Parameters<typeof canSkip>[0]) => ({ data, error: null, problem: undefined });

test('images that are refused can be left out as long as others are not', () => {
  const refused = { allowed: false, code: 'ObjectInUse', reason: 'It is used.' };
  const some = { ...refused, results: [result('done'), result('skipped', 'ObjectInUse')] };
  const all = { ...refused, results: [result('skipped', 'ObjectInUse')] };
  expect(canSkip(some)).toBe(true);
  expect(canSkip(all)).toBe(false);
  expect(reasonAgainstAct(shown(some))).toMatch(/^1 image cannot be/);
  expect(reasonAgainstAct(shown(all))).toBe('It is used.');
});

test('leaving images out is no way where the right is missing', () => {
  const results = [result('done'), result('skipped', 'ObjectInUse')];
  const plan = { allowed: false, code: 'AccessDenied', reason: 'Ask an admin.', results };
  expect(canSkip(plan)).toBe(false);
  expect(reasonAgainstAct(shown(plan))).toBe('Ask an admin.');
});

test('what would change nothing is not offered', () => {
  const plan = { allowed: true, results: [result('unchanged')] };
  expect(reasonAgainstAct(shown(plan))).toBe('There is nothing to change.');
  expect(amountOf(shown(plan))).toBe('1 image');
});

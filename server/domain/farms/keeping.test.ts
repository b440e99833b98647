import { expect, test } from 'vitest';
import {
  afterTerminationWords,
  type KeptFarmRole,
  planAfterTermination,
  planKeeping,
  planLowerMinimum,
} from './keeping.ts';

const kept: KeptFarmRole = {
  farm_status: 'running',
  scaling_enabled: true,
  min_servers: 2,
  max_servers: 4,
  live: 3,
};

test.each([
  ['below its minimum launches what is missing', { live: 0 }, { launch: 2 }],
  ['at its minimum rests', { live: 2 }, { rest: 'balanced' }],
  ['at its maximum rests', { live: 4 }, { rest: 'balanced' }],
  ['above its maximum ends what is too much', { live: 7 }, { terminate: 3 }],
  ['that keeps none ends all', { min_servers: 0, max_servers: 0, live: 1 }, { terminate: 1 }],
  ['without scaling gets none back', { scaling_enabled: false, live: 0 }, { rest: 'scaling' }],
  ['without scaling loses none', { scaling_enabled: false, live: 9 }, { rest: 'scaling' }],
  ['of a suspended farm rests', { farm_status: 'suspended', live: 0 }, { rest: 'farm' }],
  ['of a terminated farm rests', { farm_status: 'terminated', live: 0 }, { rest: 'farm' }],
] as const)('a farm role %s', (_words, values, plan) => {
  expect(planKeeping({ ...kept, ...values })).toEqual(plan);
});

test.each([
  [
    'another server stays than the minimum asks for',
    { live: 3 },
    { starts: false, why: 'balanced' },
  ],
  ['one is missing then', { live: 2 }, { starts: true }],
  ['there are too many anyway', { live: 9 }, { starts: false, why: 'balanced' }],
  ['scaling is off', { live: 1, scaling_enabled: false }, { starts: false, why: 'scaling' }],
  ['the farm sleeps', { live: 1, farm_status: 'suspended' }, { starts: false, why: 'farm' }],
] as const)('what follows from a termination where %s', (_words, values, plan) => {
  expect(planAfterTermination({ ...kept, ...values })).toEqual(plan);
});

test('the sentence on a termination names what starts, or why nothing does', () => {
  const named = { ...kept, alias: 'web', farm_name: 'shop', image_name: 'web-2' };
  expect(afterTerminationWords({ ...named, live: 2 })).toBe('A new one will start on web-2.');
  expect(afterTerminationWords(named)).toContain('"web" keeps at least 2, and 2 stay');
  expect(afterTerminationWords({ ...named, scaling_enabled: false })).toContain(
    'scaling of "web" is off',
  );
  expect(afterTerminationWords({ ...named, farm_status: 'suspended' })).toContain(
    'farm "shop" is suspended',
  );
});

test.each([
  [{ min_servers: 2, live: 2 }, 1],
  [{ min_servers: 3, live: 2 }, 1],
  [{ min_servers: 1, live: 1 }, 0],
  [{ min_servers: 0, live: 0 }, undefined],
  [{ min_servers: 2, live: 3 }, undefined],
])('a minimum is lowered to what stays, and never raised: %o', (facts, minimum) => {
  expect(planLowerMinimum(facts)).toBe(minimum);
});

import { describe, expect, test } from 'vitest';
import { passingServerStatuses, serverStatuses } from '#contract/farms/statuses.ts';
import {
  planNextCall,
  planRefused,
  planSeenStatus,
  planServerCall,
  retryAfterMs,
  type SeenState,
} from './server-steps.ts';

const states: SeenState[] = [
  'pending',
  'running',
  'suspending',
  'suspended',
  'resuming',
  'terminating',
  'terminated',
  'failed',
  'absent',
];
const old = { ageMs: 3_600_000 };

test('a server that is on its way is asked about, and one at rest is not', () => {
  const asked = serverStatuses.filter((status) => planServerCall(status) !== undefined);
  expect(new Set(asked)).toEqual(new Set(passingServerStatuses));
});

describe('what the cloud says of a server', () => {
  /** For each state of a server on its way: what it becomes by what the cloud says, in the order of `states`. */
  test.each([
    [
      'pending_launch',
      ['pending', 'running', 'pending', 'suspended', 'pending', 'pending', 'failed', 'failed'],
    ],
    [
      'pending',
      ['pending', 'running', 'pending', 'suspended', 'pending', 'pending', 'failed', 'failed'],
    ],
    [
      'initializing',
      [
        'initializing',
        'running',
        'initializing',
        'suspended',
        'initializing',
        'initializing',
        'failed',
        'failed',
      ],
    ],
    [
      'pending_suspend',
      [
        'pending_suspend',
        'pending_suspend',
        'pending_suspend',
        'suspended',
        'pending_suspend',
        'pending_suspend',
        'terminated',
        'terminated',
      ],
    ],
    [
      'resuming',
      [
        'resuming',
        'running',
        'resuming',
        'resuming',
        'resuming',
        'resuming',
        'terminated',
        'terminated',
      ],
    ],
  ] as const)('decides what a server that is %s becomes', (status, expected) => {
    const found = states.map((seen) => planSeenStatus(status, seen, old).status);
    expect(found).toEqual([...expected, expected[6]]);
  });

  test('ends a server that is to be terminated only once nothing of it is left', () => {
    const ended = states.filter((seen) => planSeenStatus('pending_terminate', seen, old).isSettled);
    expect(ended).toEqual(['terminated', 'failed', 'absent']);
  });

  test('is at rest only in a state that does not pass', () => {
    for (const status of passingServerStatuses)
      for (const seen of states) {
        const plan = planSeenStatus(status, seen, old);
        const passes = (passingServerStatuses as readonly string[]).includes(plan.status);
        expect(plan.isSettled, `${status}, ${seen}`).toBe(!passes);
      }
  });

  test('does not make a launch fail that the cloud has only just taken', () => {
    expect(planSeenStatus('pending', 'absent', { ageMs: 1_000 })).toEqual({
      status: 'pending',
      isSettled: false,
    });
  });
});

test('what wakes or sleeps is asked to once it can be', () => {
  expect(planNextCall('pending_suspend', 'running')).toBe('suspend');
  expect(planNextCall('pending_suspend', 'resuming')).toBeUndefined();
  expect(planNextCall('resuming', 'suspended')).toBe('resume');
  expect(planNextCall('resuming', 'suspending')).toBeUndefined();
  expect(planNextCall('pending', 'running')).toBeUndefined();
});

test('a refused server is what it was before, and one that was to be launched has failed', () => {
  expect(planRefused('pending_launch', 'running')).toBe('failed');
  expect(planRefused('pending_terminate', 'running')).toBe('running');
  expect(planRefused('pending_suspend', 'running')).toBe('running');
  expect(planRefused('resuming', 'running')).toBe('suspended');
  // Nothing runs in a farm that does not.
  expect(planRefused('pending_terminate', 'terminated')).toBe('pending_terminate');
  expect(planRefused('pending_suspend', 'suspended')).toBe('pending_suspend');
});

test('after failures in a row launches wait longer and longer, at most 10 minutes', () => {
  expect([1, 2, 3, 8, 100].map(retryAfterMs)).toEqual([5_000, 10_000, 20_000, 600_000, 600_000]);
});

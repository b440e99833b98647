import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ServerStatus } from '#contract/farms/statuses.ts';
import {
  countOf,
  countUnavailable,
  findSkip,
  type MovingFarmRole,
  planMoveStep,
  planNextMoves,
} from './rollout-moves.ts';

const now = new Date('2026-03-01T12:00:00Z');
const settings = { batchSize: '2', maxUnavailable: '2', pauseSeconds: 0 };

/** A farm role whose scaling is off: four servers run, all on the old image. */
function farmRole(changes: Partial<MovingFarmRole> = {}): MovingFarmRole {
  const waiting = ['a', 'b', 'c', 'd'].map((id) => ({ id, status: 'running' as ServerStatus }));
  const live = waiting.map(({ status }) => status);
  return {
    scaling_enabled: false,
    min_servers: 0,
    live,
    waiting,
    underWay: [],
    emptiedBefore: 0,
    lastMovedAt: null,
    ...changes,
  };
}

test.each([
  ['2', 10, 2],
  ['25%', 10, 2],
  ['20%', 2, 1],
  ['1%', 0, 1],
  ['100%', 7, 7],
])('%s of %i servers are %i: something always moves', (amount, whole, count) => {
  expect(countOf(amount, whole)).toBe(count);
});

describe('what is moved next', () => {
  test.each<[string, Partial<MovingFarmRole>, object, Partial<typeof settings>?]>([
    ['a batch, in order', {}, { start: ['a', 'b'] }],
    ['no more than may be down', {}, { start: ['a'] }, { maxUnavailable: '1' }],
    ['one of two servers, whatever the percentage', {}, { start: ['a'] }, { maxUnavailable: '1%' }],
    [
      'nothing while a batch is under way',
      { underWay: [{ hasNewServer: true }] },
      { wait: 'batch' },
    ],
    [
      'nothing before the pause is over',
      { lastMovedAt: new Date(now.getTime() - 5_000) },
      { wait: 'pause', until: new Date(now.getTime() + 5_000) },
      { pauseSeconds: 10 },
    ],
    [
      'less where others have ended one already',
      { live: ['running', 'running', 'running', 'pending'] },
      { start: ['a'] },
    ],
    [
      'nothing where the minimum lacks as many as may be down',
      { scaling_enabled: true, min_servers: 6 },
      { wait: 'unavailable', unavailable: 2, allowed: 2 },
    ],
    ['less where an undone rollout has left a place empty', { emptiedBefore: 1 }, { start: ['a'] }],
    [
      'what is down already, however many are',
      {
        live: ['pending', 'pending', 'pending'],
        waiting: [
          { id: 'a', status: 'running' },
          { id: 'b', status: 'pending' },
        ],
      },
      { start: ['b'] },
    ],
    ['nothing where nothing is left', { waiting: [] }, { wait: 'nothing' }],
  ])('%s', (_what, changes, next, options) => {
    expect(planNextMoves(farmRole(changes), { ...settings, ...options }, now)).toEqual(next);
  });

  const status = fc.constantFrom<ServerStatus>('running', 'pending', 'resuming', 'suspended');
  test('never takes more down than may be, whatever the others do', () => {
    fc.assert(
      fc.property(
        fc.array(status, { maxLength: 12 }),
        fc.nat(8),
        fc.boolean(),
        fc.constantFrom('1', '3', '20%', '50%', '100%'),
        fc.constantFrom('1', '2', '25%', '60%'),
        (live, min_servers, scaling_enabled, batchSize, maxUnavailable) => {
          const waiting = live.flatMap((one, index) =>
            one === 'suspended' ? [] : [{ id: String(index), status: one }],
          );
          const before = farmRole({ live, waiting, min_servers, scaling_enabled });
          const next = planNextMoves(before, { batchSize, maxUnavailable, pauseSeconds: 0 }, now);
          const started = 'start' in next ? next.start : [];
          const after = live.map((one, index): ServerStatus =>
            started.includes(String(index)) ? 'pending_launch' : one,
          );
          const size = Math.max(live.length, scaling_enabled ? min_servers : 0);
          expect(started.length).toBeLessThanOrEqual(countOf(batchSize, size));
          expect(countUnavailable({ ...before, live: after })).toBeLessThanOrEqual(
            Math.max(countUnavailable(before), countOf(maxUnavailable, size)),
          );
        },
      ),
    );
  });
});

describe('a server whose turn comes', () => {
  const farm = { status: 'running' as const };
  test.each<[string, Partial<Parameters<typeof findSkip>[0]>, RegExp | undefined]>([
    ['is moved while it runs an old image', {}, undefined],
    [
      'is skipped when somebody terminated it',
      { status: 'pending_terminate', ended_by: 'eva@example.com' },
      /eva@example/,
    ],
    ['is skipped when its cloud lost it', { status: 'terminated' }, /in its cloud/],
    ['is skipped when it is not old any more', { stale: false }, /runs the image/],
    ['is skipped while it is suspended', { status: 'suspended' }, /suspended/],
  ])('%s', (_what, changes, words) => {
    const reason = findSkip({ status: 'running', stale: true, ended_by: null, ...changes }, farm);
    if (words) expect(reason).toMatch(words);
    else expect(reason).toBeUndefined();
  });

  test('is skipped when it went with its farm role, or its farm does not run', () => {
    expect(findSkip(undefined, farm)).toMatch(/removed/);
    const server = { status: 'running', stale: true, ended_by: null } as const;
    expect(findSkip(server, { status: 'suspended' })).toMatch(/farm is suspended/);
  });
});

test.each<[string, Partial<Parameters<typeof planMoveStep>[1]>, number, object]>([
  ['bakes once its new server runs', { status: 'running' }, 10, { to: 'baking' }],
  ['is done at once without a bake time', { status: 'running' }, 0, { to: 'moved' }],
  ['waits while it comes up', { status: 'pending' }, 10, { stays: true }],
  [
    'fails with what the cloud said',
    { status: 'failed', cloud_words: 'No room.' },
    10,
    { failed: 'No room.' },
  ],
  [
    'ends where somebody ended its new server',
    { status: 'pending_terminate', ended_by: 'eva' },
    10,
    {
      to: 'skipped',
      reason: 'What came in its place was terminated by eva.',
    },
  ],
])('a move %s', (_what, server, bakeSeconds, step) => {
  const seen = { status: 'running' as const, ended_by: null, cloud_words: null, ...server };
  expect(planMoveStep({ state: 'moving', ran_at: null }, seen, { bakeSeconds, now })).toEqual(step);
});

test('a move has baked when its new server has run for the bake time, and not before', () => {
  const server = { status: 'running' as const, ended_by: null, cloud_words: null };
  const ranFor = (seconds: number) =>
    planMoveStep({ state: 'baking', ran_at: new Date(now.getTime() - seconds * 1_000) }, server, {
      bakeSeconds: 10,
      now,
    });
  expect(ranFor(9)).toEqual({ stays: true });
  expect(ranFor(10)).toEqual({ to: 'moved' });
});

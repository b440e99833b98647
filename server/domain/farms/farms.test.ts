import { describe, expect, test } from 'vitest';
import { serverStatuses } from '#contract/farms/statuses.ts';
import {
  type FarmFacts,
  findFarmDeletionRefusal,
  findUnlockRefusal,
  planFarmStep,
  planServerWithFarm,
} from './farms.ts';
import { planFarmLaunch, planServerLaunch } from './launches.ts';

const open = { locked_at: null, locked_by: null, lock_comment: null };
const locked = { locked_at: new Date(0), locked_by: 'eve@example.com', lock_comment: 'Freeze' };
function farm(status: FarmFacts['status'], lock: Partial<FarmFacts> = open): FarmFacts {
  return { name: 'shop', ...open, status, ...lock };
}

describe('a farm', () => {
  test.each([
    ['launch', 'terminated', 'running'],
    ['launch', 'running', undefined],
    ['launch', 'suspended', undefined],
    ['terminate', 'running', 'terminated'],
    ['terminate', 'suspended', 'terminated'],
    ['terminate', 'terminated', undefined],
    ['suspend', 'running', 'suspended'],
    ['suspend', 'suspended', undefined],
    ['suspend', 'terminated', undefined],
    ['resume', 'suspended', 'running'],
    ['resume', 'running', undefined],
    ['resume', 'terminated', undefined],
  ] as const)('to %s one that is %s leads to %s', (verb, status, to) => {
    expect(planFarmStep(farm(status), verb)).toMatchObject(
      to === undefined ? { code: 'UnacceptableState' } : { to },
    );
    expect(planFarmStep(farm(status, locked), verb)).toMatchObject({ code: 'Locked' });
  });

  test('is deleted only when it is terminated, unlocked and without servers', () => {
    expect(findFarmDeletionRefusal(farm('terminated'), 0)).toBeUndefined();
    expect(findFarmDeletionRefusal(farm('terminated'), 1)).toMatchObject({ code: 'ObjectInUse' });
    expect(findFarmDeletionRefusal(farm('running'), 0)).toMatchObject({ code: 'ObjectInUse' });
    expect(findFarmDeletionRefusal(farm('terminated', locked), 0)?.code).toBe('Locked');
  });

  const nobody = { actor: 'bob@example.com', ownsFarm: false, isAdministrator: false };
  test.each([
    ['anyone', nobody, true],
    ['owner', nobody, false],
    ['owner', { ...nobody, ownsFarm: true }, true],
    ['owner', { ...nobody, isAdministrator: true }, true],
    ['owner', { ...nobody, actor: 'eve@example.com' }, false],
    ['team', nobody, false],
    ['team', { ...nobody, actor: 'eve@example.com' }, true],
  ] as const)('locked for %s is unlocked by %o: %s', (unlock_permission, who, may) => {
    const refusal = findUnlockRefusal({ ...farm('running', locked), unlock_permission }, who);
    expect(refusal?.code).toBe(may ? undefined : 'PermissionViolation');
  });
});

test('with its farm every server ends, sleeps or wakes, and what has ended stays so', () => {
  const becomes = (server: Parameters<typeof planServerWithFarm>[0]) =>
    (['terminate', 'suspend', 'resume'] as const).map((verb) => planServerWithFarm(server, verb));
  const image_id = '0b6f6fd0-6a34-4b7e-9a2e-5f1d7c1f0a11';
  const table = serverStatuses.map((status) => [status, ...becomes({ status, image_id })]);
  expect(table).toEqual([
    ['pending_launch', 'pending_terminate', 'pending_terminate', undefined],
    ['pending', 'pending_terminate', 'pending_terminate', undefined],
    ['initializing', 'pending_terminate', 'pending_terminate', undefined],
    ['running', 'pending_terminate', 'pending_suspend', undefined],
    ['resuming', 'pending_terminate', 'pending_suspend', undefined],
    ['pending_suspend', 'pending_terminate', undefined, 'resuming'],
    ['suspended', 'pending_terminate', undefined, 'resuming'],
    ['pending_terminate', undefined, undefined, undefined],
    ['terminated', undefined, undefined, undefined],
    ['failed', undefined, undefined, undefined],
  ]);
  // No cloud was ever asked for it.
  const calledOff = becomes({ status: 'pending_launch', image_id: null });
  expect(calledOff).toEqual(['terminated', 'terminated', undefined]);
});

describe('a launch', () => {
  const farmRole = { id: 7, alias: 'web', scaling_enabled: true, min_servers: 3, max_servers: 4 };

  test('fills up to the minimum, with the lowest numbers that are free', () => {
    expect(planFarmLaunch([{ ...farmRole, indexes: [2, 5], live: 1 }])).toEqual([
      { farmRoleId: 7, index: 1 },
      { farmRoleId: 7, index: 3 },
    ]);
    expect(planFarmLaunch([{ ...farmRole, indexes: [1, 2, 3, 4], live: 4 }])).toEqual([]);
    const off = { ...farmRole, scaling_enabled: false };
    expect(planFarmLaunch([{ ...off, indexes: [], live: 0 }])).toEqual([]);
  });

  test('by hand makes room above the maximum, up to 400 servers, while the farm runs', () => {
    const running = { name: 'shop', status: 'running' };
    const at = (live: number) =>
      planServerLaunch(running, {
        ...farmRole,
        live,
        indexes: Array.from({ length: live }, (_, index) => index + 1),
      });
    expect(at(3)).toEqual({ farmRoleId: 7, index: 4 });
    expect(at(4)).toEqual({ farmRoleId: 7, index: 5, raiseMaxTo: 5 });
    expect(at(400)).toMatchObject({ code: 'UnacceptableState' });
    for (const status of ['terminated', 'suspended'])
      expect(
        planServerLaunch({ ...running, status }, { ...farmRole, live: 0, indexes: [] }),
      ).toMatchObject({ code: 'UnacceptableState' });
  });
});

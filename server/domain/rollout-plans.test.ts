import { expect, test } from 'vitest';
import { type CandidateServer, estimateSeconds, planRollout } from './rollout-plans.ts';

const settings = { waves: [], replaceAll: true };

function server(changes: Partial<CandidateServer> = {}): CandidateServer {
  return {
    id: 'a',
    hostname: 'web-1',
    server_index: 1,
    status: 'running',
    old: true,
    stale: true,
    image_id: 'old',
    image_name: 'nginx-1',
    role_image_id: 'new',
    role_image_name: 'nginx-2',
    role_name: 'web',
    farm_id: 1,
    farm_name: 'Shop',
    farm_status: 'running',
    farm_role_id: 1,
    alias: 'web',
    scaling_enabled: true,
    min_servers: 2,
    max_servers: 4,
    live: 2,
    account_id: 1,
    environment_id: 1,
    launched_with: {},
    relaunched_with: {},
    ...changes,
  };
}

test('environments are moved in the order that was asked for, and the others last', () => {
  const servers = [3, 1, 2, 4].map((id) => server({ id: String(id), environment_id: id }));
  const waves = [[{ id: 4 }], [{ id: 9 }], [{ id: 1 }, { id: 2 }]];
  const { moves } = planRollout(servers, { ...settings, waves });
  expect(moves.map(({ server: { id }, wave }) => [id, wave])).toEqual([
    ['4', 1],
    ['1', 2],
    ['2', 2],
    ['3', 3],
  ]);
});

test.each<[string, Partial<CandidateServer>, RegExp]>([
  ['whose role still has its deprecated image', { stale: false }, /still has this image/],
  ['that is not old', { stale: false, old: false }, /runs the image that its role has/],
  ['that is suspended', { status: 'suspended' }, /suspended/],
  ['of a farm that does not run', { farm_status: 'suspended' }, /farm is suspended/],
  [
    'whose credentials end no servers',
    { launched_with: { credentials_name: 'Ours', cloud_rights: ['launchServers'] } },
    /"Ours"/,
  ],
  [
    'in whose place the credentials of its environment launch none',
    { relaunched_with: { credentials_name: 'Theirs', cloud_rights: ['terminateServers'] } },
    /"Theirs"/,
  ],
])('a server %s stays, and the plan says why', (_what, changes, why) => {
  const plan = planRollout([server(changes)], settings);
  expect(plan.moves).toEqual([]);
  expect(plan.stays[0]?.why).toMatch(why);
});

test.each([
  ['scaling is off', { scaling_enabled: false }, /scaling of "web" is off/],
  ['the minimum is met without it', { live: 3 }, /keeps at least 2/],
])('where %s, the plan says that nothing comes back by itself', (_what, changes, why) => {
  const servers = [server(changes), server({ ...changes, id: 'b' })];
  const all = planRollout(servers, settings);
  expect(all.moves).toHaveLength(2);
  expect(all.notByThemselves).toMatchObject([{ servers: 2, why: expect.stringMatching(why) }]);
  const careful = planRollout(servers, { ...settings, replaceAll: false });
  expect(careful.moves).toEqual([]);
  expect(careful.stays[0]?.why).toMatch(why);
});

test('farm roles are moved beside each other, and their batches one after the other', () => {
  const options = { batchSize: '2', maxUnavailable: '50%', pauseSeconds: 5, bakeSeconds: 10 };
  const moves = [
    { wave: 1, farmRoleId: 1, servers: 4, live: 4 },
    { wave: 1, farmRoleId: 2, servers: 1, live: 10 },
    { wave: 2, farmRoleId: 3, servers: 1, live: 2 },
  ];
  const seconds = estimateSeconds(moves, options, (id) => id * 10_000);
  expect([...seconds]).toEqual([
    [1, 2 * 20 + 5],
    [2, 40],
  ]);
});

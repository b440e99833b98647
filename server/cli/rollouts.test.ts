import { expect, test } from 'vitest';
import { withDatabase } from '../testing/database.ts';
import { createTenant } from '../testing/harness.ts';
import { launch } from '../testing/launched.ts';
import { createOldFarm, passOnce } from '../testing/rollouts.ts';

const database = withDatabase();

const slipway = async (...args: string[]) =>
  launch('slipway', ['rollouts', ...args], { DATABASE_URL: database.url }).ended;

test('a rollout is listed, steered and watched from the command line', async () => {
  const t = await createTenant(database.db);
  const { farmId } = await createOldFarm(database.db, t, { servers: 1 });
  const { data } = await t.accountAdmin.call('rolloutPlan', t.account, { body: { farm: farmId } });
  const params = { rolloutId: data.id };
  await t.accountAdmin.call('rolloutStart', t.account, { params });

  expect((await slipway('list')).stdout).toContain(`${data.id}  running   0 of 1 moved`);
  const paused = await slipway('pause', data.id);
  expect(paused).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('paused: 0 of 1 moved'),
  });
  const waiting = await slipway('get', data.id, '--watch');
  expect(waiting).toMatchObject({
    code: 1,
    stdout: expect.stringContaining('until the rollout is resumed'),
  });
  expect((await slipway('resume', data.id)).code).toBe(0);
  const watched = slipway('get', data.id, '--watch');
  for (let pass = 0; pass < 4; pass++) await passOnce(database.db);
  expect(await watched).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('done: 1 of 1 moved'),
  });

  const refused = await slipway('cancel', data.id);
  expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('is done') });
  expect((await slipway('get', 'x')).code).toBe(2);
  const log = await database.db
    .selectFrom('operations_log')
    .where('actor', 'like', 'cli:%')
    .select('operation')
    .orderBy('revision')
    .execute();
  expect(log.map(({ operation }) => operation)).toEqual(['rolloutPause', 'rolloutResume']);
});

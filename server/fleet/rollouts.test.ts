import { sql } from 'kysely';
import { afterEach, describe, expect, test } from 'vitest';
import { checkInvariants } from '../database/invariants.ts';
import { CloudError } from '../cloud/call.ts';
import { clearFaults, setFault } from '../database/queries/simulated-cloud/faults.ts';
import { withDatabase } from '../testing/database.ts';
import { failingAt } from '../testing/failing-statements.ts';
import { createPromptCloud, settleServers } from '../testing/fleet.ts';
import { type CallInput, createTenant, type Tenant } from '../testing/harness.ts';
import { createOldFarm, passOnce } from '../testing/rollouts.ts';
import { keepFarms } from './keeper.ts';
import { rollOut } from './rollouts.ts';

const database = withDatabase();

afterEach(async () => {
  await clearFaults(database.db, {});
  expect(await checkInvariants(database.db)).toEqual([]);
});

async function start(t: Tenant, body: CallInput<'rolloutPlan'>['body']) {
  const at = t.account;
  const plan = await t.accountAdmin.call('rolloutPlan', at, { body });
  const params = { rolloutId: plan.data.id };
  const digest = plan.data.plan?.digest ?? '';
  await t.accountAdmin.call('rolloutStart', at, { params, digest });
  return params;
}

const get = async (t: Tenant, params: { rolloutId: string }) =>
  (await t.viewer.call('rolloutGet', t.account, { params })).data;

/** Passes until a rollout has ended; each is looked at in between. */
async function finish(t: Tenant, params: { rolloutId: string }, look = async () => {}) {
  for (let pass = 0; pass < 60; pass++) {
    const rollout = await get(t, params);
    if (['done', 'stopped', 'cancelled'].includes(rollout.state)) return rollout;
    await passOnce(database.db);
    await look();
  }
  throw new Error('The rollout did not end');
}

async function liveServers(t: Tenant, farm: number) {
  const query = { farm, live: true };
  return (await t.viewer.call('serverList', t.account, { query })).data;
}

describe('a rollout', () => {
  test('moves every server to the image that its role has, and never has more down than allowed', async () => {
    const t = await createTenant(database.db);
    const farm = await createOldFarm(database.db, t, { servers: 5 });
    const params = await start(t, { farm: farm.farmId, batchSize: '2', maxUnavailable: '2' });
    const running: number[] = [];
    const look = async () => {
      const { rows } = await sql<{ up: number }>`SELECT count(*)::int AS up FROM servers
        WHERE farm_id = ${farm.farmId} AND status = 'running'`.execute(database.db);
      running.push(rows[0]?.up ?? 0);
    };
    for (let pass = 0; pass < 12; pass++) {
      await rollOut(database.db, { onError: (error) => expect.unreachable(String(error)) });
      await look();
      await passOnce(database.db);
      await look();
    }
    expect(Math.min(...running)).toBe(3);
    expect(await get(t, params)).toMatchObject({
      state: 'done',
      counts: { total: 5, moved: 5 },
      now: [],
    });
    const live = await liveServers(t, farm.farmId);
    expect(live.map(({ status, image }) => [status, image?.id])).toEqual(
      Array.from({ length: 5 }, () => ['running', farm.newImage.id]),
    );
    const events = await t.viewer.call('farmEventList', t.environment, {
      params: { farmId: farm.farmId },
    });
    expect(events.data.filter(({ actor }) => actor === 'system:rollouts')[0]?.reason).toContain(
      params.rolloutId,
    );
  });

  test('finishes and bakes a wave before the next begins', async () => {
    const t = await createTenant(database.db);
    const first = await createOldFarm(database.db, t, { servers: 2, at: t.otherEnvironment });
    const second = await createOldFarm(database.db, t, { servers: 2 });
    const waves = [[t.otherEnvironment.environmentId], [t.environment.environmentId]];
    const params = await start(t, {
      waves,
      batchSize: '100%',
      maxUnavailable: '100%',
      bakeSeconds: 60,
    });
    await passOnce(database.db);
    await passOnce(database.db);
    expect(await get(t, params)).toMatchObject({
      wave: { now: 1, of: 2 },
      counts: { baking: 2, waiting: 2 },
      now: [{ farm: { id: first.farmId }, words: expect.stringContaining('60 s') }],
    });
    await sql`UPDATE rollout_servers SET ran_at = ran_at - interval '1 minute'`.execute(
      database.db,
    );
    await passOnce(database.db);
    await passOnce(database.db);
    await passOnce(database.db);
    expect(await get(t, params)).toMatchObject({
      wave: { now: 2 },
      counts: { moved: 2, baking: 2 },
    });
    expect((await liveServers(t, second.farmId)).every(({ stale }) => !stale)).toBe(true);
  });

  test('that is paused finishes what moves and starts nothing, and resumes', async () => {
    const t = await createTenant(database.db);
    const { farmId } = await createOldFarm(database.db, t, { servers: 3 });
    const params = await start(t, { farm: farmId });
    await rollOut(database.db, { onError: (error) => expect.unreachable(String(error)) });
    await t.accountAdmin.call('rolloutPause', t.account, { params });
    for (let pass = 0; pass < 3; pass++) await passOnce(database.db);
    expect(await get(t, params)).toMatchObject({
      state: 'paused',
      counts: { moved: 1, waiting: 2, moving: 0 },
      now: [{ words: expect.stringContaining('resumed') }],
    });
    await t.accountAdmin.call('rolloutResume', t.account, { params });
    expect((await finish(t, params)).counts.moved).toBe(3);
  });

  test('that is cancelled finishes what moves and leaves the rest', async () => {
    const t = await createTenant(database.db);
    const { farmId } = await createOldFarm(database.db, t, { servers: 3 });
    const params = await start(t, { farm: farmId });
    await rollOut(database.db, { onError: (error) => expect.unreachable(String(error)) });
    await t.accountAdmin.call('rolloutCancel', t.account, { params });
    for (let pass = 0; pass < 3; pass++) await passOnce(database.db);
    expect(await get(t, params)).toMatchObject({
      state: 'cancelled',
      counts: { moved: 1, skipped: 2 },
    });
    expect(await liveServers(t, farmId)).toHaveLength(3);
  });

  test('stops after too many failures with what the cloud said, and goes on when it is resumed', async () => {
    const t = await createTenant(database.db);
    const { farmId, newImage } = await createOldFarm(database.db, t, { servers: 3 });
    const params = await start(t, { farm: farmId, stopAfterFailures: 2 });
    await setFault(database.db, {
      kind: 'failing-servers',
      cloud_platform: 'ec2',
      cloud_location: 'us-east-1',
      probability: 1,
      seconds: 0,
    });
    const stopped = await finish(t, params, forgetSetbacks);
    expect(stopped).toMatchObject({
      state: 'stopped',
      failures: 2,
      counts: { moving: 1, waiting: 2 },
    });
    expect(stopped.cloudWords).not.toBe('');
    expect(stopped.failureList).toMatchObject([{ failures: 2, cloudWords: stopped.cloudWords }]);
    await clearFaults(database.db, {});
    await t.accountAdmin.call('rolloutResume', t.account, { params });
    expect((await finish(t, params, forgetSetbacks)).counts.moved).toBe(3);
    const live = await liveServers(t, farmId);
    expect(live.map(({ image }) => image?.id)).toEqual(live.map(() => newImage.id));
    expect(live).toHaveLength(3);
  });
});

test('each place whose new server did not come up gets one of its own', async () => {
  const t = await createTenant(database.db);
  const { farmId, farmRoleId } = await createOldFarm(database.db, t, { servers: 4 });
  await sql`UPDATE farm_roles SET scaling_enabled = false WHERE id = ${farmRoleId}`.execute(
    database.db,
  );
  const both = { batchSize: '2', maxUnavailable: '2', stopAfterFailures: 9 };
  const params = await start(t, { farm: farmId, ...both });
  const everywhere = { cloud_platform: '*', cloud_location: '*', probability: 1, seconds: 0 };
  await setFault(database.db, { ...everywhere, kind: 'failing-servers' });
  await passOnce(database.db);
  await clearFaults(database.db, {});
  expect((await finish(t, params, forgetSetbacks)).counts.moved).toBe(4);
  expect(await liveServers(t, farmId)).toHaveLength(4);
});

test('an empty place that the keeper has filled gets no other server', async () => {
  const t = await createTenant(database.db);
  const { farmId } = await createOldFarm(database.db, t, { servers: 2 });
  const params = await start(t, { farm: farmId, stopAfterFailures: 9 });
  const everywhere = { cloud_platform: '*', cloud_location: '*', probability: 1, seconds: 0 };
  await setFault(database.db, { ...everywhere, kind: 'failing-servers' });
  await passOnce(database.db);
  await clearFaults(database.db, {});
  await forgetSetbacks();
  expect(await liveServers(t, farmId)).toHaveLength(1);
  await keepFarms(database.db, { onError: (error) => expect.unreachable(String(error)) });
  expect(await liveServers(t, farmId)).toHaveLength(2);
  await finish(t, params, async () => {
    await forgetSetbacks();
    expect((await liveServers(t, farmId)).length).toBeLessThanOrEqual(2);
  });
  expect((await get(t, params)).counts.moved).toBe(2);
});

describe('in the middle of a rollout', () => {
  test('a locked farm waits and says by whom it is locked, and goes on when it is unlocked', async () => {
    const t = await createTenant(database.db);
    const { farmId } = await createOldFarm(database.db, t, { servers: 2 });
    const params = await start(t, { farm: farmId });
    // Locked while one moves: that is finished, and nothing is started.
    await rollOut(database.db, { onError: (error) => expect.unreachable(String(error)) });
    const lock = {
      params: { farmId },
      body: { lockComment: 'Sale', unlockPermission: 'anyone' as const },
    };
    await t.environmentAdmin.call('farmLock', t.environment, lock);
    for (let pass = 0; pass < 3; pass++) await passOnce(database.db);
    expect(await get(t, params)).toMatchObject({
      state: 'running',
      counts: { moved: 1, waiting: 1 },
      now: [{ words: expect.stringContaining('Sale') }],
    });
    await t.environmentAdmin.call('farmUnlock', t.environment, { params: { farmId }, body: {} });
    expect((await finish(t, params)).counts.moved).toBe(2);
  });

  test('what somebody ended, and what is no longer old, is skipped with why', async () => {
    const t = await createTenant(database.db);
    const farm = await createOldFarm(database.db, t, { servers: 3 });
    const params = await start(t, { farm: farm.farmId });
    const [, second = ''] = farm.serverIds;
    await t.environmentAdmin.call('serverTerminate', t.environment, {
      params: { serverId: second },
    });
    await passOnce(database.db);
    await t.accountAdmin.call('replacementRollBack', t.account, {
      params: { replacementId: farm.replacementId },
      body: {},
    });
    const ended = await finish(t, params);
    const { data } = await t.viewer.call('rolloutServerList', t.account, { params });
    const reasons = data.filter(({ state }) => state === 'skipped').map(({ reason }) => reason);
    expect(reasons).toContainEqual(expect.stringContaining(t.environmentAdmin.email));
    expect(reasons).toContainEqual(expect.stringContaining('runs the image'));
    expect(ended.state).toBe('done');
  });

  test('another one of the same farm is refused, and named', async () => {
    const t = await createTenant(database.db);
    const { farmId } = await createOldFarm(database.db, t, { servers: 2 });
    const { rolloutId } = await start(t, { farm: farmId });
    await expect(start(t, { farm: farmId })).rejects.toMatchObject({
      code: 'ObjectInUse',
      details: {
        blockers: [{ type: 'farm', id: farmId, reason: expect.stringContaining(rolloutId) }],
      },
    });
    await finish(t, { rolloutId });
  });

  test('a cloud that refuses everything leaves the servers that run, and none that never came up', async () => {
    const t = await createTenant(database.db);
    const { farmId, oldImage } = await createOldFarm(database.db, t, { servers: 2 });
    const params = await start(t, { farm: farmId, batchSize: '2', maxUnavailable: '2' });
    const cloud = createPromptCloud(database.db);
    if (!cloud.servers) throw new Error('The simulated cloud has servers');
    const refuse = () => Promise.reject(new CloudError('Not authorised.', { willPass: false }));
    const refusing = { ...cloud, servers: { ...cloud.servers, launch: refuse, terminate: refuse } };
    for (let pass = 0; pass < 3; pass++) await passOnce(database.db, refusing);
    const { data } = await t.viewer.call('serverList', t.account, { query: { farm: farmId } });
    expect(data.map(({ status }) => status).toSorted()).toEqual([
      'failed',
      'failed',
      'running',
      'running',
    ]);
    const live = await liveServers(t, farmId);
    expect(live.map(({ image }) => image?.id)).toEqual([oldImage.id, oldImage.id]);
    expect(await get(t, params)).toMatchObject({ counts: { skipped: 2 } });
  });

  test('undone while a place is empty, no place is lost, and no more are down than may be', async () => {
    const t = await createTenant(database.db);
    const { farmId, farmRoleId } = await createOldFarm(database.db, t, { servers: 3 });
    // Nobody but the rollouts brings anything back.
    await sql`UPDATE farm_roles SET scaling_enabled = false WHERE id = ${farmRoleId}`.execute(
      database.db,
    );
    const params = await start(t, { farm: farmId, stopAfterFailures: 9 });
    await passOnce(database.db);
    const everywhere = { cloud_platform: '*', cloud_location: '*', probability: 1, seconds: 0 };
    await setFault(database.db, { ...everywhere, kind: 'failing-servers' });
    await passOnce(database.db);
    await passOnce(database.db);
    expect(await liveServers(t, farmId)).toHaveLength(2);
    const { data: back } = await t.accountAdmin.call('rolloutUndo', t.account, { params });
    for (let pass = 0; pass < 3; pass++) {
      await passOnce(database.db);
      expect(await liveServers(t, farmId)).toHaveLength(2);
    }
    await clearFaults(database.db, {});
    await forgetSetbacks();
    await finish(t, { rolloutId: back.id }, forgetSetbacks);
    expect(await liveServers(t, farmId)).toHaveLength(3);
  });

  test('two loops at once move nothing twice', async () => {
    const t = await createTenant(database.db);
    const { farmId } = await createOldFarm(database.db, t, { servers: 6 });
    const params = await start(t, { farm: farmId, batchSize: '3', maxUnavailable: '3' });
    const onError = (error: unknown) => expect.unreachable(String(error));
    await finish(t, params, async () => {
      await Promise.all(Array.from({ length: 4 }, async () => rollOut(database.db, { onError })));
    });
    expect(await liveServers(t, farmId)).toHaveLength(6);
    const { rows } = await sql<{ launched: number }>`SELECT count(*)::int AS launched FROM servers
      WHERE farm_id = ${farmId} AND launched_by IS NULL AND launch_reason LIKE 'Rollout%'`.execute(
      database.db,
    );
    expect(rows[0]?.launched).toBe(6);
  });
});

test('a rollout is none the worse for dying at any statement', async () => {
  const t = await createTenant(database.db);
  const { farmId, newImage } = await createOldFarm(database.db, t, { servers: 3 });
  const params = await start(t, { farm: farmId });
  let [died, n] = [0, 0];
  const onError = (error: unknown) => {
    throw error;
  };
  while ((await get(t, params)).state !== 'done') {
    n += 1;
    expect(n).toBeLessThan(200);
    // Each pass is cut off one statement later than the one before, and dies there.
    const isCut = await failingAt(n, async () => rollOut(database.db, { onError }));
    if (isCut) died += 1;
    const live = await liveServers(t, farmId);
    expect(live).toHaveLength(3);
    expect(live.filter(({ status }) => status === 'running').length).toBeGreaterThanOrEqual(2);
    await settleServers(database.db);
  }
  expect(died).toBeGreaterThan(5);
  const { rows } = await sql<{ servers: number }>`SELECT count(*)::int AS servers FROM servers
    WHERE farm_id = ${farmId}`.execute(database.db);
  expect(rows[0]?.servers).toBe(6);
  expect((await liveServers(t, farmId)).map(({ image }) => image?.id)).toEqual(
    Array.from({ length: 3 }, () => newImage.id),
  );
});

/** Whoever waits after a failed launch need not wait any more. */
async function forgetSetbacks(): Promise<void> {
  await sql`UPDATE farm_role_setbacks SET retry_at = clock_timestamp()`.execute(database.db);
  await sql`UPDATE outbox SET next_attempt_at = clock_timestamp() WHERE done_at IS NULL`.execute(
    database.db,
  );
}

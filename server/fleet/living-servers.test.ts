import { sql } from 'kysely';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { CloudError } from '../cloud/call.ts';
import type { CloudDriver } from '../cloud/port.ts';
import type { CloudServer } from '../cloud/servers.ts';
import { takeWriteLock } from '../database/connection/locks.ts';
import { checkInvariants } from '../database/invariants.ts';
import { clearFaults, setFault } from '../database/queries/simulated-cloud/faults.ts';
import { withDatabase } from '../testing/database.ts';
import { insertImage, insertRole, insertServers } from '../testing/factories.ts';
import { createPromptCloud, settleServers } from '../testing/fleet.ts';
import { createTenant, randomName, type Tenant } from '../testing/harness.ts';
import { electLoop } from './election.ts';
import { KeptAccounts, keepFarms, startKeeper } from './keeper.ts';
import { startOutboxLoop } from './outbox-loop.ts';
import { serverJobs } from './server-jobs.ts';

const database = withDatabase();

afterEach(async () => {
  await clearFaults(database.db, {});
  expect(await checkInvariants(database.db)).toEqual([]);
});

/** A farm as its environment makes it, not launched, with one farm role. */
async function newFarm(t: Tenant, scaling = { minInstances: 2, maxInstances: 3 }) {
  const image = await insertImage(database.db, t.account);
  const role = await insertRole(database.db, t.account, [image.id]);
  const at = t.environment;
  const { data: farm } = await t.environmentAdmin.call('farmCreate', at, {
    body: { name: randomName('farm') },
  });
  const { data: farmRole } = await t.environmentAdmin.call('farmRoleCreate', at, {
    params: { farmId: farm.id },
    body: {
      alias: 'web',
      role: role.id,
      cloudPlatform: 'ec2',
      cloudLocation: 'us-east-1',
      scaling,
    },
  });
  const params = { farmId: farm.id };
  const servers = async () => (await t.viewer.call('farmServerList', at, { params })).data;
  return { t, at, image, role, params, farmRole, servers };
}

async function launchedFarm(scaling?: { minInstances: number; maxInstances: number }) {
  const farm = await newFarm(await createTenant(database.db), scaling);
  await farm.t.environmentAdmin.call('farmLaunch', farm.at, { params: farm.params });
  await settleServers(database.db);
  return farm;
}

const kept = new KeptAccounts();

/** One pass of one and the same keeper, which looks at what moved since the last one, and all that comes of it. */
async function keep(cloud?: CloudDriver): Promise<void> {
  await keepFarms(database.db, { onError: (error) => expect.unreachable(String(error)) }, kept);
  await settleServers(database.db, cloud);
}

/** What the simulated cloud has that has not ended there. */
async function inCloud(serverIds: readonly string[]): Promise<string[]> {
  const { rows } = await sql<{ token: string }>`
    SELECT token FROM simulated_servers WHERE token = ANY(${serverIds})
      AND coalesce(CASE WHEN due_at <= clock_timestamp() THEN next_state END, state) <> 'terminated'
    ORDER BY token`.execute(database.db);
  return rows.map(({ token }) => token);
}

/** The simulated cloud, with calls of its servers done otherwise. */
function withServers(changes: Partial<NonNullable<CloudDriver['servers']>>): CloudDriver {
  const cloud = createPromptCloud(database.db);
  if (!cloud.servers) throw new Error('The simulated cloud has servers');
  return { ...cloud, servers: { ...cloud.servers, ...changes } };
}

function serversOf(cloud: CloudDriver) {
  if (!cloud.servers) throw new Error('The simulated cloud has servers');
  return cloud.servers;
}

describe('a server', () => {
  test('comes up, and each state that it comes into says who or what did it, and why', async () => {
    const { t, at, servers } = await launchedFarm();
    const [first] = await servers();
    expect(first).toMatchObject({ status: 'running', publicIp: [expect.any(String)] });
    const params = { serverId: first?.id ?? '' };
    const { data } = await t.viewer.call('serverEventList', at, { params });
    expect(data.toReversed()).toMatchObject([
      { status: 'pending_launch', actor: t.environmentAdmin.email, reason: 'Farm launched' },
      { status: 'running', actor: 'system:server-steps' },
    ]);
    await t.environmentAdmin.call('serverTerminate', at, { params });
    await settleServers(database.db);
    const ended = await t.viewer.call('serverEventList', at, { params });
    expect(ended.data.slice(0, 2)).toMatchObject([
      { status: 'terminated' },
      { status: 'pending_terminate', reason: 'Terminated by hand' },
    ]);
    expect(await inCloud([params.serverId])).toEqual([]);
  });

  test('that is terminated while it is launched is not left behind in its cloud', async () => {
    const { t, at, params, servers } = await newFarm(await createTenant(database.db));
    await t.environmentAdmin.call('farmLaunch', at, { params });
    const taken = Promise.withResolvers<void>();
    const going = Promise.withResolvers<void>();
    const cloud = createPromptCloud(database.db);
    const slow = withServers({
      launch: async (launch, options) => {
        taken.resolve();
        await going.promise;
        return serversOf(cloud).launch(launch, options);
      },
    });
    const settled = settleServers(database.db, slow);
    await taken.promise;
    await t.environmentAdmin.call('farmTerminate', at, { params });
    going.resolve();
    await settled;
    const found = await servers();
    expect(found.map(({ status }) => status)).toEqual(['terminated', 'terminated']);
    expect(await inCloud(found.map(({ id }) => id))).toEqual([]);
  });

  test('is launched once, also where the answer of the cloud is lost', async () => {
    const { t, at, params, servers } = await newFarm(await createTenant(database.db));
    await t.environmentAdmin.call('farmLaunch', at, { params });
    const cloud = createPromptCloud(database.db);
    const launches: CloudServer[] = [];
    const forgetful = withServers({
      launch: async (launch, options) => {
        const launched = await serversOf(cloud).launch(launch, options);
        launches.push(launched);
        if (launches.length > 2) return launched;
        throw new CloudError('The line broke.', { willPass: true });
      },
    });
    const settled = settleServers(database.db, forgetful);
    await vi.waitFor(() => expect(launches.length).toBeGreaterThanOrEqual(2));
    await hurry();
    await settled;
    const found = await servers();
    expect(found.map(({ status }) => status)).toEqual(['running', 'running']);
    expect(launches.length).toBeGreaterThanOrEqual(4);
    expect(new Set(launches.map(({ cloudServerId }) => cloudServerId)).size).toBe(2);
    expect(await inCloud(found.map(({ id }) => id))).toHaveLength(2);
  });

  test('is ended or woken at once, however long its cloud would be left alone otherwise', async () => {
    const { t, at, params, servers } = await launchedFarm();
    const refuse = () => Promise.reject(new CloudError('Not authorised.', { willPass: false }));
    const loop = startOutboxLoop(
      database.db,
      serverJobs(async () => withServers({ suspend: refuse })),
      {
        pollMs: 5,
      },
    );
    await t.environmentAdmin.call('farmSuspend', at, { params });
    await vi.waitFor(async () => expect(await countWaitingJobs()).toBe(2), { timeout: 10_000 });
    await loop.stop();
    await t.environmentAdmin.call('farmResume', at, { params });
    expect(await countWaitingJobs()).toBe(0);
    await settleServers(database.db);
    expect((await servers()).map(({ status }) => status)).toEqual(['running', 'running']);
  });

  test('that is ended while its cloud has no room is ended at once', async () => {
    const { t, at, params, servers } = await newFarm(await createTenant(database.db));
    const taken = Promise.withResolvers<void>();
    const going = Promise.withResolvers<void>();
    const crowded = withServers({
      launch: async () => {
        taken.resolve();
        await going.promise;
        throw new CloudError('There is no room now.', { willPass: true });
      },
    });
    await t.environmentAdmin.call('farmLaunch', at, { params });
    const loop = startOutboxLoop(
      database.db,
      serverJobs(async () => crowded),
      { pollMs: 5 },
    );
    await taken.promise;
    await t.environmentAdmin.call('farmTerminate', at, { params });
    going.resolve();
    await loop.stop();
    // Asked for while the cloud was busy with the launch, and not put off with it.
    expect(await countWaitingJobs()).toBe(0);
    await sql`UPDATE server_events SET at = at - interval '2 minutes'`.execute(database.db);
    await settleServers(database.db);
    expect((await servers()).map(({ status }) => status)).toEqual(['terminated', 'terminated']);
  });

  test('that did not come up leaves nothing in its cloud', async () => {
    const { t, at, params, servers } = await newFarm(await createTenant(database.db));
    const everywhere = { cloud_platform: '*', cloud_location: '*', probability: 1, seconds: 0 };
    await setFault(database.db, { ...everywhere, kind: 'failing-servers' });
    await t.environmentAdmin.call('farmLaunch', at, { params });
    await settleServers(database.db);
    const found = await servers();
    expect(found.map(({ status }) => status)).toEqual(['failed', 'failed']);
    expect(await inCloud(found.map(({ id }) => id))).toEqual([]);
  });

  test('of a farm role that is removed is ended in its cloud', async () => {
    const { t, at, farmRole, servers } = await launchedFarm();
    const ids = (await servers()).map(({ id }) => id);
    expect(await inCloud(ids)).toHaveLength(2);
    await t.environmentAdmin.call('farmRoleDelete', at, { params: { farmRoleId: farmRole.id } });
    await settleServers(database.db);
    expect(await inCloud(ids)).toEqual([]);
  });

  test('that its cloud has lost has ended', async () => {
    const { t, at, servers } = await launchedFarm();
    const [first] = await servers();
    const params = { serverId: first?.id ?? '' };
    await sql`DELETE FROM simulated_servers WHERE token = ${params.serverId}`.execute(database.db);
    const gone = withServers({ get: async () => undefined });
    await t.environmentAdmin.call('serverSuspend', at, { params });
    await settleServers(database.db, gone);
    const { data } = await t.viewer.call('serverGet', at, { params });
    expect(data.status).toBe('terminated');
  });

  test('whose cloud refuses for good is again what it was, and its events say why', async () => {
    const { t, at, servers } = await launchedFarm();
    const [first] = await servers();
    const params = { serverId: first?.id ?? '' };
    const words = 'You are not authorised to perform this operation.';
    const refuse = () => Promise.reject(new CloudError(words, { willPass: false }));
    await t.environmentAdmin.call('serverTerminate', at, { params });
    await settleServers(database.db, withServers({ terminate: refuse }));
    expect((await t.viewer.call('serverGet', at, { params })).data.status).toBe('running');
    const { data } = await t.viewer.call('serverEventList', at, { params });
    expect(data[0]).toMatchObject({ reason: 'The cloud refused', cloudWords: words });
  });

  test('of a farm that is terminated or suspended goes on ending or sleeping, though its cloud refuses', async () => {
    for (const [operation, status, atRest] of [
      ['farmTerminate', 'pending_terminate', 'terminated'],
      ['farmSuspend', 'pending_suspend', 'suspended'],
    ] as const) {
      const { t, at, params, servers } = await launchedFarm();
      const words = 'You are not authorised to perform this operation.';
      const refuse = () => Promise.reject(new CloudError(words, { willPass: false }));
      const asked = vi.fn(refuse);
      const refusing = withServers({ terminate: asked, suspend: asked });
      await t.environmentAdmin.call(operation, at, { params });
      const loop = startOutboxLoop(
        database.db,
        serverJobs(async () => refusing),
        { pollMs: 5 },
      );
      await vi.waitFor(async () => {
        const [first] = await servers();
        const query = { params: { serverId: first?.id ?? '' } };
        const { data } = await t.viewer.call('serverEventList', at, query);
        expect(data[0]).toMatchObject({ status, reason: 'The cloud refused', cloudWords: words });
      });
      await loop.stop();
      expect((await servers()).map((server) => server.status)).toEqual([status, status]);
      expect(await checkInvariants(database.db)).toEqual([]);
      await hurry();
      await settleServers(database.db);
      expect((await servers()).map((server) => server.status)).toEqual([atRest, atRest]);
    }
  });

  test('on its way without a job is found and brought on, as after a restore', async () => {
    const { farmRole, image, servers } = await launchedFarm({ minInstances: 0, maxInstances: 5 });
    await insertServers(database.db, farmRole.id, image.id, 2, 'pending_terminate');
    await keep();
    const statuses = (await servers()).map(({ status }) => status);
    expect(statuses).toEqual(['terminated', 'terminated']);
  });

  test('that waited before its image was known uses that image once it is launched', async () => {
    const { t, at, farmRole, image, servers } = await launchedFarm({
      minInstances: 0,
      maxInstances: 5,
    });
    const [id] = await insertServers(database.db, farmRole.id, image.id, 1, 'pending_launch');
    await sql`UPDATE servers SET image_id = NULL WHERE id = ${id}`.execute(database.db);
    await sql`DELETE FROM image_uses WHERE image_id = ${image.id}`.execute(database.db);
    await keep();
    const [server] = await servers();
    expect(server).toMatchObject({ id, status: 'running', image: { id: image.id } });
    const { data } = await t.viewer.call('imageGet', at, { params: { imageId: image.id } });
    expect(data.lastUsed).toBe(server?.launched);
  });
});

describe('the keeper', () => {
  test('launches what the minimum lacks, on the image that the role has now, and says why', async () => {
    const { t, at, params, image, servers } = await launchedFarm();
    const next = await insertImage(database.db, t.account);
    await t.accountAdmin.call('imageReplace', t.account, {
      params: { imageId: image.id },
      body: { newImage: next.id },
    });
    const [first] = await servers();
    await t.environmentAdmin.call('serverTerminate', at, { params: { serverId: first?.id ?? '' } });
    await keep();
    const live = (await servers()).filter(({ status }) => status === 'running');
    expect(live.map((server) => server.image?.id)).toEqual([image.id, next.id]);
    const { data } = await t.viewer.call('farmEventList', at, { params });
    expect(data).toContainEqual(
      expect.objectContaining({
        actor: 'system:keeper',
        status: 'pending_launch',
        reason: 'The minimum is 2, and there was 1',
      }),
    );
  });

  test('terminates the oldest above the maximum, and nothing where scaling is off', async () => {
    const { t, at, farmRole, servers } = await launchedFarm({ minInstances: 3, maxInstances: 3 });
    const before = await servers();
    const scale = (body: { minInstances?: number; maxInstances?: number; enabled?: boolean }) =>
      t.environmentAdmin.call('farmRoleScalingUpdate', at, {
        params: { farmRoleId: farmRole.id },
        body,
      });
    await scale({ minInstances: 1, maxInstances: 1, enabled: false });
    await keep();
    expect((await servers()).every(({ status }) => status === 'running')).toBe(true);
    await scale({ enabled: true });
    await keep();
    const left = (await servers()).filter(({ status }) => status === 'running');
    expect(left.map(({ id }) => id)).toEqual([before.at(-1)?.id]);
  });

  test('waits after launches that failed, says why on the farm role, and goes on when it can', async () => {
    const { t, at, params, servers } = await newFarm(await createTenant(database.db));
    await t.environmentAdmin.call('farmLaunch', at, { params });
    const everywhere = { cloud_platform: '*', cloud_location: '*', probability: 1, seconds: 0 };
    await setFault(database.db, { ...everywhere, kind: 'image-missing' });
    await settleServers(database.db);
    expect((await servers()).map(({ status }) => status)).toEqual(['failed', 'failed']);
    const setback = async () => {
      const query = { include: 'usage' };
      const { data } = await t.viewer.call('farmRoleList', at, { params, query });
      return data[0]?.setback;
    };
    expect(await setback()).toMatchObject({ failures: 1, reason: expect.stringMatching(/\w/) });
    await keep();
    expect(await servers()).toHaveLength(2);
    const due = sql`UPDATE farm_role_setbacks SET retry_at = clock_timestamp()`;
    await due.execute(database.db);
    await keep();
    expect(await servers()).toHaveLength(4);
    expect(await setback()).toMatchObject({ failures: 2 });

    await clearFaults(database.db, {});
    await due.execute(database.db);
    await keep();
    const statuses = (await servers()).map(({ status }) => status);
    expect(statuses).toEqual(['failed', 'failed', 'failed', 'failed', 'running', 'running']);
    expect(await setback()).toBeNull();
  });

  test('brings back what a suspended farm had not finished, and counts suspended servers', async () => {
    const { t, at, params, servers } = await launchedFarm();
    await t.environmentAdmin.call('serverSuspend', at, {
      params: { serverId: (await servers())[0]?.id ?? '' },
    });
    await settleServers(database.db);
    await keep();
    expect((await servers()).map(({ status }) => status).toSorted()).toEqual([
      'running',
      'suspended',
    ]);
    await t.environmentAdmin.call('farmTerminate', at, { params });
    await keep();
    expect((await servers()).map(({ status }) => status)).toEqual(['terminated', 'terminated']);
  });

  test('launches nothing twice, however many run at once', async () => {
    const { t, at, servers } = await launchedFarm({ minInstances: 8, maxInstances: 8 });
    for (const { id } of (await servers()).slice(0, 5))
      await t.environmentAdmin.call('serverTerminate', at, { params: { serverId: id } });
    const onError = (error: unknown) => expect.unreachable(String(error));
    await Promise.all(Array.from({ length: 6 }, async () => keepFarms(database.db, { onError })));
    await settleServers(database.db);
    const live = (await servers()).filter(({ status }) => status === 'running');
    expect(live.map(({ index }) => index).toSorted((a, b) => a - b)).toHaveLength(8);
  });

  test('launches nothing from the old image while a replacement is under way', async () => {
    const { t, at, image, role, servers } = await launchedFarm();
    const next = await insertImage(database.db, t.account);
    await t.environmentAdmin.call('serverTerminate', at, {
      params: { serverId: (await servers())[0]?.id ?? '' },
    });
    const [replaced, kept] = await database.db.transaction().execute(async (tx) => {
      await takeWriteLock(tx, t.account);
      const keeping = keep();
      await expect.poll(countWaitingForLocks).toBe(1);
      await sql`UPDATE role_images SET image_id = ${next.id} WHERE role_id = ${role.id}`.execute(
        tx,
      );
      return [next.id, keeping];
    });
    await kept;
    const live = (await servers()).filter(({ status }) => status === 'running');
    expect(live.map((server) => server.image?.id)).toEqual([image.id, replaced]);
  });

  test('is handed over when its process dies', async () => {
    const { t, at, servers } = await launchedFarm();
    const start = () => startKeeper(database.db, { everyMs: 20 });
    const elected = [1, 2].map(() => electLoop(database.db, 'keeper', start, { everyMs: 20 }));
    await vi.waitFor(() => expect(elected.filter(({ isLeader }) => isLeader)).toHaveLength(1));
    const leader = elected.find(({ isLeader }) => isLeader);
    await leader?.stop();
    await t.environmentAdmin.call('serverTerminate', at, {
      params: { serverId: (await servers())[0]?.id ?? '' },
    });
    await vi.waitFor(async () => expect(await servers()).toHaveLength(3), { timeout: 10_000 });
    await Promise.all(elected.map((each) => each.stop()));
    await settleServers(database.db);
  });
});

test('no launch that is acknowledged after a replacement starts the old image', async () => {
  const { t, at, image, farmRole } = await launchedFarm({ minInstances: 0, maxInstances: 100 });
  let current = image.id;
  const launch = async () => {
    const { data } = await t.environmentAdmin.call('farmRoleServerLaunch', at, {
      params: { farmRoleId: farmRole.id },
    });
    return data;
  };
  for (let round = 0; round < 5; round++) {
    const next = await insertImage(database.db, t.account);
    const early = Array.from({ length: 3 }, launch);
    const replaced = t.accountAdmin.call('imageReplace', t.account, {
      params: { imageId: current },
      body: { newImage: next.id },
    });
    const [{ data }] = await Promise.all([replaced, ...early]);
    expect(data).toHaveLength(1);
    for (const server of await Promise.all(Array.from({ length: 3 }, launch)))
      expect(server.image?.id).toBe(next.id);
    current = next.id;
  }
  await settleServers(database.db);
});

/** Jobs that nobody will take within the next seconds. */
async function countWaitingJobs(): Promise<number> {
  const { rows } = await sql<{ count: number }>`SELECT count(*)::int AS count FROM outbox
    WHERE done_at IS NULL AND next_attempt_at > clock_timestamp() + interval '3 seconds'`.execute(
    database.db,
  );
  return rows[0]?.count ?? 0;
}

async function countWaitingForLocks(): Promise<number> {
  const { rows } = await sql<{ count: number }>`SELECT count(*)::int AS count FROM pg_stat_activity
    WHERE datname = current_database() AND wait_event_type = 'Lock'`.execute(database.db);
  return rows[0]?.count ?? 0;
}

/** What waits for another attempt is due now. */
async function hurry(): Promise<void> {
  await sql`UPDATE outbox SET next_attempt_at = clock_timestamp() WHERE done_at IS NULL`.execute(
    database.db,
  );
}

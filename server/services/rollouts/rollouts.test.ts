import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { pruneRecords } from '../../database/queries/people/pruning.ts';
import { attachNewCredentials } from '../../testing/credentials.ts';
import { withDatabase } from '../../testing/database.ts';
import { insertServers } from '../../testing/factories.ts';
import { createTenant } from '../../testing/harness.ts';
import { createOldFarm, passOnce } from '../../testing/rollouts.ts';

const database = withDatabase();

test('the same servers are found by farm, farm role, image, replacement, owner, by name and by scope', async () => {
  const t = await createTenant(database.db);
  const farm = await createOldFarm(database.db, t, { servers: 2 });
  await createOldFarm(database.db, t, { servers: 1, at: t.otherEnvironment });
  const { owner_id: owner } = await database.db
    .selectFrom('farms')
    .where('id', '=', farm.farmId)
    .select('owner_id')
    .executeTakeFirstOrThrow();
  const named = [
    { owner },
    { farm: farm.farmId },
    { farmRole: farm.farmRoleId },
    { image: farm.oldImage.id },
    { replacement: farm.replacementId },
    { servers: farm.serverIds },
  ];
  for (const body of named) {
    const { data } = await t.accountAdmin.call('rolloutPlan', t.account, { body });
    expect(data.plan?.servers.map(({ id }) => id).toSorted(), JSON.stringify(body)).toEqual(
      farm.serverIds.toSorted(),
    );
  }
  const all = await t.accountAdmin.call('rolloutPlan', t.account, { body: {} });
  expect(all.data.plan?.counts).toMatchObject({ servers: 3, farms: 2, environments: 2 });
  const here = await t.environmentAdmin.call('rolloutPlan', t.environment, { body: {} });
  expect(here.data.plan?.counts).toMatchObject({ servers: 2, farms: 1 });
});

test('two targets at once are refused, and so are servers of others', async () => {
  const [t, other] = [await createTenant(database.db), await createTenant(database.db)];
  const theirs = await createOldFarm(database.db, other, { servers: 1 });
  const farm = await createOldFarm(database.db, t, { servers: 1 });
  const plan = (body: object) => t.accountAdmin.call('rolloutPlan', t.account, { body });
  await expect(plan({ farm: farm.farmId, image: farm.oldImage.id })).rejects.toMatchObject({
    code: 'InvalidStructure',
  });
  for (const body of [
    { servers: theirs.serverIds },
    { farm: theirs.farmId },
    { owner: 2_147_483_647 },
    { replacement: theirs.replacementId },
  ])
    await expect(plan(body), JSON.stringify(body)).rejects.toMatchObject({
      code: 'ObjectNotFound',
    });
});

test('a plan names who locked a farm, and what would not come back by itself', async () => {
  const t = await createTenant(database.db);
  const { farmId, farmRoleId } = await createOldFarm(database.db, t, { servers: 2 });
  await sql`UPDATE farm_roles SET min_servers = 1 WHERE id = ${farmRoleId}`.execute(database.db);
  const lock = { lockComment: 'Sale', unlockPermission: 'anyone' as const };
  await t.environmentAdmin.call('farmLock', t.environment, { params: { farmId }, body: lock });
  const { data } = await t.accountAdmin.call('rolloutPlan', t.account, { body: { farm: farmId } });
  expect(data.plan).toMatchObject({
    allowed: true,
    farms: [{ id: farmId, locked: expect.stringContaining(t.environmentAdmin.email) }],
    notByThemselves: [{ servers: 2, why: expect.stringContaining('keeps at least 1') }],
    seconds: 120,
  });
  const careful = { farm: farmId, replaceAll: false };
  const none = await t.accountAdmin.call('rolloutPlan', t.account, { body: careful });
  expect(none.data.plan).toMatchObject({ allowed: false, counts: { servers: 0, stays: 2 } });
});

test('servers that credentials do not let Slipway end or launch anew stay, and the plan says why', async () => {
  const t = await createTenant(database.db);
  const { farmId } = await createOldFarm(database.db, t, { servers: 2 });
  const plan = async () =>
    (await t.accountAdmin.call('rolloutPlan', t.account, { body: { farm: farmId } })).data.plan;
  await attachNewCredentials(database.db, t.account, t.environment, ['terminateServers']);
  const refused = { allowed: false, counts: { servers: 0, stays: 2 } };
  expect(await plan()).toMatchObject(refused);
  const id = await attachNewCredentials(database.db, t.account, t.environment, ['launchServers']);
  expect(await plan()).toMatchObject({ allowed: true, counts: { servers: 2 } });
  await sql`UPDATE servers SET cloud_credentials_id = ${id} WHERE farm_id = ${farmId}`.execute(
    database.db,
  );
  expect(await plan()).toMatchObject(refused);
});

test('a rollout that would move others than were shown is not started', async () => {
  const t = await createTenant(database.db);
  const farm = await createOldFarm(database.db, t, { servers: 1 });
  const { data } = await t.accountAdmin.call('rolloutPlan', t.account, {
    body: { farm: farm.farmId },
  });
  const params = { rolloutId: data.id };
  const [added] = await insertServers(database.db, farm.farmRoleId, farm.oldImage.id, 1);
  const start = t.accountAdmin.call('rolloutStart', t.account, { params });
  await expect(start).rejects.toMatchObject({
    code: 'Conflict',
    details: { difference: { added: [{ type: 'server', id: added }] } },
  });
  const now = await t.viewer.call('rolloutGet', t.account, { params });
  expect(now.data.plan?.changedSince).toMatchObject({ added: [{ id: added }] });
  const digest = now.data.plan?.digest ?? '';
  const started = await t.accountAdmin.call('rolloutStart', t.account, { params, digest });
  expect(started.data).toMatchObject({ state: 'running', counts: { total: 2, waiting: 2 } });
});

test('each scope sees and counts its own servers, and only the scope of a rollout acts on it', async () => {
  const t = await createTenant(database.db);
  const { farmId, replacementId } = await createOldFarm(database.db, t, { servers: 2 });
  await createOldFarm(database.db, t, { servers: 1, at: t.otherEnvironment });
  const { data } = await t.accountAdmin.call('rolloutPlan', t.account, { body: {} });
  const params = { rolloutId: data.id };
  await t.accountAdmin.call('rolloutStart', t.account, { params });
  const below = await t.environmentAdmin.call('rolloutGet', t.environment, { params });
  expect(below.data).toMatchObject({ scope: 'account', counts: { total: 2 } });
  expect(below.data.actions.pause).toMatchObject({ allowed: false, code: 'ScopeViolation' });
  const pause = t.environmentAdmin.call('rolloutPause', t.environment, { params });
  await expect(pause).rejects.toMatchObject({ code: 'ScopeViolation' });
  const list = await t.viewer.call('rolloutList', t.account, { query: { farm: farmId } });
  expect(list.data).toMatchObject([{ id: data.id, counts: { total: 3 } }]);
  const none = await t.viewer.call('rolloutList', t.account, {
    query: { replacement: replacementId },
  });
  expect(none.data).toEqual([]);
  await t.accountAdmin.call('rolloutCancel', t.account, { params });
});

test.each([
  { is: 'follows from how long the last servers took', took: 7, counts: 7 },
  { is: 'is not guessed from servers that came running, as with an estate', took: 0, counts: 60 },
])('how long it takes $is', async ({ took, counts }) => {
  const t = await createTenant(database.db);
  const farm = await createOldFarm(database.db, t, { servers: 2 });
  await sql`INSERT INTO server_events (server_id, farm_id, account_id, at, status, actor, reason)
    SELECT id, farm_id, account_id, launched_at + make_interval(secs => ${took}), 'running',
      'system:server-steps', 'It runs'
    FROM servers WHERE farm_id = ${farm.farmId}`.execute(database.db);
  const { data } = await t.accountAdmin.call('rolloutPlan', t.account, {
    body: { farm: farm.farmId, bakeSeconds: 10, pauseSeconds: 3 },
  });
  expect(data.plan?.seconds).toBe(2 * (counts + 10) + 3);
  await passOnce(database.db);
});

test('what was planned a day ago is not started, and is forgotten a week later', async () => {
  const t = await createTenant(database.db);
  const { farmId } = await createOldFarm(database.db, t, { servers: 1 });
  const { data } = await t.accountAdmin.call('rolloutPlan', t.account, { body: { farm: farmId } });
  const params = { rolloutId: data.id };
  const age = (days: number) =>
    sql`UPDATE rollouts SET expires_at = clock_timestamp() - make_interval(days => ${days})
      WHERE id = ${data.id}`.execute(database.db);
  await age(0);
  const start = t.accountAdmin.call('rolloutStart', t.account, { params });
  await expect(start).rejects.toMatchObject({ code: 'UnacceptableState' });
  expect((await t.viewer.call('rolloutGet', t.account, { params })).data.state).toBe('expired');
  await pruneRecords(database.db, 90);
  await t.viewer.call('rolloutGet', t.account, { params });
  await age(8);
  await pruneRecords(database.db, 90);
  const gone = t.viewer.call('rolloutGet', t.account, { params });
  await expect(gone).rejects.toMatchObject({ code: 'ObjectNotFound' });
});

test('rollouts of an environment go with it, and keep nobody from deleting it', async () => {
  const t = await createTenant(database.db);
  const { farmId, farmRoleId } = await createOldFarm(database.db, t, { servers: 1 });
  const { data } = await t.environmentAdmin.call('rolloutPlan', t.environment, { body: {} });
  const params = { rolloutId: data.id };
  await t.environmentAdmin.call('rolloutStart', t.environment, { params });
  await passOnce(database.db);
  await passOnce(database.db);
  const at = t.environment;
  await t.environmentAdmin.call('farmRoleDelete', at, { params: { farmRoleId } });
  await t.environmentAdmin.call('farmTerminate', at, { params: { farmId } });
  await t.environmentAdmin.call('farmDelete', at, { params: { farmId } });
  expect((await t.viewer.call('rolloutGet', t.account, { params })).data).toMatchObject({
    counts: { moved: 1 },
  });
  await t.accountAdmin.call('environmentDelete', t.account, {
    params: { envId: at.environmentId },
  });
  const gone = t.viewer.call('rolloutGet', t.account, { params });
  await expect(gone).rejects.toMatchObject({ code: 'ObjectNotFound' });
  await passOnce(database.db);
});

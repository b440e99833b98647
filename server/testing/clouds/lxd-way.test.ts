import { afterAll, beforeAll, expect, test } from 'vitest';
import { demandCapability } from '../../cloud/port.ts';
import { checkInvariants } from '../../database/invariants.ts';
import { withDatabase } from '../database.ts';
import { insertImage, insertRole } from '../factories.ts';
import { createTenant, randomName, type Tenant } from '../harness.ts';
import { type MailServer, startMailServer } from '../mail-server.ts';
import { endOf, type ServerProcess } from '../server-process.ts';
import { lxd, makeImage } from './lxd-setup.ts';
import { countInLxd, lxdColumns, lxdPlace, startOnLxd } from './lxd-slipway.ts';

// The whole way of a fleet off its old image, with real servers: what e2e/fleet-way.spec.ts does in the page.

const database = withDatabase();
const patience = { timeout: 150_000, interval: 250 };
let server: ServerProcess;
let mail: MailServer;

beforeAll(async () => {
  mail = await startMailServer();
  server = await startOnLxd(database, mail.settings);
});
afterAll(async () => {
  server.child.kill();
  await endOf(server);
  await mail.close();
});

/** An old and a new image of an account, and a role with the old one. */
async function prepare(t: Tenant) {
  const { db } = database;
  const register = async (cloudImageId: string) =>
    insertImage(db, t.account, { ...lxdColumns, cloud_image_id: cloudImageId });
  const [old, current] = [await register(await makeImage()), await register(await makeImage())];
  return { old, current, role: await insertRole(db, t.account, [old.id]) };
}

/** Launches a farm of so many servers. @returns its id, once all of them run */
async function launchFarm(
  t: Tenant,
  at: Tenant['environment'],
  role: number,
  count: number,
): Promise<number> {
  const body = { name: randomName('farm') };
  const { data: farm } = await t.accountAdmin.call('farmCreate', at, { body });
  const params = { farmId: farm.id };
  const scaling = { minInstances: count, maxInstances: count };
  await t.accountAdmin.call('farmRoleCreate', at, {
    params,
    body: { alias: 'web', role, ...lxdPlace, scaling },
  });
  await t.accountAdmin.call('farmLaunch', at, { params });
  const running = async () => Object.values(await countInLxd(farm.id)).toString();
  await expect.poll(running, patience).toBe(String(count));
  return farm.id;
}

/** How many servers still run what was replaced, of a farm or of the whole account. */
async function countOld(t: Tenant, farm?: number): Promise<number> {
  const query = farm === undefined ? {} : { farm };
  return (await t.viewer.call('usageTotals', t.account, { query })).data.servers;
}

async function contactOwner(t: Tenant): Promise<void> {
  const { data: preview } = await t.accountAdmin.call('ownerContactPreview', t.account, {});
  const { subject, body } = preview.template;
  const template = { subject, body: body.replace('[date]', 'Friday') };
  await t.accountAdmin.call('ownerContactSend', t.account, { body: { template } });
  await expect.poll(() => mail.mails.length, patience).toBe(1);
  expect(JSON.stringify(mail.mails[0]?.to)).toContain(t.accountAdmin.email);
  expect(mail.mails[0]?.text).toContain('Please have this done by Friday.');
}

/** Plans to move servers, and starts exactly that. */
async function startMove(
  t: Tenant,
  wish: { farm?: number; replacement?: string; waves?: number[][]; batchSize: string },
) {
  const { data: planned } = await t.accountAdmin.call('rolloutPlan', t.account, {
    body: { ...wish, maxUnavailable: wish.batchSize },
  });
  const params = { rolloutId: planned.id };
  const digest = planned.plan?.digest ?? '';
  await t.accountAdmin.call('rolloutStart', t.account, { params, digest });
  const read = async () => (await t.viewer.call('rolloutGet', t.account, { params })).data;
  return { params, servers: planned.plan?.counts.servers, read };
}

test('an image is replaced, its owner is written to, a farm and then the rest leave it, and LXD deletes it', async () => {
  const t = await createTenant(database.db);
  const at = t.account;
  const { old, current, role } = await prepare(t);
  const farms = [
    await launchFarm(t, t.environment, role.id, 2),
    await launchFarm(t, t.environment, role.id, 4),
    await launchFarm(t, t.otherEnvironment, role.id, 2),
  ] as const;
  const [alone, first, last] = farms;
  const inLxd = () => Promise.all(farms.map(countInLxd));
  const { meta } = await t.accountAdmin.call('imageReplace', at, {
    params: { imageId: old.id },
    body: { newImage: current.id },
  });
  expect(await countOld(t)).toBe(8);
  await contactOwner(t);

  const one = await startMove(t, { farm: alone, batchSize: '100%' });
  await expect.poll(() => countOld(t, alone), patience).toBe(0);
  await expect.poll(async () => (await one.read()).state, patience).toBe('done');
  const [before, after] = [old.cloud_image_id, current.cloud_image_id];
  // What was moved ends in the cloud beside what came in its place.
  await expect.poll(inLxd, patience).toEqual([{ [after]: 2 }, { [before]: 4 }, { [before]: 2 }]);

  const waves = [[t.environment.environmentId], [t.otherEnvironment.environmentId]];
  const replacement = meta?.replacement?.id ?? '';
  const rest = await startMove(t, { replacement, waves, batchSize: '50%' });
  expect(rest.servers).toBe(6);
  await expect.poll(async () => (await rest.read()).counts.moving, patience).toBe(2);
  await t.accountAdmin.call('rolloutPause', at, { params: rest.params });
  await expect.poll(async () => (await rest.read()).counts.moved, patience).toBe(2);
  expect((await rest.read()).state).toBe('paused');
  // What moved was finished; nothing more began, and nothing of the second wave.
  await expect.poll(() => countInLxd(first), patience).toEqual({ [after]: 2, [before]: 2 });
  expect(await countInLxd(last)).toEqual({ [before]: 2 });
  await t.accountAdmin.call('rolloutResume', at, { params: rest.params });
  await expect.poll(async () => (await rest.read()).state, patience).toBe('done');
  await expect.poll(inLxd, patience).toEqual([{ [after]: 2 }, { [after]: 4 }, { [after]: 2 }]);
  expect(await countOld(t)).toBe(0);

  // Once the last of its servers has ended in Slipway, too.
  const deleteOld = () =>
    t.accountAdmin.call('imageDelete', at, { params: { imageId: old.id } }).then(() => 'deleted');
  await expect.poll(() => deleteOld().catch(({ code }) => code), patience).toBe('deleted');
  // Only an environment has the credentials to delete at its cloud.
  const { environment } = t;
  const { data: again } = await t.environmentAdmin.call('imageCreate', environment, {
    body: {
      ...lxdPlace,
      name: old.name,
      cloudImageId: before,
      os: 'ubuntu-24-04',
      architecture: 'x86_64',
    },
  });
  const query = { deleteFromCloud: 'true' } as const;
  await t.environmentAdmin.call('imageDelete', environment, {
    params: { imageId: again.id },
    query,
  });
  const images = demandCapability(lxd.connect(), 'images');
  const ref = { ...lxd.place, cloudImageId: before };
  const find = () => images.find(ref, { signal: AbortSignal.timeout(60_000) });
  await expect.poll(find, patience).toBeUndefined();

  for (const farmId of [alone, first])
    await t.accountAdmin.call('farmTerminate', environment, { params: { farmId } });
  await t.accountAdmin.call('farmTerminate', t.otherEnvironment, { params: { farmId: last } });
  await expect.poll(inLxd, patience).toEqual([{}, {}, {}]);
  expect(await checkInvariants(database.db)).toEqual([]);
});

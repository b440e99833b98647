import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeInShell } from '../automation/describe-in-shell.ts';
import { runBash, slipwaySettings } from '../automation/shell.ts';
import { exchangeWith } from '../conformance/exchange.ts';
import { withDatabase } from '../database.ts';
import { insertImage, insertRole } from '../factories.ts';
import { createTenant, randomName, type Tenant } from '../harness.ts';
import { kitchenProject, runKitchen } from '../kitchen.ts';
import { endOf, type ServerProcess } from '../server-process.ts';
import { createKey } from '../signed-client.ts';
import { lxd, makeImage } from './lxd-setup.ts';
import { countInLxd, lxdColumns, lxdPlace, startOnLxd } from './lxd-slipway.ts';

// What people have already, on real servers: Test Kitchen, and the pipeline of the automation guide.

const database = withDatabase();
const patience = { timeout: 150_000, interval: 250 };
let server: ServerProcess;
let t: Tenant;

beforeAll(async () => {
  server = await startOnLxd(database);
  t = await createTenant(database.db);
});
afterAll(async () => {
  server.child.kill();
  await endOf(server);
});

it('Test Kitchen makes a real machine, sees it run, and leaves nothing behind', async () => {
  const { name } = await insertImage(database.db, t.account, {
    ...lxdColumns,
    cloud_image_id: lxd.imageA,
  });
  const { environment, environmentAdmin } = t;
  const body = kitchenProject(name);
  const { data: project } = await environmentAdmin.call('projectCreate', environment, { body });
  const kitchen = {
    exchange: exchangeWith(server.address),
    key: await createKey(database.db, environmentAdmin.email),
    environmentId: environment.environmentId,
    imageName: name,
    projectId: project.id,
    placeOf: () => ({ ...lxdPlace, scaling: { enabled: true } }),
  };
  // The network cards of these containers lead nowhere.
  await runKitchen(kitchen, expect.any(Array));
});

describeInShell('publish-image', () => {
  it('publishes an image that LXD has, and the next server of the role runs it', async () => {
    const { db } = database;
    const place = { ...lxdColumns, cloud_image_id: lxd.imageB };
    const old = await insertImage(db, t.account, place);
    const role = await insertRole(db, t.account, [old.id]);
    const made = await makeImage();
    const ran = await runBash('publish-image', {
      ...slipwaySettings(server.address, await createKey(db, t.accountAdmin.email)),
      SLIPWAY_ACCOUNT: String(t.account.accountId),
      SLIPWAY_ROLE: String(role.id),
      IMAGE_NAME: randomName('image'),
      IMAGE_OS: 'ubuntu-24-04',
      IMAGE_PLATFORM: 'lxd',
      SNAPSHOT_COMMAND: `echo default=${made}`,
    });
    expect(ran, ran.stderr).toMatchObject({ code: 0 });
    const { data: image } = await t.viewer.call('imageGet', t.account, {
      params: { imageId: old.id },
    });
    expect(image.deprecated).toBe(true);

    const at = t.environment;
    const { data: farm } = await t.environmentAdmin.call('farmCreate', at, {
      body: { name: randomName('farm') },
    });
    const params = { farmId: farm.id };
    await t.environmentAdmin.call('farmRoleCreate', at, {
      params,
      body: { alias: 'web', role: role.id, ...lxdPlace, scaling: { minInstances: 1 } },
    });
    await t.environmentAdmin.call('farmLaunch', at, { params });
    await expect.poll(() => countInLxd(farm.id), patience).toEqual({ [made]: 1 });
    await t.environmentAdmin.call('farmTerminate', at, { params });
    await expect.poll(() => countInLxd(farm.id), patience).toEqual({});
  });
});

import { expect, test } from 'vitest';
import { openClouds } from '../../cloud/clouds.ts';
import { testSecrets } from '../app.ts';
import { withDatabase } from '../database.ts';
import { insertFarm, insertImage, insertRole } from '../factories.ts';
import { settleClouds } from '../fleet.ts';
import { createTenant } from '../harness.ts';
import { askLxd, lxd } from './lxd-setup.ts';

const database = withDatabase();

test('an environment with credentials launches and ends servers on their LXD, as far as their rights go', async () => {
  const { db } = database;
  const t = await createTenant(db);
  // The process itself speaks to the simulated cloud.
  const cloudOf = openClouds(db, {
    simulatedTimes: {},
    lxd: undefined,
    lxdNamePrefix: 'slipway',
    credentialsReach: { allowsPrivate: false, sockets: [lxd.socket], usesOwnAwsIdentity: false },
    secrets: testSecrets,
  });
  const { data: made } = await t.accountAdmin.call('cloudCredentialsCreate', t.account, {
    body: {
      name: 'LXD',
      cloudCredentialsType: 'LxdCloudCredentials',
      socket: lxd.socket,
      rights: { launchServers: true },
    },
  });
  const credentials = { params: { cloudCredentialsId: made.id } };
  await t.accountAdmin.call('cloudCredentialsTest', t.account, { ...credentials, body: {} });
  await settleClouds(db, cloudOf);
  const tested = await t.viewer.call('cloudCredentialsGet', t.account, credentials);
  expect(tested.data).toMatchObject({ status: 'working', test: { error: null } });
  expect(JSON.stringify(tested.data.test)).toContain('LXD says: trusted, in the projects');

  const { environmentId: envId } = t.environment;
  await t.accountAdmin.call('environmentCloudAttach', t.account, {
    params: { envId, cloud: 'lxd' },
    body: { credentials: made.id },
  });
  const place = { cloud_platform: 'lxd', cloud_location: 'default' };
  const image = await insertImage(db, t.environment, { ...place, cloud_image_id: lxd.imageA });
  const role = await insertRole(db, t.environment, [image.id]);
  const { farmRoleId } = await insertFarm(db, t.environment, role.id, {
    cloudPlatform: 'lxd',
    cloudLocation: 'default',
  });
  const { data: server } = await t.environmentAdmin.call('serverLaunch', t.environment, {
    body: { farmRole: farmRoleId },
  });
  await settleClouds(db, cloudOf);
  const params = { serverId: server.id };
  const read = async () => (await t.viewer.call('serverGet', t.environment, { params })).data;
  const running = await read();
  expect(running.status).toBe('running');
  expect(await askLxd('GET', `/instances/${running.cloudServerId}`)).toMatchObject({
    status: 'Running',
  });

  const terminate = () =>
    t.environmentAdmin.call('serverTerminate', t.environment, { params, body: { force: true } });
  await expect(terminate()).rejects.toMatchObject({ code: 'UnacceptableState' });
  await t.accountAdmin.call('cloudCredentialsUpdate', t.account, {
    ...credentials,
    body: { rights: { terminateServers: true } },
  });
  await terminate();
  await settleClouds(db, cloudOf);
  expect((await read()).status).toBe('terminated');
  await expect(askLxd('GET', `/instances/${running.cloudServerId}`)).rejects.toThrow(/not found/i);
});

import { afterAll, beforeAll, expect, test } from 'vitest';
import { createSession } from '../../auth/sessions.ts';
import { demandCapability } from '../../cloud/port.ts';
import { checkInvariants } from '../../database/invariants.ts';
import { inTime } from '../cloud/subject.ts';
import { withDatabase } from '../database.ts';
import { insertImage } from '../factories.ts';
import { createTenant, type Tenant } from '../harness.ts';
import { endOf, type ServerProcess, startServerProcess } from '../server-process.ts';
import { testSecretsKey } from '../test-key.ts';
import { makeGroup } from './ec2-groups.ts';
import { ec2, makeImage } from './ec2-setup.ts';

// An Auto Scaling group that somebody else made moves to the next image, and back.

const database = withDatabase();
const patience = { timeout: 120_000, interval: 200 };
let server: ServerProcess;
/** One for all: an account of a cloud shows its groups once. */
let t: Tenant;

beforeAll(async () => {
  server = await startServerProcess(database.url, {
    environment: { SECRETS_KEY: testSecretsKey.toString('base64'), CLOUD_ALLOW_PRIVATE: 'true' },
  });
  t = await createTenant(database.db);
  await connect(t);
});
afterAll(async () => {
  server.child.kill();
  await endOf(server);
  await ec2.strict.close();
});

/** Adds credentials that may change groups, and gives them to the environment; the process that knows clouds seals them. */
async function connect(t: Tenant): Promise<void> {
  const users = database.db.selectFrom('users').where('email', '=', t.accountAdmin.email);
  const { id } = await users.select('id').executeTakeFirstOrThrow();
  const { token } = await createSession(database.db, id);
  const path = `account/${t.account.accountId}/cloud-credentials/`;
  const answer = await fetch(`${server.address}/api/v1beta0/${path}`, {
    method: 'POST',
    headers: {
      cookie: `slipway=${token}`,
      origin: server.address,
      'content-type': 'application/json',
    },
    body: JSON.stringify({
      name: 'AWS',
      cloudCredentialsType: 'AwsCloudCredentials',
      ...ec2.key,
      endpoint: ec2.strict.url,
      regions: ['eu-west-1'],
      rights: { changeGroups: true },
    }),
  });
  const { data } = (await answer.json()) as { data: { id: string } };
  await t.accountAdmin.call('environmentCloudAttach', t.account, {
    params: { envId: t.environment.environmentId, cloud: 'ec2' },
    body: { credentials: data.id },
  });
}

test.each([{ by: 'a new version of its template' }, { by: 'its pointer', isPointed: true }])(
  'a group that Slipway only observes moves to the next image by $by, and back',
  async ({ isPointed = false }) => {
    const [before, after] = [await makeImage(), await makeImage()];
    const { groupId } = await makeGroup({ cloudImageId: before, servers: 3, isPointed });
    const at = { cloud_location: ec2.place.cloudLocation };
    const old = await insertImage(database.db, t.account, { ...at, cloud_image_id: before });
    const next = await insertImage(database.db, t.account, { ...at, cloud_image_id: after });
    const find = async () => {
      const { data } = await t.viewer.call('farmList', t.environment, {
        query: { observed: true, include: ['usage'] } as never,
      });
      return data.find(({ observed }) => observed?.name === groupId);
    };
    await expect
      .poll(async () => (await find())?.servers, patience)
      .toMatchObject({ live: 3, old: 0 });
    await t.accountAdmin.call('imageDeprecate', t.account, {
      params: { imageId: old.id },
      body: { replacement: next.id },
    });
    expect((await find())?.servers).toMatchObject({ live: 3, old: 3 });

    const { data: planned } = await t.accountAdmin.call('rolloutPlan', t.account, {
      body: { farm: (await find())?.id ?? 0, maxUnavailable: 1 },
    });
    expect(planned.plan?.groups).toMatchObject([{ way: isPointed ? 'pointer' : 'template' }]);
    const rollout = { params: { rolloutId: planned.id } };
    await t.accountAdmin.call('rolloutStart', t.account, rollout);
    const stateOf = async (rolloutId: string) =>
      (await t.viewer.call('rolloutGet', t.account, { params: { rolloutId } })).data.state;
    await expect.poll(() => stateOf(planned.id), patience).toBe('done');
    const running = async () => {
      const groups = demandCapability(ec2.connect(), 'groups');
      const members = await groups.members({ ...ec2.place, groupId }, inTime());
      return members?.map(({ cloudImageId }) => cloudImageId);
    };
    expect(await running()).toEqual([after, after, after]);
    await expect
      .poll(async () => (await find())?.servers, patience)
      .toMatchObject({ live: 3, old: 0 });

    const { data: back } = await t.accountAdmin.call('rolloutUndo', t.account, rollout);
    await expect.poll(() => stateOf(back.id), patience).toBe('done');
    expect(await running()).toEqual([before, before, before]);
    expect(await checkInvariants(database.db)).toEqual([]);
  },
);

import { randomUUID } from 'node:crypto';
import { afterAll, describe, expect, test } from 'vitest';
import { createOpenstackCloud } from '../../cloud/openstack/openstack.ts';
import { demandCapability } from '../../cloud/port.ts';
import type { ServerLaunch } from '../../cloud/servers.ts';
import { inTime } from '../cloud/subject.ts';
import {
  askOpenstack,
  makeApplicationCredential,
  makeImage,
  openstack,
} from './openstack-setup.ts';

const cloud = openstack.connect();
const servers = demandCapability(cloud, 'servers');
const images = demandCapability(cloud, 'images');
const [imageId] = openstack.images;

const launched: string[] = [];
afterAll(async () => {
  for (const token of launched)
    await servers.terminate({ ...openstack.place, token, cloudServerId: undefined }, inTime());
});

function plan(more: Partial<ServerLaunch> = {}): ServerLaunch {
  const token = randomUUID();
  launched.push(token);
  return {
    ...openstack.place,
    token,
    cloudImageId: imageId,
    instanceType: 'tiny',
    hostname: 'web',
    tags: {},
    ...more,
  };
}

const refused = (words: RegExp) => ({
  name: 'CloudError',
  willPass: false,
  message: expect.stringMatching(words) as string,
});

describe('what OpenStack refuses', () => {
  test.each([
    ['an image that it does not have', { cloudImageId: randomUUID() }, /^Nova says: .*image/i],
    ['a flavor that it does not have', { instanceType: 'huge' }, /Nova has no flavor "huge"/],
    [
      'a region that it does not have',
      { cloudLocation: 'Moon' },
      /no Nova in the region "Moon".*RegionOne/,
    ],
    ['another cloud', { cloudPlatform: 'ec2' }, /nothing on ec2/],
  ])('%s is said in words, and will not pass', async (_, wrong, words) => {
    await expect(servers.launch(plan(wrong), inTime())).rejects.toMatchObject(refused(words));
  });

  test('a protected image is not deleted, and it is said why', async () => {
    const cloudImageId = await makeImage('protected');
    const change = (value: boolean) =>
      askOpenstack(
        'PATCH',
        `${openstack.glance}/v2/images/${cloudImageId}`,
        [{ op: 'replace', path: '/protected', value }],
        'application/openstack-images-v2.1-json-patch',
      );
    await change(true);
    const image = { ...openstack.place, cloudImageId, token: randomUUID() };
    await expect(images.delete(image, inTime())).rejects.toMatchObject(refused(/protects/));
    await change(false);
    expect(await images.delete(image, inTime())).toBe('deleted');
  });

  test("what Glance says in HTML is said in Glance's words", async () => {
    const cloud = createOpenstackCloud(openstack.asAuditor());
    const hiding = demandCapability(cloud, 'images').deprecate(
      { ...openstack.place, cloudImageId: imageId, isDeprecated: true },
      inTime(),
    );
    await expect(hiding).rejects.toMatchObject(refused(/^Glance says: [^<>]+$/));
  });
});

describe('credentials', () => {
  const access = (more: Parameters<typeof openstack.address>[0]) =>
    demandCapability(createOpenstackCloud(openstack.address(more)), 'access').examine(inTime());

  test('of a member may read and act, and it is said by which role', async () => {
    const findings = await access({});
    const there = findings.filter(({ isThere }) => isThere).map(({ right }) => right);
    expect(there).toEqual([
      'read',
      'registerImages',
      'deprecateImages',
      'deleteImages',
      'launchServers',
      'terminateServers',
    ]);
    expect(JSON.stringify(findings)).toMatch(/builder has .*member.* in the project fleet/);
  });

  test('of a reader may only read', async () => {
    const findings = await access(openstack.asAuditor());
    expect(findings.filter(({ isThere }) => isThere).map(({ right }) => right)).toEqual(['read']);
  });

  test.each([
    ['a wrong password', { password: 'wrong' }, /^Keystone says: .*authenti/],
    ['a project that is not there', { projectName: 'nowhere' }, /^Keystone says: /],
  ])('with %s are refused in the words of Keystone', async (_, wrong, words) => {
    const { login } = openstack.address();
    const asked = access({ login: { ...login, ...wrong } as typeof login });
    await expect(asked).rejects.toMatchObject(refused(words));
  });

  test('may be an application credential, which has its project', async () => {
    const login = await makeApplicationCredential();
    const findings = await access({ login });
    expect(findings.find(({ right }) => right === 'launchServers')).toMatchObject({
      isThere: true,
    });
  });

  test('lead to no private address, and to nothing without TLS, unless that is allowed', async () => {
    await expect(access({ allowsPrivate: false })).rejects.toMatchObject(
      refused(/127\.0\.0\.1 may not be asked.*CLOUD_ALLOW_PRIVATE/),
    );
    await expect(
      access({ allowsPrivate: false, keystoneUrl: 'http://keystone.example.com/v3' }),
    ).rejects.toMatchObject(refused(/has no TLS\. CLOUD_ALLOW_PRIVATE allows that/));
  });

  test('for one region have nothing to do with another', async () => {
    const other = createOpenstackCloud(openstack.address({ region: openstack.otherRegion }));
    const image = { ...openstack.place, cloudImageId: imageId };
    const found = demandCapability(other, 'images').find(image, inTime());
    await expect(found).rejects.toMatchObject(refused(/for the region RegionTwo/));
  });
});

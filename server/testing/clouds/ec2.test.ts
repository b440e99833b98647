import { DescribeImagesCommand, DescribeSnapshotsCommand } from '@aws-sdk/client-ec2';
import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, test } from 'vitest';
import { createEc2Cloud } from '../../cloud/ec2/ec2.ts';
import { demandCapability } from '../../cloud/port.ts';
import { cloudThread } from '../../cloud/thread/cloud-thread.ts';
import { ec2, makeImage } from './ec2-setup.ts';

// What only EC2 has; the rest is in ec2-conformance.test.ts.

const inTime = () => ({ signal: AbortSignal.timeout(30_000) });
const images = () => demandCapability(ec2.connect(), 'images');
const servers = () => demandCapability(ec2.connect(), 'servers');
const planLaunch = () => ({
  ...ec2.place,
  token: randomUUID(),
  cloudImageId: ec2.image,
  instanceType: 't3.micro',
  hostname: 'web-1',
  tags: {},
});

afterEach(() => {
  ec2.strict.throttle(0);
  ec2.strict.deny();
});

describe('images', () => {
  test('say what EC2 knows of them', async () => {
    const ref = { ...ec2.place, cloudImageId: ec2.image };
    // moto's own size, whatever is registered.
    expect(await images().find(ref, inTime())).toMatchObject({ sizeGb: 15 });
  });

  test('that are deprecated only later are not deprecated yet', async () => {
    const ref = { ...ec2.place, cloudImageId: await makeImage() };
    await images().deprecate({ ...ref, isDeprecated: true }, inTime());
    const { Images: [image] = [] } = await ec2.client.send(
      new DescribeImagesCommand({ ImageIds: [ref.cloudImageId] }),
    );
    const due = Date.parse(image?.DeprecationTime ?? '') - Date.now();
    expect(due).toBeGreaterThan(0);
    expect(due).toBeLessThanOrEqual(120_000);
  });

  test('take their snapshots along when they are deleted', async () => {
    const ref = { ...ec2.place, cloudImageId: await makeImage() };
    const { Images: [image] = [] } = await ec2.client.send(
      new DescribeImagesCommand({ ImageIds: [ref.cloudImageId] }),
    );
    const snapshot = image?.BlockDeviceMappings?.[0]?.Ebs?.SnapshotId;
    expect(snapshot).toBeDefined();
    await images().delete({ ...ref, token: randomUUID() }, inTime());
    const asked = ec2.client.send(new DescribeSnapshotsCommand({ SnapshotIds: [snapshot ?? ''] }));
    await expect(asked).rejects.toMatchObject({ name: 'InvalidSnapshot.NotFound' });
  });
});

describe('calls', () => {
  test.each([
    ['another platform', { cloudPlatform: 'gce' }, 'EC2 has nothing on gce.'],
    ['no region', { cloudLocation: 'x/../y' }, 'EC2 has no region'],
    ['another partition', { cloudLocation: 'cn-north-1' }, 'EC2 has no region cn-north-1'],
    ['a region that is not covered', { cloudLocation: 'eu-west-2' }, 'cover eu-west-1, and not'],
  ])('to %s are refused for good', async (_, place, words) => {
    const cloud = ec2.connect({ regions: ['eu-west-1'] });
    const ref = { ...ec2.place, cloudImageId: ec2.image, ...place };
    const asked = demandCapability(cloud, 'images').find(ref, inTime());
    await expect(asked).rejects.toMatchObject({
      name: 'CloudError',
      willPass: false,
      message: expect.stringContaining(words) as string,
    });
  });

  test('that are throttled are not repeated, and say so', async () => {
    ec2.strict.throttle(1);
    const before = ec2.strict.counts.get('RunInstances') ?? 0;
    const launch = planLaunch();
    await expect(servers().launch(launch, inTime())).rejects.toMatchObject({
      isThrottled: true,
      message: expect.stringContaining('RequestLimitExceeded') as string,
    });
    expect(ec2.strict.counts.get('RunInstances') ?? 0).toBe(before);
    expect(await servers().launch(launch, inTime())).toMatchObject({ token: launch.token });
  });

  test('that AWS does not allow are refused for good, in its words', async () => {
    ec2.strict.deny('RunInstances');
    await expect(servers().launch(planLaunch(), inTime())).rejects.toMatchObject({
      willPass: false,
      message: expect.stringContaining('not authorized to perform this operation') as string,
    });
  });

  test.each([
    ['http://127.0.0.1:1', true, 'CLOUD_ALLOW_PRIVATE allows it', false],
    ['http://localhost:1', true, 'CLOUD_ALLOW_PRIVATE allows it', false],
    ['http://127.0.0.1:1', false, 'ECONNREFUSED', true],
  ])(
    'to the endpoint %s (public only: %s) fail: %s',
    async (endpoint, isPublicOnly, words, willPass) => {
      const cloud = createEc2Cloud({
        accountType: 'regular',
        key: ec2.key,
        role: undefined,
        regions: [],
        endpoint,
        isPublicOnly,
      });
      const ref = { ...ec2.place, cloudImageId: ec2.image };
      const asked = demandCapability(cloud, 'images').find(ref, inTime());
      await expect(asked).rejects.toMatchObject({
        willPass,
        message: expect.stringContaining(words) as string,
      });
    },
  );
});

test('a thread that is lost fails what it was asked as what will pass, and another takes its place', async () => {
  const ref = { ...ec2.place, cloudImageId: ec2.image };
  const asked = images().find(ref, inTime());
  const lost = expect(asked).rejects.toMatchObject({ name: 'CloudError', willPass: true });
  await cloudThread.end();
  await lost;
  expect(await images().find(ref, inTime())).toMatchObject(ref);
});

describe('a test of credentials', () => {
  const examine = () =>
    demandCapability(ec2.connect({ regions: ['eu-west-1'] }), 'access').examine(inTime());
  const missing = async () =>
    (await examine()).filter(({ isThere }) => !isThere).map(({ right }) => right);

  test('says whose they are, and tries each right without doing it', async () => {
    const { cloudServerId } = await servers().launch(planLaunch(), inTime());
    expect(cloudServerId).not.toBe('');
    const findings = await examine();
    expect(findings[0]?.words).toContain('arn:aws:sts::123456789012:');
    expect(await missing()).toEqual(['changeGroups', 'publishPointers']);
    const access = demandCapability(ec2.connect(), 'access');
    expect(await access.identify?.(inTime())).toBe('123456789012');
  });

  test('says in the words of AWS which rights are missing', async () => {
    await servers().launch(planLaunch(), inTime());
    ec2.strict.deny('DeregisterImage', 'TerminateInstances');
    expect(await missing()).toEqual([
      'deleteImages',
      'terminateServers',
      'changeGroups',
      'publishPointers',
    ]);
    const found = (await examine()).find(({ right }) => right === 'deleteImages');
    expect(found?.words).toContain('UnauthorizedOperation');
    ec2.strict.deny('DescribeInstances');
    expect(await missing()).toContain('read');
  });
});

import {
  AutoScalingClient,
  CreateAutoScalingGroupCommand,
  CreateLaunchConfigurationCommand,
  DescribeAutoScalingGroupsCommand,
} from '@aws-sdk/client-auto-scaling';
import { DescribeLaunchTemplateVersionsCommand } from '@aws-sdk/client-ec2';
import { randomUUID } from 'node:crypto';
import { afterAll, expect, test } from 'vitest';
import type { CloudRefreshWish } from '../../cloud/groups.ts';
import { demandCapability } from '../../cloud/port.ts';
import { inTime, type TestGroup } from '../cloud/subject.ts';
import { makeGroup } from './ec2-groups.ts';
import { ec2, makeImage } from './ec2-setup.ts';

// What moving groups of EC2 does beside what it does in all clouds (ec2-conformance.test.ts).

const auto = new AutoScalingClient({
  endpoint: ec2.strict.url,
  region: ec2.place.cloudLocation,
  credentials: { accessKeyId: ec2.key.accessKey, secretAccessKey: ec2.key.secretKey },
});
const groups = () => demandCapability(ec2.connect(), 'groups');

afterAll(() => ec2.strict.close());

async function wishFor(group: TestGroup): Promise<CloudRefreshWish> {
  const cloudImageId = await makeImage();
  const wish = { ...ec2.place, ...group, cloudImageId, token: randomUUID() };
  return { ...wish, minHealthyPercentage: 50, warmUpSeconds: 0 };
}

async function refreshToEnd(wish: CloudRefreshWish): Promise<void> {
  const begun = await groups().refresh(wish, inTime());
  if (typeof begun === 'string') throw new Error(`There was no refresh: ${begun}.`);
  const state = async () => (await groups().follow({ ...wish, ...begun }, inTime()))?.state;
  await expect.poll(state, { timeout: 20_000, interval: 20 }).toBe('done');
}

async function describeGroup(name: string) {
  const command = new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [name] });
  const { AutoScalingGroups: [found] = [] } = await auto.send(command);
  return found;
}

test('a mixed policy keeps all but the version of the template that is moved', async () => {
  const [main, arm] = [
    await makeGroup({ cloudImageId: ec2.image, servers: 0 }),
    await makeGroup({ cloudImageId: ec2.image, servers: 0 }),
  ];
  const groupId = `mixed-${randomUUID().slice(0, 8)}`;
  const Overrides = [
    { InstanceType: 't3.small' },
    {
      InstanceType: 't4g.small',
      LaunchTemplateSpecification: { LaunchTemplateId: arm.templateId, Version: '1' },
    },
  ];
  await auto.send(
    new CreateAutoScalingGroupCommand({
      AutoScalingGroupName: groupId,
      MixedInstancesPolicy: {
        LaunchTemplate: {
          LaunchTemplateSpecification: { LaunchTemplateId: main.templateId, Version: '1' },
          Overrides,
        },
      },
      MinSize: 2,
      MaxSize: 2,
      AvailabilityZones: ['eu-west-1a'],
    }),
  );
  await refreshToEnd(await wishFor({ ...main, groupId }));
  const policy = (await describeGroup(groupId))?.MixedInstancesPolicy?.LaunchTemplate;
  expect(policy?.LaunchTemplateSpecification).toMatchObject({ Version: '2' });
  expect(policy?.Overrides).toMatchObject(Overrides);
});

test('a version is made once for a move, however often it is asked for', async () => {
  const pinned = await makeGroup({ cloudImageId: ec2.image, servers: 2 });
  const other = await wishFor(pinned);
  const begun = await groups().refresh(other, inTime());
  if (typeof begun === 'string') throw new Error(`There was no refresh: ${begun}.`);
  await groups().cancel({ ...other, ...begun }, inTime());
  const state = async () => (await groups().follow({ ...other, ...begun }, inTime()))?.state;
  await expect.poll(state, { timeout: 20_000, interval: 20 }).toBe('cancelled');
  await refreshToEnd(other);
  const command = new DescribeLaunchTemplateVersionsCommand({
    LaunchTemplateId: pinned.templateId,
  });
  const { LaunchTemplateVersions: versions = [] } = await ec2.client.send(command);
  expect(versions.map(({ VersionNumber }) => VersionNumber)).toEqual([1, 2]);
});

test('a group with a launch configuration is refused, since that has no versions', async () => {
  const name = `configured-${randomUUID().slice(0, 8)}`;
  await auto.send(
    new CreateLaunchConfigurationCommand({
      LaunchConfigurationName: name,
      ImageId: ec2.image,
      InstanceType: 't3.micro',
    }),
  );
  await auto.send(
    new CreateAutoScalingGroupCommand({
      AutoScalingGroupName: name,
      LaunchConfigurationName: name,
      MinSize: 1,
      MaxSize: 1,
      AvailabilityZones: ['eu-west-1a'],
    }),
  );
  const wish = await wishFor({ groupId: name, templateId: name, pointerName: undefined });
  await expect(groups().refresh(wish, inTime())).rejects.toMatchObject({
    name: 'CloudError',
    willPass: false,
  });
});

test('what AWS does not allow is said in its words, and nothing was exchanged', async () => {
  const group = await makeGroup({ cloudImageId: ec2.image, servers: 2 });
  ec2.strict.deny('StartInstanceRefresh');
  await expect(groups().refresh(await wishFor(group), inTime())).rejects.toMatchObject({
    message: expect.stringContaining('AccessDenied') as string,
    willPass: false,
  });
  ec2.strict.deny();
  const members = await groups().members({ ...ec2.place, ...group }, inTime());
  expect(members?.map(({ cloudImageId }) => cloudImageId)).toEqual([ec2.image, ec2.image]);
});

test('what has no refreshes says so, and nothing was changed', async () => {
  const group = await makeGroup({ cloudImageId: ec2.image, servers: 1 });
  ec2.strict.lack('DescribeInstanceRefreshes');
  expect(await groups().refresh(await wishFor(group), inTime())).toBe('unsupported');
  ec2.strict.lack();
  const described = await describeGroup(group.groupId);
  expect(described?.LaunchTemplate?.Version).toBe('1');
});

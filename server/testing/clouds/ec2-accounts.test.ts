import {
  AutoScalingClient,
  CreateAutoScalingGroupCommand,
  CreateLaunchConfigurationCommand,
} from '@aws-sdk/client-auto-scaling';
import {
  CreateLaunchTemplateCommand,
  CreateLaunchTemplateVersionCommand,
  EC2Client,
  RegisterImageCommand,
} from '@aws-sdk/client-ec2';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { beforeAll, expect, test } from 'vitest';
import { checkInvariants } from '../../database/invariants.ts';
import { openClouds } from '../../cloud/clouds.ts';
import { readInventory } from '../../fleet/inventory.ts';
import { testSecrets } from '../app.ts';
import { withDatabase } from '../database.ts';
import { createTenant, randomName, type Tenant } from '../harness.ts';
import { ec2 } from './ec2-setup.ts';
import { noteFigures, readLoad } from './note-figures.ts';

// An organisation as such teams have it: one set of credentials for each account, by a role, and several regions.

const database = withDatabase();
const accounts = ['210000000001', '210000000002', '210000000003', '210000000004'];
const regions = ['ap-south-1', 'eu-west-2', 'us-east-2', 'us-west-2'];
const mostSeconds = 60;
/** Lists of one region of one account, beside the versions that groups pin. */
const mostCalls = 8;

const roleOf = (account: string) => `arn:aws:iam::${account}:role/slipway`;
const own = { accessKeyId: ec2.key.accessKey, secretAccessKey: ec2.key.secretKey };

async function assume(account: string) {
  const sts = new STSClient({
    endpoint: ec2.strict.url,
    region: 'us-east-1',
    credentials: own,
  });
  const RoleSessionName = 'test';
  const command = new AssumeRoleCommand({ RoleArn: roleOf(account), RoleSessionName });
  const { Credentials: given } = await sts.send(command);
  return {
    accessKeyId: given?.AccessKeyId ?? '',
    secretAccessKey: given?.SecretAccessKey ?? '',
    sessionToken: given?.SessionToken ?? '',
  };
}

/** Images of one region, of which groups, a launch configuration and a parameter mean some. */
async function fill(settings: object, region: string): Promise<void> {
  const client = new EC2Client(settings);
  const groups = new AutoScalingClient(settings);
  const makeImage = async () => {
    const Name = randomName('image');
    const { ImageId = '' } = await client.send(
      new RegisterImageCommand({ Name, Architecture: 'x86_64' }),
    );
    return ImageId;
  };
  const InstanceType = 't3.micro';
  for (const name of ['web', 'api']) {
    const { LaunchTemplate: made } = await client.send(
      new CreateLaunchTemplateCommand({
        LaunchTemplateName: name,
        LaunchTemplateData: { ImageId: await makeImage(), InstanceType },
      }),
    );
    const LaunchTemplateId = made?.LaunchTemplateId ?? '';
    for (let version = 2; version <= 3; version += 1)
      await client.send(
        new CreateLaunchTemplateVersionCommand({
          LaunchTemplateId,
          LaunchTemplateData: { ImageId: await makeImage(), InstanceType },
        }),
      );
    await groups.send(
      new CreateAutoScalingGroupCommand({
        AutoScalingGroupName: name,
        MinSize: 0,
        MaxSize: 4,
        DesiredCapacity: 2,
        AvailabilityZones: [`${region}a`],
        // Neither the latest nor the default one.
        LaunchTemplate: { LaunchTemplateId, Version: name === 'web' ? '2' : '$Latest' },
      }),
    );
  }
  const LaunchConfigurationName = 'old';
  const ImageId = await makeImage();
  const configuration = { LaunchConfigurationName, ImageId, InstanceType };
  await groups.send(new CreateLaunchConfigurationCommand(configuration));
  const Value = await makeImage();
  const parameter = { Name: '/image', Value, Type: 'String', DataType: 'aws:ec2:image' } as const;
  await new SSMClient(settings).send(new PutParameterCommand(parameter));
}

beforeAll(async () => {
  for (const account of accounts) {
    const credentials = await assume(account);
    for (const region of regions)
      await fill({ endpoint: ec2.strict.url, region, credentials }, region);
  }
});

async function connect(t: Tenant): Promise<void> {
  for (const account of accounts)
    await t.accountAdmin.call('cloudCredentialsCreate', t.account, {
      body: {
        name: account,
        cloudCredentialsType: 'AwsCloudCredentials',
        ...ec2.key,
        roleArn: roleOf(account),
        externalId: 'our-own',
        endpoint: ec2.strict.url,
        regions,
      },
      clouds: { allowsPrivate: true },
    });
}

/** How many calls were made in each region of each account since so many had been. */
function callsSince(before: number): Map<string, string[]> {
  const places = new Map<string, string[]>();
  for (const { key, region, action } of ec2.strict.calls.slice(before))
    if (!action.startsWith('sts:'))
      places.set(`${key} ${region}`, [...(places.get(`${key} ${region}`) ?? []), action]);
  return places;
}

function countSts(before: number): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { action } of ec2.strict.calls.slice(before)) {
    const [service, name = ''] = action.split(':');
    if (service === 'sts') counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}

const isVersionOfOne = (action: string) => action === 'ec2:DescribeLaunchTemplateVersions';

test('4 accounts are read in 4 regions each within a minute, with at most 8 lists and the pinned versions each', async () => {
  const t = await createTenant(database.db);
  await connect(t);
  const cloudOf = openClouds(database.db, {
    simulatedTimes: {},
    lxd: undefined,
    lxdNamePrefix: 'slipway',
    credentialsReach: { allowsPrivate: true, sockets: [], usesOwnAwsIdentity: false },
    secrets: testSecrets,
  });
  const told = {
    onError: (error: unknown) => expect.unreachable(String(error)),
    signal: AbortSignal.timeout(150_000),
  };
  const [load, before, begun] = [readLoad(), ec2.strict.calls.length, performance.now()];
  await readInventory(database.db, cloudOf, told);
  const seconds = (performance.now() - begun) / 1_000;

  const { data: read } = await t.viewer.call('inventoryCoverageList', t.account, { query: {} });
  expect(read).toHaveLength(accounts.length * regions.length);
  for (const place of read) expect(place).toMatchObject({ isWhole: true, unread: [] });
  const query = { maxResults: 100 };
  const { data: images } = await t.viewer.call('cloudImageList', t.account, { query });
  expect(images.map(({ use }) => use.verdict)).not.toContain('unknown');

  // One role for each account, whatever is asked of it, and who that is.
  expect(countSts(before)).toEqual({
    AssumeRole: accounts.length,
    GetCallerIdentity: accounts.length,
  });
  const places = callsSince(before);
  expect(places.size).toBe(accounts.length * regions.length);
  for (const [place, actions] of places) {
    const versions = actions.filter(isVersionOfOne);
    // One question for the latest and the default of all, and one for the template that a group pins.
    expect(versions, place).toHaveLength(2);
    expect(actions.length - 1, actions.join(', ')).toBeLessThanOrEqual(mostCalls);
  }
  const most = Math.max(...[...places.values()].map((actions) => actions.length - 1));
  noteFigures('ec2-accounts', load, [
    {
      name: `${accounts.length} accounts by ${regions.length} regions are read`,
      p95: Math.round(seconds * 10) / 10,
      unit: 's',
      bar: `< ${mostSeconds} s`,
      holds: seconds < mostSeconds,
    },
    {
      name: 'lists in one region, beside the pinned versions',
      p95: most,
      unit: 'calls',
      bar: `≤ ${mostCalls}`,
      holds: most <= mostCalls,
      note: 'one more where something runs images of others',
    },
  ]);
  expect(seconds).toBeLessThan(mostSeconds);
  expect(await checkInvariants(database.db)).toEqual([]);
});

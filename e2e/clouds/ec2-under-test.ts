import {
  AutoScalingClient,
  CreateAutoScalingGroupCommand,
  TerminateInstanceInAutoScalingGroupCommand,
  UpdateAutoScalingGroupCommand,
} from '@aws-sdk/client-auto-scaling';
import {
  CreateLaunchTemplateCommand,
  CreateLaunchTemplateVersionCommand,
  DescribeImagesCommand,
  DescribeInstancesCommand,
  EC2Client,
  ModifyLaunchTemplateCommand,
  RegisterImageCommand,
} from '@aws-sdk/client-ec2';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';

import { startStrictEc2 } from '../../server/testing/clouds/strict-ec2/strict-ec2.ts';

import { currentName, oldName } from './cloud-under-test.ts';
import type { CloudUnderTest } from './cloud-under-test.ts';

const key = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'SlipwayTest' };
// Nobody else's: other tests leave things behind in the same moto.
const roleArn = 'arn:aws:iam::220000000001:role/slipway';
const regions = ['eu-west-1', 'us-east-1'] as const;
const group = { AutoScalingGroupName: 'shop-web' };
const template = { LaunchTemplateName: 'shop-web' };

/** An account on the EC2 of moto, which is made as strict as the real one. */
export async function openEc2(moto: string): Promise<CloudUnderTest & { close(): Promise<void> }> {
  const strict = await startStrictEc2(moto);
  const base = { endpoint: strict.url, region: regions[0] };
  const sts = new STSClient({ ...base, credentials: key });
  const { Credentials: given } = await sts.send(
    new AssumeRoleCommand({ RoleArn: roleArn, RoleSessionName: 'owner' }),
  );
  const credentials = {
    accessKeyId: given?.AccessKeyId ?? '',
    secretAccessKey: given?.SecretAccessKey ?? '',
    sessionToken: given?.SessionToken ?? '',
  };
  const at = (region: string) => new EC2Client({ ...base, region, credentials });
  const ec2 = at(regions[0]);
  const scaling = new AutoScalingClient({ ...base, credentials });
  const [old, current] = await registerBoth(regions.map(at));
  await startGroup(ec2, scaling, old);
  return {
    platform: 'ec2',
    type: 'AWS',
    location: regions[0],
    places: regions.length,
    fillIn: async (dialog) => {
      await dialog.getByLabel('Access key').fill(key.accessKeyId);
      await dialog.getByLabel('Secret key').fill(key.secretAccessKey);
      await dialog.getByLabel('Role to assume').fill(roleArn);
      await dialog.getByLabel('Regions').fill(regions.join(', '));
      await dialog.getByLabel('Endpoint').fill(strict.url);
    },
    observed: `shop-web (${regions[0]})`,
    leaveOld: () => moveGroup(ec2, scaling, current),
    images: async () => {
      const found = regions.map((region) => listNames(at(region)));
      return (await Promise.all(found)).flat().toSorted();
    },
    close: () => strict.close(),
  };
}

/** @returns their ids in the first region */
async function registerBoth(clients: readonly EC2Client[]): Promise<[string, string]> {
  const first: string[] = [];
  for (const Name of [oldName, currentName])
    for (const client of clients) {
      const command = new RegisterImageCommand({ Name, Architecture: 'x86_64' });
      const { ImageId = '' } = await client.send(command);
      if (client === clients[0]) first.push(ImageId);
    }
  const [old = '', current = ''] = first;
  return [old, current];
}

const LaunchTemplate = { ...template, Version: '$Default' };

async function startGroup(ec2: EC2Client, scaling: AutoScalingClient, ImageId: string) {
  const LaunchTemplateData = { ImageId, InstanceType: 't3.micro' } as const;
  await ec2.send(new CreateLaunchTemplateCommand({ ...template, LaunchTemplateData }));
  const size = { MinSize: 0, MaxSize: 2, DesiredCapacity: 1 };
  await scaling.send(
    new CreateAutoScalingGroupCommand({
      ...group,
      ...size,
      AvailabilityZones: [`${regions[0]}a`],
      LaunchTemplate,
    }),
  );
}

/** Another version becomes the default one, which the group starts from, and its server is replaced. */
async function moveGroup(ec2: EC2Client, scaling: AutoScalingClient, ImageId: string) {
  const LaunchTemplateData = { ImageId, InstanceType: 't3.micro' } as const;
  await ec2.send(new CreateLaunchTemplateVersionCommand({ ...template, LaunchTemplateData }));
  await ec2.send(new ModifyLaunchTemplateCommand({ ...template, DefaultVersion: '2' }));
  await scaling.send(new UpdateAutoScalingGroupCommand({ ...group, LaunchTemplate }));
  const Filters = [
    { Name: 'tag:aws:autoscaling:groupName', Values: [group.AutoScalingGroupName] },
    { Name: 'instance-state-name', Values: ['running'] },
  ];
  const { Reservations = [] } = await ec2.send(new DescribeInstancesCommand({ Filters }));
  for (const { InstanceId } of Reservations.flatMap(({ Instances = [] }) => Instances))
    await scaling.send(
      new TerminateInstanceInAutoScalingGroupCommand({
        InstanceId,
        ShouldDecrementDesiredCapacity: false,
      }),
    );
}

async function listNames(client: EC2Client): Promise<string[]> {
  const { Images = [] } = await client.send(new DescribeImagesCommand({ Owners: ['self'] }));
  return Images.flatMap(({ Name }) => Name ?? []);
}

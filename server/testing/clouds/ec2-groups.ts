import {
  AutoScalingClient,
  CreateAutoScalingGroupCommand,
  type Tag,
} from '@aws-sdk/client-auto-scaling';
import { CreateLaunchTemplateCommand } from '@aws-sdk/client-ec2';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { randomUUID } from 'node:crypto';
import type { TestGroup } from '../cloud/subject.ts';
import { ec2 } from './ec2-setup.ts';

const settings = {
  endpoint: ec2.strict.url,
  region: ec2.place.cloudLocation,
  credentials: { accessKeyId: ec2.key.accessKey, secretAccessKey: ec2.key.secretKey },
};
const groups = new AutoScalingClient(settings);
const ssm = new SSMClient(settings);

/** Makes a group with servers in moto, beside the driver. */
export async function makeGroup({
  cloudImageId,
  servers,
  follows,
  isPointed = false,
  tags = {},
}: {
  cloudImageId: string;
  servers: number;
  follows?: '$Latest';
  isPointed?: boolean;
  tags?: Record<string, string>;
}): Promise<TestGroup> {
  const own = randomUUID().slice(0, 8);
  const pointerName = isPointed ? `/images/${own}` : undefined;
  if (pointerName !== undefined) await makePointer(pointerName, cloudImageId);
  const { LaunchTemplate } = await ec2.client.send(
    new CreateLaunchTemplateCommand({
      LaunchTemplateName: `template-${own}`,
      LaunchTemplateData: {
        ImageId: pointerName === undefined ? cloudImageId : `resolve:ssm:${pointerName}`,
        InstanceType: 't3.micro',
      },
    }),
  );
  const { LaunchTemplateId: templateId = '' } = LaunchTemplate ?? {};
  const groupId = `group-${own}`;
  await groups.send(
    new CreateAutoScalingGroupCommand({
      AutoScalingGroupName: groupId,
      LaunchTemplate: { LaunchTemplateId: templateId, Version: follows ?? '1' },
      MinSize: servers,
      DesiredCapacity: servers,
      MaxSize: servers,
      AvailabilityZones: [`${ec2.place.cloudLocation}a`],
      Tags: Object.entries(tags).map(([Key, Value]): Tag => ({
        Key,
        Value,
        PropagateAtLaunch: false,
      })),
    }),
  );
  return { groupId, templateId, pointerName };
}

async function makePointer(Name: string, Value: string): Promise<void> {
  await ssm.send(
    new PutParameterCommand({ Name, Value, Type: 'String', DataType: 'aws:ec2:image' }),
  );
}

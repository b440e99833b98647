import {
  AutoScalingClient,
  CreateAutoScalingGroupCommand,
  CreateLaunchConfigurationCommand,
} from '@aws-sdk/client-auto-scaling';
import {
  CreateLaunchTemplateCommand,
  CreateLaunchTemplateVersionCommand,
} from '@aws-sdk/client-ec2';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { randomUUID } from 'node:crypto';
import { afterEach, beforeAll, expect, test } from 'vitest';
import type { InventoryFact } from '../../cloud/inventory.ts';
import { demandCapability } from '../../cloud/port.ts';
import { ec2, makeImage } from './ec2-setup.ts';

// What an inventory of EC2 finds beside what those of all clouds do (ec2-conformance.test.ts).

const settings = {
  endpoint: ec2.strict.url,
  region: ec2.place.cloudLocation,
  credentials: { accessKeyId: ec2.key.accessKey, secretAccessKey: ec2.key.secretKey },
};
const groups = new AutoScalingClient(settings);
const ssm = new SSMClient(settings);

/** Everything here has names of its own: others have theirs in the same moto. */
const own = randomUUID().slice(0, 8);
const pointer = `/images/${own}`;
let [first, second, third, pointed, configured] = ['', '', '', '', ''];
let templateId = '';

beforeAll(async () => {
  [first, second, third, pointed, configured] = [
    await makeImage(),
    await makeImage(),
    await makeImage(),
    await makeImage(),
    await makeImage(),
  ];
  templateId = await makeTemplate(`web-${own}`, first);
  for (const ImageId of [second, third])
    await ec2.client.send(
      new CreateLaunchTemplateVersionCommand({
        LaunchTemplateId: templateId,
        LaunchTemplateData: { ImageId },
      }),
    );
  await ssm.send(
    new PutParameterCommand({
      Name: pointer,
      Value: pointed,
      Type: 'String',
      DataType: 'aws:ec2:image',
    }),
  );
  await makeTemplate(`points-${own}`, `resolve:ssm:${pointer}`);
  await groups.send(
    new CreateLaunchConfigurationCommand({
      LaunchConfigurationName: `old-${own}`,
      ImageId: configured,
      InstanceType: 't3.micro',
    }),
  );
  const size = { MinSize: 0, MaxSize: 2, AvailabilityZones: [`${settings.region}a`] };
  const LaunchTemplate = { LaunchTemplateId: templateId, Version: '2' };
  const AutoScalingGroupName = `group-${own}`;
  await groups.send(
    new CreateAutoScalingGroupCommand({
      ...size,
      AutoScalingGroupName,
      DesiredCapacity: 1,
      LaunchTemplate,
      Tags: [{ Key: 'owner', Value: 'web', PropagateAtLaunch: false }],
    }),
  );
});

afterEach(() => {
  ec2.strict.deny();
  ec2.strict.throttle(0);
});

async function makeTemplate(name: string, ImageId: string): Promise<string> {
  const { LaunchTemplate: made } = await ec2.client.send(
    new CreateLaunchTemplateCommand({
      LaunchTemplateName: name,
      LaunchTemplateData: { ImageId, InstanceType: 't3.micro' },
    }),
  );
  return made?.LaunchTemplateId ?? '';
}

async function scan(): Promise<InventoryFact[]> {
  const inventory = demandCapability(ec2.connect(), 'inventory');
  const facts: InventoryFact[] = [];
  const pages = inventory.scan(ec2.place, { signal: AbortSignal.timeout(60_000) });
  for await (const page of pages) facts.push(...page);
  return facts;
}

const ofKind = <Kind extends InventoryFact['kind']>(facts: InventoryFact[], kind: Kind) =>
  facts.filter((fact): fact is Extract<InventoryFact, { kind: Kind }> => fact.kind === kind);

test('a group says which version it starts, and its members which group they are of', async () => {
  const facts = await scan();
  const group = ofKind(facts, 'group').find(({ name }) => name === `group-${own}`);
  expect(group).toMatchObject({
    boots: [{ kind: 'template', templateId, version: '2' }],
    minimum: 0,
    desired: 1,
    maximum: 2,
    tags: { owner: 'web' },
  });
  const members = ofKind(facts, 'server').filter(({ groupId }) => groupId === group?.groupId);
  expect(members).toMatchObject([{ cloudImageId: second }]);
});

test('a template has its latest and default versions, and those that groups pin', async () => {
  const templates = ofKind(await scan(), 'template');
  const versions = templates.filter((one) => one.templateId === templateId);
  expect(versions.toSorted((a, b) => a.version.localeCompare(b.version))).toMatchObject([
    { version: '1', isDefault: true, isLatest: false, cloudImageId: first },
    { version: '2', isDefault: false, isLatest: false, cloudImageId: second },
    { version: '3', isDefault: false, isLatest: true, cloudImageId: third },
  ]);
  const old = templates.find(({ name }) => name === `old-${own}`);
  expect(old).toMatchObject({ version: '', cloudImageId: configured });
});

test('a pointer says which image it means, and a template which pointer', async () => {
  const facts = await scan();
  expect(ofKind(facts, 'pointer')).toContainEqual({
    kind: 'pointer',
    name: pointer,
    cloudImageId: pointed,
  });
  const template = ofKind(facts, 'template').find(({ name }) => name === `points-${own}`);
  expect(template).toMatchObject({ cloudImageId: undefined, pointerName: pointer });
});

test('a part that one may not read is named, and the others are read', async () => {
  ec2.strict.deny('DescribeLaunchTemplateVersions');
  const facts = await scan();
  expect(ofKind(facts, 'unread')).toMatchObject([
    { part: 'templates', words: expect.stringContaining('UnauthorizedOperation') as string },
  ]);
  expect(ofKind(facts, 'image').map(({ cloudImageId }) => cloudImageId)).toContain(first);
  expect(ofKind(facts, 'pointer')).not.toEqual([]);
});

test('a list that is throttled for a moment is read all the same', async () => {
  ec2.strict.throttle(2);
  expect(ofKind(await scan(), 'image').map(({ cloudImageId }) => cloudImageId)).toContain(first);
});

test('the regions of an account are those that it has, or those that are named', async () => {
  const locations = async (regions: string[]) =>
    demandCapability(ec2.connect({ regions }), 'inventory').locations({
      signal: AbortSignal.timeout(30_000),
    });
  expect(await locations(['eu-west-1', 'us-east-1'])).toEqual([
    { cloudPlatform: 'ec2', cloudLocation: 'eu-west-1', account: '123456789012' },
    { cloudPlatform: 'ec2', cloudLocation: 'us-east-1', account: '123456789012' },
  ]);
  expect((await locations([])).length).toBeGreaterThan(10);
});

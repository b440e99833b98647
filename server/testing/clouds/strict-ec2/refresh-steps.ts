import { randomUUID } from 'node:crypto';
import { changed, type Ec2Answer, type Ec2Request, groupRefusal, valuesOf } from './query.ts';
import { resolve } from './pointers.ts';
import type { Pass } from './rules.ts';

// Instance refreshes, which moto does not have. It goes on by one batch each time that somebody looks.

export interface Refresh {
  id: string;
  /** Whose it is, and where. */
  place: string;
  group: string;
  status: string;
  reason: string;
  /** What it was started with. */
  form: URLSearchParams;
  /** How the group was configured before, as UpdateAutoScalingGroup takes it, and as it is answered. */
  before: { form: Record<string, string>; element: string };
  /** Instances that are still to go, and how many there were. */
  left: string[];
  all: number;
}

export const ended = new Set([
  'Successful',
  'Failed',
  'Cancelled',
  'RollbackSuccessful',
  'RollbackFailed',
]);
export const desired = 'DesiredConfiguration';

/** Takes a refresh on. @returns why not, where AWS would refuse it */
export async function begin(request: Ec2Request, pass: Pass): Promise<Refresh | Ec2Answer> {
  const { form } = request;
  const group = form.get('AutoScalingGroupName') ?? '';
  const found = await pass(
    changed(request, 'DescribeAutoScalingGroups', { 'AutoScalingGroupNames.member.1': group }),
  );
  if (!found.body.includes(`<AutoScalingGroupName>${group}<`))
    return groupRefusal('ValidationError', `AutoScalingGroup name not found - ${group}`);
  const both = [...form.keys()].filter((key) => key.endsWith('.LaunchTemplateName'));
  if (both.some((key) => form.has(key.replace(/Name$/, 'Id'))))
    return groupRefusal(
      'ValidationError',
      'Valid requests must contain either LaunchTemplateId or LaunchTemplateName',
    );
  const element = /<LaunchTemplate>[\s\S]*?<\/LaunchTemplate>/.exec(found.body)?.[0] ?? '';
  const before = {
    'LaunchTemplate.LaunchTemplateId': /<LaunchTemplateId>([^<]*)/.exec(element)?.[1] ?? '',
    'LaunchTemplate.Version': /<Version>([^<]*)/.exec(element)?.[1] ?? '$Default',
  };
  return {
    id: randomUUID(),
    place: request.place,
    group,
    status: 'Pending',
    reason: '',
    form,
    before: { form: before, element },
    left: [],
    all: 0,
  };
}

/** One step: what it leads to is applied, instances are exchanged, and it has ended. */
export async function goOn(refresh: Refresh, request: Ec2Request, pass: Pass): Promise<void> {
  const { status } = refresh;
  if (status === 'Pending') {
    const image = await imageOf(desiredOf(refresh), request, pass);
    const present = await pass(changed(request, 'DescribeImages', { 'ImageId.1': image }, 'ec2'));
    if (!valuesOf(present, 'imageId').includes(image)) {
      Object.assign(refresh, {
        status: 'Failed',
        reason: `The image id '[${image}]' does not exist`,
      });
      return;
    }
    await configure(refresh, desiredOf(refresh), request, pass);
    const skips = refresh.form.get('Preferences.SkipMatching') === 'true';
    refresh.left = (await instancesIn(refresh, request, pass))
      .filter((instance) => !skips || instance.image !== image)
      .map(({ id }) => id);
    Object.assign(refresh, { status: 'InProgress', all: refresh.left.length });
  } else if (status === 'InProgress') {
    if (refresh.left.length > 0) await exchange(refresh, request, pass);
    else refresh.status = 'Successful';
  } else if (status === 'Cancelling') {
    await configure(refresh, refresh.before.form, request, pass);
    refresh.status = 'Cancelled';
  } else if (status === 'RollbackInProgress') {
    await configure(refresh, refresh.before.form, request, pass);
    const image = await imageOf(refresh.before.form, request, pass);
    refresh.left = (await instancesIn(refresh, request, pass))
      .filter((instance) => instance.image !== image)
      .map(({ id }) => id);
    if (refresh.left.length > 0) await exchange(refresh, request, pass);
    else refresh.status = 'RollbackSuccessful';
  }
}

async function exchange(refresh: Refresh, request: Ec2Request, pass: Pass): Promise<void> {
  const healthy = Number(refresh.form.get('Preferences.MinHealthyPercentage') ?? 90);
  const { length } = await instancesIn(refresh, request, pass);
  const atOnce = Math.max(1, Math.floor((length * (100 - healthy)) / 100));
  for (const InstanceId of refresh.left.splice(0, atOnce)) {
    const parameters = { InstanceId, ShouldDecrementDesiredCapacity: 'false' };
    await pass(changed(request, 'TerminateInstanceInAutoScalingGroup', parameters));
  }
}

function desiredOf({ form }: Refresh): Record<string, string> {
  const entries = [...form].filter(([key]) => key.startsWith(`${desired}.`));
  return Object.fromEntries(entries.map(([key, value]) => [key.slice(desired.length + 1), value]));
}

async function configure(
  { group }: Refresh,
  configuration: Record<string, string>,
  request: Ec2Request,
  pass: Pass,
): Promise<void> {
  const parameters = { AutoScalingGroupName: group, ...configuration };
  await pass(changed(request, 'UpdateAutoScalingGroup', parameters));
}

async function instancesIn({ group }: Refresh, request: Ec2Request, pass: Pass) {
  const parameters = {
    'Filter.1.Name': 'tag:aws:autoscaling:groupName',
    'Filter.1.Value.1': group,
    'Filter.2.Name': 'instance-state-name',
    'Filter.2.Value.1': 'running',
    'Filter.2.Value.2': 'pending',
  };
  const { body } = await pass(changed(request, 'DescribeInstances', parameters, 'ec2'));
  const found = body.matchAll(/<instanceId>([^<]+)<\/instanceId>\s*<imageId>([^<]*)</g);
  return [...found].map(([, id = '', image = '']) => ({ id, image }));
}

/** Which image a version means now. */
async function imageOf(
  configuration: Record<string, string>,
  request: Ec2Request,
  pass: Pass,
): Promise<string> {
  return resolve(await imageNamedBy(configuration, request, pass), request, pass);
}

async function imageNamedBy(
  configuration: Record<string, string>,
  request: Ec2Request,
  pass: Pass,
): Promise<string> {
  const of = (end: string) =>
    Object.entries(configuration).find(([key]) => key.endsWith(end))?.[1] ?? '';
  const parameters = {
    LaunchTemplateId: of('LaunchTemplateId'),
    'LaunchTemplateVersion.1': of('.Version'),
  };
  const { body } = await pass(
    changed(request, 'DescribeLaunchTemplateVersions', parameters, 'ec2'),
  );
  return /<imageId>([^<]+)</.exec(body)?.[1] ?? '';
}

/** @returns the refusal of a refresh that cannot be rolled back */
export async function findIrreversible(
  refresh: Refresh,
  request: Ec2Request,
  pass: Pass,
): Promise<Ec2Answer | undefined> {
  const { form } = refresh.before;
  const image = await imageNamedBy(form, request, pass);
  const isFixed =
    !form['LaunchTemplate.Version']?.startsWith('$') &&
    !image.startsWith('resolve:ssm:') &&
    Object.keys(desiredOf(refresh)).length > 0;
  return isFixed
    ? undefined
    : groupRefusal('IrreversibleInstanceRefresh', 'The Instance Refresh cannot be rolled back.');
}

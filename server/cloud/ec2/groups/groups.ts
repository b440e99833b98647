import {
  type AutoScalingGroup,
  AutoScalingClient,
  CancelInstanceRefreshCommand,
  DescribeAutoScalingGroupsCommand,
  type DesiredConfiguration,
  RollbackInstanceRefreshCommand,
  StartInstanceRefreshCommand,
  TerminateInstanceInAutoScalingGroupCommand,
  UpdateAutoScalingGroupCommand,
} from '@aws-sdk/client-auto-scaling';
import { EC2Client, paginateDescribeInstances } from '@aws-sdk/client-ec2';
import { CloudError } from '../../call.ts';
import type {
  CloudGroupMember,
  CloudGroupRef,
  CloudGroups,
  CloudRefresh,
  CloudRefreshWish,
} from '../../groups.ts';
import type { AwsConnection, Ec2Region } from '../connection.ts';
import { AwsError, orAbsent } from '../errors.ts';
import { instancesOf } from '../instances.ts';
import { ec2Pointers } from '../pointers.ts';
import { configurationWith, imageOfVersion, takeVersion, versionIn } from './configurations.ts';
import { findActiveRefresh, findRefresh, noRefresh } from './refreshes.ts';

const irreversible = /^IrreversibleInstanceRefresh/;
const busy = /^InstanceRefreshInProgress/;
const noInstance = /^ValidationError$/;

/** Auto Scaling groups. */
export function ec2Groups(aws: AwsConnection): CloudGroups {
  return { ...ec2Refreshes(aws), ...ec2Members(aws) };
}

function ec2Refreshes(
  aws: AwsConnection,
): Pick<CloudGroups, 'refresh' | 'follow' | 'cancel' | 'rollBack'> {
  return {
    refresh: async (wish, options) => {
      const region = aws.at(wish, options);
      const group = await getGroup(region, wish);
      const active = await findActiveRefresh(region, wish);
      if (active === 'unsupported') return active;
      if (active) {
        if (await leadsTo(region, active.desired, wish)) return active.refresh;
        throw isBusy(wish);
      }
      if (wish.pointerName !== undefined) await movePointer(aws, wish, options);
      const desired = configurationWith(group, wish, await versionOf(region, group, wish));
      if (await hasNothingToDo(region, group, desired, wish)) return 'done';
      return startRefresh(region, desired, wish);
    },
    follow: ({ refreshId, ...group }, options) =>
      findRefresh(aws.at(group, options), group, refreshId),
    cancel: async ({ refreshId, ...group }, options) => {
      const region = aws.at(group, options);
      const refresh = await findRefresh(region, group, refreshId);
      if (refresh?.state !== 'underWay') return 'over';
      const command = new CancelInstanceRefreshCommand({ AutoScalingGroupName: group.groupId });
      const asked = region.askOf(AutoScalingClient, (client, to) => client.send(command, to));
      return (await orAbsent(asked, noRefresh)) ? 'begun' : 'over';
    },
    rollBack: async ({ refreshId, ...group }, options) => {
      const region = aws.at(group, options);
      const refresh = await findRefresh(region, group, refreshId);
      if (refresh?.state !== 'underWay') return 'over';
      const command = new RollbackInstanceRefreshCommand({ AutoScalingGroupName: group.groupId });
      const asked = region.askOf(AutoScalingClient, (client, to) => client.send(command, to));
      try {
        return (await orAbsent(asked, noRefresh)) ? 'begun' : 'over';
      } catch (error) {
        if (error instanceof AwsError && irreversible.test(error.code)) return 'impossible';
        throw error;
      }
    },
  };
}

function ec2Members(aws: AwsConnection): Pick<CloudGroups, 'aim' | 'members' | 'replaceMember'> {
  return {
    aim: async (aim, options) => {
      const region = aws.at(aim, options);
      const group = await getGroup(region, aim);
      if (aim.pointerName !== undefined) return movePointer(aws, aim, options);
      const desired = configurationWith(group, aim, await versionOf(region, group, aim));
      const command = new UpdateAutoScalingGroupCommand({
        AutoScalingGroupName: aim.groupId,
        ...desired,
      });
      await region.askOf(AutoScalingClient, (client, to) => client.send(command, to));
    },
    members: async (ref, options) => {
      const region = aws.at(ref, options);
      const group = await findGroup(region, ref);
      return group && membersOf(region, group);
    },
    replaceMember: async ({ cloudServerId, ...ref }, options) => {
      const region = aws.at(ref, options);
      const group = await findGroup(region, ref);
      const isMember = group?.Instances?.some(
        ({ InstanceId, LifecycleState }) =>
          InstanceId === cloudServerId && LifecycleState?.startsWith('Terminat') !== true,
      );
      if (isMember !== true) return 'absent';
      const command = new TerminateInstanceInAutoScalingGroupCommand({
        InstanceId: cloudServerId,
        ShouldDecrementDesiredCapacity: false,
      });
      const asked = region.askOf(AutoScalingClient, (client, to) => client.send(command, to));
      return (await orAbsent(asked, noInstance)) ? 'begun' : 'absent';
    },
  };
}

async function findGroup(
  region: Ec2Region,
  { groupId }: CloudGroupRef,
): Promise<AutoScalingGroup | undefined> {
  const command = new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [groupId] });
  const found = await region.askOf(AutoScalingClient, (client, to) => client.send(command, to));
  return found.AutoScalingGroups?.[0];
}

async function getGroup(region: Ec2Region, ref: CloudGroupRef): Promise<AutoScalingGroup> {
  const group = await findGroup(region, ref);
  if (group) return group;
  throw new CloudError(`There is no Auto Scaling group ${ref.groupId} in ${region.name}.`, {
    willPass: false,
  });
}

/** The version of its template that a group starts from, with the image; one that is made where none has it yet. */
async function versionOf(
  region: Ec2Region,
  group: AutoScalingGroup,
  wish: Parameters<CloudGroups['aim']>[0],
): Promise<string> {
  const version = versionIn(group, wish.templateId);
  if (version === undefined)
    throw new CloudError(
      `The group ${wish.groupId} does not start servers from template ${wish.templateId} any more.`,
      { willPass: false },
    );
  return wish.pointerName === undefined ? takeVersion(region, version, wish) : version;
}

function movePointer(
  aws: AwsConnection,
  { pointerName = '', cloudImageId, ...place }: Parameters<CloudGroups['aim']>[0],
  options: Parameters<CloudGroups['aim']>[1],
): Promise<void> {
  const { cloudPlatform, cloudLocation } = place;
  const pointer = { cloudPlatform, cloudLocation, name: pointerName, cloudImageId };
  return ec2Pointers(aws).put({ ...pointer, description: 'Moved by Slipway' }, options);
}

/** Whether a refresh that is under way has servers started from the same template with the same image. */
async function leadsTo(
  region: Ec2Region,
  desired: DesiredConfiguration | undefined,
  wish: CloudRefreshWish,
): Promise<boolean> {
  const version = desired && versionIn(desired, wish.templateId);
  if (version === undefined) return false;
  const image = await imageOfVersion(region, wish.templateId, version);
  return wish.pointerName === undefined
    ? image === wish.cloudImageId
    : image === `resolve:ssm:${wish.pointerName}`;
}

/** A repetition after the end of a refresh begins no other. */
async function hasNothingToDo(
  region: Ec2Region,
  group: AutoScalingGroup,
  desired: DesiredConfiguration,
  { templateId, cloudImageId }: CloudRefreshWish,
): Promise<boolean> {
  if (versionIn(group, templateId) !== versionIn(desired, templateId)) return false;
  const members = await membersOf(region, group);
  return members.every((member) => member.cloudImageId === cloudImageId);
}

async function startRefresh(
  region: Ec2Region,
  DesiredConfiguration: DesiredConfiguration,
  wish: CloudRefreshWish,
): Promise<CloudRefresh> {
  const command = new StartInstanceRefreshCommand({
    AutoScalingGroupName: wish.groupId,
    Strategy: 'Rolling',
    DesiredConfiguration,
    Preferences: {
      MinHealthyPercentage: wish.minHealthyPercentage,
      ...(wish.warmUpSeconds > 0 && { InstanceWarmup: wish.warmUpSeconds }),
      // Behind a pointer, servers of both images are of one version, which is all that is compared.
      SkipMatching: wish.pointerName === undefined,
      ScaleInProtectedInstances: 'Ignore',
      StandbyInstances: 'Ignore',
    },
  });
  try {
    const begun = await region.askOf(AutoScalingClient, (client, to) => client.send(command, to));
    return {
      refreshId: begun.InstanceRefreshId ?? '',
      state: 'underWay',
      percentage: 0,
      words: undefined,
    };
  } catch (error) {
    if (error instanceof AwsError && busy.test(error.code)) throw isBusy(wish);
    throw error;
  }
}

function isBusy({ groupId }: CloudGroupRef): CloudError {
  return new CloudError(`Another instance refresh is under way in the group ${groupId}.`, {
    willPass: true,
  });
}

async function membersOf(region: Ec2Region, group: AutoScalingGroup): Promise<CloudGroupMember[]> {
  const members = (group.Instances ?? []).filter(
    ({ LifecycleState }) => LifecycleState?.startsWith('Terminat') !== true,
  );
  const ids = members.flatMap(({ InstanceId }) => InstanceId ?? []);
  if (ids.length === 0) return [];
  // By a filter, since an id that has just gone would fail the whole question.
  const name = group.AutoScalingGroupName ?? '';
  const Filters = [{ Name: 'tag:aws:autoscaling:groupName', Values: [name] }];
  const client = region.reader(EC2Client);
  const pages = region.pages((to) => paginateDescribeInstances({ client }, { Filters }, to));
  const images = new Map<string | undefined, string | undefined>();
  for await (const { Reservations } of pages)
    for (const { InstanceId, ImageId } of instancesOf(Reservations))
      images.set(InstanceId, ImageId);
  return members.map(({ InstanceId: cloudServerId = '', LifecycleState, HealthStatus }) => ({
    cloudServerId,
    cloudImageId: images.get(cloudServerId),
    isUp: LifecycleState === 'InService' && HealthStatus?.toLowerCase() === 'healthy',
  }));
}

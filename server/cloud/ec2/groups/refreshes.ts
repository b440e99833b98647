import {
  AutoScalingClient,
  DescribeInstanceRefreshesCommand,
  type DesiredConfiguration,
  type InstanceRefresh,
  type InstanceRefreshStatus,
} from '@aws-sdk/client-auto-scaling';
import type { CloudGroupRef, CloudRefresh, CloudRefreshState } from '../../groups.ts';
import type { Ec2Region } from '../connection.ts';
import { orAbsent } from '../errors.ts';

/** What AWS says where no refresh is under way. */
export const noRefresh = /^ActiveInstanceRefreshNotFound/;
/** What something says that answers as AWS does and has no refreshes. */
const unsupported =
  /^(?:InvalidAction|UnknownOperation(?:Exception)?|NotImplemented|UnsupportedOperation)$/;
const unknownRefresh = /^(?:ActiveInstanceRefreshNotFound|ValidationError)/;

const stateOf: Record<InstanceRefreshStatus, CloudRefreshState> = {
  Pending: 'underWay',
  InProgress: 'underWay',
  Baking: 'underWay',
  Cancelling: 'ending',
  RollbackInProgress: 'ending',
  Successful: 'done',
  Cancelled: 'cancelled',
  RollbackSuccessful: 'rolledBack',
  Failed: 'failed',
  RollbackFailed: 'failed',
};

/**
 * The refresh that a group is at, of which there is one at most, with what it leads to.
 * @returns `unsupported` where there are no refreshes at all
 */
export async function findActiveRefresh(
  region: Ec2Region,
  { groupId }: CloudGroupRef,
): Promise<
  { refresh: CloudRefresh; desired: DesiredConfiguration | undefined } | 'unsupported' | undefined
> {
  const command = new DescribeInstanceRefreshesCommand({ AutoScalingGroupName: groupId });
  const asked = region.askOf(AutoScalingClient, (client, to) => client.send(command, to));
  const found = await orAbsent(asked, unsupported);
  if (!found) return 'unsupported';
  for (const one of found.InstanceRefreshes ?? []) {
    const refresh = toRefresh(one);
    if (refresh.state === 'underWay' || refresh.state === 'ending')
      return {
        refresh,
        desired: refresh.state === 'underWay' ? one.DesiredConfiguration : undefined,
      };
  }
  return undefined;
}

export async function findRefresh(
  region: Ec2Region,
  { groupId }: CloudGroupRef,
  refreshId: string,
): Promise<CloudRefresh | undefined> {
  const command = new DescribeInstanceRefreshesCommand({
    AutoScalingGroupName: groupId,
    InstanceRefreshIds: [refreshId],
  });
  const asked = region.askOf(AutoScalingClient, (client, to) => client.send(command, to));
  const found = (await orAbsent(asked, unknownRefresh))?.InstanceRefreshes?.[0];
  return found && toRefresh(found);
}

function toRefresh({
  InstanceRefreshId = '',
  Status = 'Pending',
  PercentageComplete = 0,
  StatusReason: words,
}: InstanceRefresh): CloudRefresh {
  return {
    refreshId: InstanceRefreshId,
    state: stateOf[Status],
    percentage: PercentageComplete,
    words,
  };
}

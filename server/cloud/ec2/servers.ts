import {
  CreateTagsCommand,
  EC2Client,
  paginateDescribeInstances,
  RebootInstancesCommand,
  RunInstancesCommand,
  StartInstancesCommand,
  StopInstancesCommand,
  TerminateInstancesCommand,
  type _InstanceType,
  type Instance,
} from '@aws-sdk/client-ec2';
import { CloudError } from '../call.ts';
import type { CloudServer, CloudServerRef, CloudServers, ServerLaunch } from '../servers.ts';
import type { AwsConnection, Ec2Region } from './connection.ts';
import { AwsError } from './errors.ts';
import { findByToken, findInstance, instancesOf } from './instances.ts';
import { rebootTag, tagOf, tokenTag, toServer } from './server-state.ts';

/** Instances of the regions of one account; each carries its token as a tag. */
export function ec2Servers(aws: AwsConnection, pageSize: number): CloudServers {
  /** A call that takes a step with an instance that has not ended, and says how it is then. */
  const act =
    <Ref extends CloudServerRef>(
      step: (
        region: Ec2Region,
        id: string,
        state: CloudServer,
        ref: Ref,
        on: Instance,
      ) => Promise<unknown>,
    ): ((ref: Ref, options: { signal: AbortSignal }) => Promise<CloudServer | 'absent'>) =>
    async (ref, options) => {
      const region = aws.at(ref, options);
      const instance = await findInstance(region, ref);
      if (!instance || instance.State?.Name === 'terminated') return 'absent';
      const before = toServer(ref, instance);
      await step(region, before.cloudServerId, before, ref, instance);
      const after = await findInstance(region, { ...ref, cloudServerId: before.cloudServerId });
      return after ? toServer(ref, after) : 'absent';
    };

  return {
    launch: async (launch, options) => {
      const region = aws.at(launch, options);
      const instance = await findByToken(region, launch.token);
      return toServer(launch, instance ?? (await run(region, launch)));
    },
    list: async function* ({ tag, ...place }, options) {
      const region = aws.at(place, options);
      const input = { Filters: [{ Name: `tag:${tag.name}`, Values: [tag.value] }] };
      const client = region.reader(EC2Client);
      const pages = region.pages((sending) =>
        paginateDescribeInstances({ client, pageSize }, input, sending),
      );
      for await (const { Reservations } of pages)
        yield instancesOf(Reservations).map((instance) => toServer(place, instance));
    },
    get: async (ref, options) => {
      const instance = await findInstance(aws.at(ref, options), ref);
      return instance && toServer(ref, instance);
    },
    terminate: act(terminate),
    suspend: act(suspend),
    resume: act(resume),
    reboot: act(reboot),
  };
}

/** @throws CloudError */
async function run(region: Ec2Region, launch: ServerLaunch): Promise<Instance> {
  const tags = { ...launch.tags, Name: launch.hostname, [tokenTag]: launch.token };
  const command = new RunInstancesCommand({
    ClientToken: launch.token,
    ImageId: launch.cloudImageId,
    ...(launch.instanceType !== '' && { InstanceType: launch.instanceType as _InstanceType }),
    MinCount: 1,
    MaxCount: 1,
    TagSpecifications: [
      {
        ResourceType: 'instance',
        Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
      },
    ],
  });
  try {
    const { Instances: made } = await region.ask((ec2, sending) => ec2.send(command, sending));
    if (made?.[0]) return made[0];
  } catch (error) {
    // It was launched and has ended since the look before.
    const hasEnded = error instanceof AwsError && error.code === 'IdempotentInstanceTerminated';
    const ended = hasEnded ? await findByToken(region, launch.token) : undefined;
    if (!ended) throw error;
    return ended;
  }
  throw new CloudError('AWS launched an instance and did not say which.', { willPass: true });
}

async function terminate(
  region: Ec2Region,
  id: string,
  { state }: CloudServer,
  { isForced = false }: CloudServerRef & { isForced?: boolean },
): Promise<void> {
  if (state === 'terminating' && !isForced) return;
  const command = new TerminateInstancesCommand({
    InstanceIds: [id],
    ...(isForced && { SkipOsShutdown: true }),
  });
  await region.ask((ec2, sending) => ec2.send(command, sending));
}

async function suspend(region: Ec2Region, id: string, { state }: CloudServer): Promise<void> {
  if (state === 'suspended' || state === 'suspending') return;
  if (state !== 'running') throw isNot('suspended', id, state);
  const command = new StopInstancesCommand({ InstanceIds: [id] });
  await region.ask((ec2, sending) => ec2.send(command, sending));
}

async function resume(region: Ec2Region, id: string, { state }: CloudServer): Promise<void> {
  if (state === 'running' || state === 'resuming') return;
  if (state !== 'suspended') throw isNot('resumed', id, state);
  const command = new StartInstancesCommand({ InstanceIds: [id] });
  await region.ask((ec2, sending) => ec2.send(command, sending));
}

/**
 * EC2 does not show that an instance was rebooted, so it is noted afterwards: whoever dies in between has it
 * rebooted once more, which is better than never.
 */
async function reboot(
  region: Ec2Region,
  id: string,
  { state }: CloudServer,
  { rebootToken }: CloudServerRef & { rebootToken: string },
  instance: Instance,
): Promise<void> {
  if (tagOf(instance, rebootTag) === rebootToken) return;
  if (state !== 'running') throw isNot('rebooted', id, state);
  const command = new RebootInstancesCommand({ InstanceIds: [id] });
  await region.ask((ec2, sending) => ec2.send(command, sending));
  const Tags = [{ Key: rebootTag, Value: rebootToken }];
  const note = new CreateTagsCommand({ Resources: [id], Tags });
  await region.ask((ec2, sending) => ec2.send(note, sending));
}

function isNot(done: string, id: string, state: string): CloudError {
  return new CloudError(
    `EC2's ${id} cannot be ${done}: it is ${state}.`,
    // What only goes on will end.
    { willPass: state.endsWith('ing') },
  );
}

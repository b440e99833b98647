import { setTimeout as sleep } from 'node:timers/promises';
import {
  DescribeInstancesCommand,
  type DescribeInstancesCommandInput,
  type Instance,
  type Reservation,
} from '@aws-sdk/client-ec2';
import type { CloudServerRef } from '../servers.ts';
import type { Ec2Region } from './connection.ts';
import { orAbsent } from './errors.ts';
import { tokenTag } from './server-state.ts';

/** What EC2 says of an instance that it does not have, or whose id can be none. */
const noInstance = /^InvalidInstanceID\./;
/** EC2 tells of what it has just launched a moment later. */
const settleMs = 1_000;

/** The instance of a server: by its id, or by the token that it was launched with. */
export async function findInstance(
  region: Ec2Region,
  { cloudServerId, token }: Pick<CloudServerRef, 'cloudServerId' | 'token'>,
): Promise<Instance | undefined> {
  if (cloudServerId === undefined) return findByToken(region, token);
  const byId = { InstanceIds: [cloudServerId] };
  const found = await describeOne(region, byId);
  if (found) return found;
  await sleep(settleMs, undefined, { signal: region.signal });
  return describeOne(region, byId);
}

/** Of those with a token the one that lives, if one does. */
export function findByToken(region: Ec2Region, token: string): Promise<Instance | undefined> {
  return describeOne(region, { Filters: [{ Name: `tag:${tokenTag}`, Values: [token] }] });
}

async function describeOne(
  region: Ec2Region,
  input: DescribeInstancesCommandInput,
): Promise<Instance | undefined> {
  const asked = region.ask((ec2, sending) =>
    ec2.send(new DescribeInstancesCommand(input), sending),
  );
  const found = instancesOf((await orAbsent(asked, noInstance))?.Reservations);
  return found.find(({ State }) => State?.Name !== 'terminated') ?? found[0];
}

export function instancesOf(reservations: readonly Reservation[] = []): Instance[] {
  return reservations.flatMap(({ Instances }) => Instances ?? []);
}

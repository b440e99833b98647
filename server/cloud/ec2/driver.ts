import type { CloudGroups } from '../groups.ts';
import type { CloudInventory } from '../inventory.ts';
import type { CloudPointers } from '../pointers.ts';
import type { CloudDriver } from '../port.ts';
import { ec2Access } from './access.ts';
import type { AwsAddress } from './address.ts';
import { AwsConnection } from './connection.ts';
import { ec2Images } from './images.ts';
import { ec2Servers } from './servers.ts';

/** EC2's own most. */
const usualPage = 1_000;

/** The driver itself, which lives in a thread of its own: server/cloud/ec2/ec2.ts speaks to it. */
export function createEc2Driver(address: AwsAddress): CloudDriver {
  const aws = new AwsConnection(address);
  return {
    name: 'ec2',
    access: ec2Access(aws),
    groups: lateGroups(aws),
    images: ec2Images(aws),
    inventory: lateInventory(aws, address.pageSize ?? usualPage),
    pointers: latePointers(aws),
    servers: ec2Servers(aws, address.pageSize ?? usualPage),
  };
}

/** It needs more of the SDK than the rest: that is loaded once somebody reads what is there. */
function lateInventory(aws: AwsConnection, pageSize: number): CloudInventory {
  const load = async () => {
    const { ec2Inventory } = await import('./inventory/inventory.ts');
    return ec2Inventory(aws, pageSize);
  };
  return {
    locations: async (options) => (await load()).locations(options),
    scan: async function* (place, options) {
      yield* (await load()).scan(place, options);
    },
  };
}

/** The same: SSM is asked for pointers alone. */
function latePointers(aws: AwsConnection): CloudPointers {
  const load = async () => {
    const { ec2Pointers } = await import('./pointers.ts');
    return ec2Pointers(aws);
  };
  return {
    put: async (pointer, options) => (await load()).put(pointer, options),
    remove: async (pointer, options) => (await load()).remove(pointer, options),
  };
}

/** The same. */
function lateGroups(aws: AwsConnection): CloudGroups {
  const load = async () => {
    const { ec2Groups } = await import('./groups/groups.ts');
    return ec2Groups(aws);
  };
  return {
    refresh: async (wish, options) => (await load()).refresh(wish, options),
    follow: async (refresh, options) => (await load()).follow(refresh, options),
    cancel: async (refresh, options) => (await load()).cancel(refresh, options),
    rollBack: async (refresh, options) => (await load()).rollBack(refresh, options),
    aim: async (aim, options) => (await load()).aim(aim, options),
    members: async (group, options) => (await load()).members(group, options),
    replaceMember: async (member, options) => (await load()).replaceMember(member, options),
  };
}

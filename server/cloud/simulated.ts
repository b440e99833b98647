import type { Db } from '../database/connection/connection.ts';
import type { CloudDriver } from './port.ts';
import { simulateAccess } from './simulated/access.ts';
import { type SimulatedTimes, makeCalls, usualTimes } from './simulated/calls.ts';
import { simulateGroups } from './simulated/groups/groups.ts';
import { simulateImages } from './simulated/images.ts';
import { simulateInventory } from './simulated/inventory.ts';
import { simulatePointers } from './simulated/pointers.ts';
import { simulateServers } from './simulated/servers.ts';

/** As much as EC2 puts into one, so that an inventory takes as many calls as there. */
const usualPage = 1_000;

/**
 * A cloud that exists in the database only: the same for every process, and there again after a restart. It
 * takes its time as a real one does, knows every image but those it was told to miss, and fails where it is
 * told to (docs/operations.md, "The simulated cloud"). It is at any place of any platform.
 * @param times how long things take, in milliseconds
 * @param pageSize at most so many servers in a page of a list
 * @param account whose servers are launched here and whose estate is read: the id of the credentials
 * @param cloudPlatform where that estate is
 */
export function createSimulatedCloud(
  db: Db,
  {
    pageSize = usualPage,
    account = '',
    cloudPlatform = 'ec2',
    ...times
  }: Partial<SimulatedTimes> & {
    pageSize?: number;
    account?: string;
    cloudPlatform?: string;
  } = {},
): CloudDriver {
  const taking = { ...usualTimes, ...times };
  const call = makeCalls(db, taking);
  return {
    name: 'simulated',
    access: simulateAccess(call),
    groups: simulateGroups(db, call, { ...taking, account }),
    images: simulateImages(db, call, taking),
    inventory: simulateInventory(db, call, { ...taking, pageSize, account, cloudPlatform }),
    pointers: simulatePointers(db, call, { account }),
    servers: simulateServers(db, call, { ...taking, pageSize, account }),
  };
}

import type { CloudAccess } from './access.ts';
import { CloudError } from './call.ts';
import type { CloudGroups } from './groups.ts';
import type { CloudImages } from './images.ts';
import type { CloudInventory } from './inventory.ts';
import type { CloudPointers } from './pointers.ts';
import type { CloudServers } from './servers.ts';

/** What a driver can do at all; what it lacks is refused by name, never pretended. */
export type Capability = 'access' | 'groups' | 'images' | 'inventory' | 'pointers' | 'servers';

/**
 * One cloud, as Slipway speaks to it. Every call may be repeated, by any process, at any time: what a call
 * makes carries the token of its job, and a repetition finds it.
 */
export interface CloudDriver {
  /** E.g. `simulated`. */
  name: string;
  access?: CloudAccess;
  groups?: CloudGroups;
  images?: CloudImages;
  inventory?: CloudInventory;
  pointers?: CloudPointers;
  servers?: CloudServers;
}

/**
 * What a driver can do of a kind.
 * @throws CloudError, for good, where it lacks it
 */
export function demandCapability<Kind extends Capability>(
  cloud: CloudDriver,
  kind: Kind,
): NonNullable<CloudDriver[Kind]> {
  const able = cloud[kind];
  if (able === undefined)
    throw new CloudError(`The cloud "${cloud.name}" does not let Slipway handle ${kind}.`, {
      willPass: false,
    });
  return able as NonNullable<CloudDriver[Kind]>;
}

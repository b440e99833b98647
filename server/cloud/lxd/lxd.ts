import type { CloudDriver } from '../port.ts';
import { type LxdAddress, LxdConnection } from './connection.ts';
import { lxdAccess } from './access.ts';
import { lxdImages } from './images.ts';
import { lxdInventory } from './inventory.ts';
import { lxdServers } from './servers.ts';

/**
 * Real servers on one machine: containers of LXD, or of Incus, which speaks the same. A place is the platform
 * `lxd` and the name of a project of LXD's, such as `default`.
 * @param namePrefix how the names of its containers begin: a letter, then lower-case letters, digits and dashes
 */
export function createLxdCloud(
  address: LxdAddress,
  { namePrefix = 'slipway' }: { namePrefix?: string } = {},
): CloudDriver {
  const lxd = new LxdConnection(address);
  return {
    name: 'lxd',
    access: lxdAccess(lxd),
    images: lxdImages(lxd),
    inventory: lxdInventory(lxd),
    servers: lxdServers(lxd, namePrefix),
  };
}

import type { CloudDriver } from '../port.ts';
import { openstackAccess } from './access.ts';
import { type OpenstackAddress, OpenstackConnection } from './connection.ts';
import { openstackImages } from './images.ts';
import { openstackInventory } from './inventory.ts';
import { openstackServers } from './servers.ts';

/**
 * One project of an OpenStack: its images in Glance and its servers in Nova, as Keystone lets us. A place is the
 * platform of the credentials and the name of a region.
 * @param pageSize at most so many servers or images are asked for at once
 */
export function createOpenstackCloud(
  address: OpenstackAddress,
  { pageSize = 200 }: { pageSize?: number } = {},
): CloudDriver {
  const openstack = new OpenstackConnection(address);
  return {
    name: 'openstack',
    access: openstackAccess(openstack),
    images: openstackImages(openstack),
    inventory: openstackInventory(openstack, pageSize),
    servers: openstackServers(openstack, pageSize),
  };
}

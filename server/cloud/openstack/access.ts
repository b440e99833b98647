import { actingRights } from '#contract/clouds/acting-rights.ts';
import type { AccessFinding, CloudAccess } from '../access.ts';
import { type CallOptions, CloudError } from '../call.ts';
import { imagesSchema, serversSchema } from './answers.ts';
import type { OpenstackConnection } from './connection.ts';

/** Roles that OpenStack's own policies let change what a project has; `_member_` is what old clouds call it. */
const actingRoles = ['admin', 'manager', 'member', '_member_'];

/**
 * Reading is tried. OpenStack has no trial run of anything else: whether Slipway may act is judged by the roles that
 * Keystone names, as OpenStack's own policies have it; a cloud may have others.
 */
export function openstackAccess(openstack: OpenstackConnection): CloudAccess {
  return {
    examine: async (options) => {
      const { session, regions } = await openstack.session(options);
      const { userName, roles, project } = session;
      const role = roles.find((name) => actingRoles.includes(name.toLowerCase()));
      const who = `Keystone says: ${userName} has ${roles.join(', ') || 'no role'} in the project ${project.name}.`;
      const words = `${who} Judged by that, since OpenStack has no trial run: ${
        role === undefined ? 'nothing but reading. The role member allows it' : `${role} may do it`
      }.`;
      return [
        await tryReading(openstack, regions, options),
        ...actingRights.map((right) =>
          right === 'changeGroups'
            ? { right, isThere: false, words: 'Slipway changes no groups of servers in OpenStack.' }
            : right === 'publishPointers'
              ? { right, isThere: false, words: 'OpenStack has no pointers to images.' }
              : { right, isThere: role !== undefined, words },
        ),
      ];
    },
  };
}

async function tryReading(
  openstack: OpenstackConnection,
  regions: readonly string[],
  options: CallOptions,
): Promise<AccessFinding> {
  if (regions.length === 0) return unread("Keystone's catalogue has neither Nova nor Glance.");
  const refusals = await Promise.all(
    regions.map(async (name) => findRefusal(openstack, name, options)),
  );
  const refusal = refusals.find((words) => words !== undefined);
  if (refusal !== undefined) return unread(refusal);
  const words = `Glance and Nova list images and servers in ${regions.join(', ')}.`;
  return { right: 'read', isThere: true, words };
}

const unread = (words: string): AccessFinding => ({ right: 'read', isThere: false, words });

/** Why a region does not let us read. */
async function findRefusal(
  openstack: OpenstackConnection,
  cloudLocation: string,
  options: CallOptions,
): Promise<string | undefined> {
  const { cloudPlatform } = openstack.address;
  const region = openstack.at({ cloudPlatform, cloudLocation }, options);
  try {
    await Promise.all([
      region.read('image', '/images?limit=1', imagesSchema),
      region.read('compute', '/servers/detail?limit=1', serversSchema),
    ]);
    return undefined;
  } catch (error) {
    // What passes says nothing of rights.
    if (!(error instanceof CloudError) || error.willPass) throw error;
    return `${cloudLocation}: ${error.message}`;
  }
}

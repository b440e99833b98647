import type { z } from 'zod';
import type { CallOptions, CloudPlace } from '../call.ts';
import type { CloudInventory, FoundImage, FoundServer, InventoryFact } from '../inventory.ts';
import { type GlanceImage, type NovaServer, serverGroupsSchema } from './answers.ts';
import type { OpenstackConnection, OpenstackRegion } from './connection.ts';
import { findImage, listImages } from './glance.ts';
import { listServers } from './nova.ts';
import { stateOf } from './server-state.ts';

/** What may name images as well, and is not read. */
const unreadServices: Partial<Record<string, string>> = {
  orchestration: 'Heat',
  'container-infra': 'Magnum',
  'container-infrastructure-management': 'Magnum',
  clustering: 'Senlin',
};

/** What is there in one project: its images, its servers, and its groups of servers, which start none by themselves. */
export function openstackInventory(
  openstack: OpenstackConnection,
  pageSize: number,
): CloudInventory {
  return {
    locations: async (options) => {
      const { session, regions } = await openstack.session(options);
      const { cloudPlatform } = openstack.address;
      return regions.map((cloudLocation) => ({
        cloudPlatform,
        cloudLocation,
        account: session.project.id,
      }));
    },
    scan: (place, options) => scan(openstack, place, options, pageSize),
  };
}

async function* scan(
  openstack: OpenstackConnection,
  place: CloudPlace,
  options: CallOptions,
  pageSize: number,
): AsyncIterable<InventoryFact[]> {
  const region = openstack.at(place, options);
  const { session } = await openstack.session(options);
  const groupOf = new Map<string, string>();
  for await (const groups of listGroups(region, pageSize)) {
    for (const { id, members } of groups) for (const member of members) groupOf.set(member, id);
    yield groups.map(toGroup);
  }
  const run = new Set<string>();
  for await (const servers of listServers(region, {}, pageSize)) {
    const there = servers.filter((server) => stateOf(server) !== 'terminated');
    for (const { image } of there) if (image) run.add(image.id);
    yield there.map((server) => toFoundServer(server, groupOf));
  }
  yield* scanImages(region, session.project.id, run, pageSize);
  const unread = session.catalogue.flatMap(({ type }) => unreadServices[type] ?? []);
  if (unread.length > 0) {
    const names = [...new Set(unread)].join(' and ');
    const words = `Keystone's catalogue has ${names}, which Slipway does not read: what is there may name images.`;
    yield [{ kind: 'unread', part: 'templates', words }];
  }
}

/** Our own, those that others share with us whether or not we have accepted that, and what servers run of all else. */
async function* scanImages(
  region: OpenstackRegion,
  owner: string,
  run: ReadonlySet<string>,
  pageSize: number,
): AsyncIterable<FoundImage[]> {
  const found = new Set<string>();
  const whose: Record<string, string>[] = [
    { visibility: 'all', owner },
    { visibility: 'shared', member_status: 'all' },
  ];
  // Glance lists what is hidden only by itself.
  const queries = whose.flatMap((query) =>
    ['false', 'true'].map((os_hidden) => ({ ...query, os_hidden })),
  );
  for (const query of queries)
    for await (const page of listImages(region, query, pageSize)) {
      const fresh = page.filter(({ id }) => !found.has(id));
      for (const { id } of fresh) found.add(id);
      yield fresh.map(toFoundImage);
    }
  for (const id of run) {
    const image = found.has(id) ? undefined : await findImage(region, id);
    if (image) yield [toFoundImage(image)];
  }
}

type ServerGroup = z.output<typeof serverGroupsSchema>['server_groups'][number];

/** Nova says no more than how many it was asked for, so the end is an empty page. */
async function* listGroups(region: OpenstackRegion, limit: number): AsyncIterable<ServerGroup[]> {
  for (let offset = 0; ;) {
    const path = `/os-server-groups?limit=${limit}&offset=${offset}`;
    const { server_groups: groups } = await region.read('compute', path, serverGroupsSchema);
    if (groups.length === 0) return;
    yield groups;
    offset += groups.length;
  }
}

function toGroup({ id, name, members, metadata }: ServerGroup): InventoryFact {
  const count = members.length;
  const size = { minimum: 0, desired: count, maximum: count };
  return { kind: 'group', groupId: id, name, boots: [], ...size, tags: metadata };
}

function toFoundServer(server: NovaServer, groupOf: ReadonlyMap<string, string>): FoundServer {
  const { id, image, metadata, 'OS-SRV-USG:launched_at': launchedAt } = server;
  const tags = Object.entries(metadata).filter(([name]) => !name.startsWith('slipway.'));
  return {
    kind: 'server',
    cloudServerId: id,
    cloudImageId: image ? image.id : undefined,
    state: stateOf(server),
    groupId: groupOf.get(id),
    launchedAt: launchedAt ?? undefined,
    tags: Object.fromEntries(tags),
  };
}

const stateOfImage: Partial<Record<string, FoundImage['state']>> = {
  active: 'available',
  queued: 'pending',
  saving: 'pending',
  uploading: 'pending',
  importing: 'pending',
  deactivated: 'disabled',
};

function toFoundImage(image: GlanceImage): FoundImage {
  const { id, name, owner, size, min_disk: minDisk } = image;
  return {
    kind: 'image',
    cloudImageId: id,
    name: name ?? '',
    architecture: image.hw_architecture ?? image.architecture,
    sizeGb: size == null ? undefined : Math.max(minDisk, Math.ceil(size / 1e9)),
    owner: owner ?? '',
    createdAt: image.created_at,
    // Glance does not say when an image was hidden, but that it was by then.
    deprecatedAt: image.os_hidden ? image.updated_at : undefined,
    state: stateOfImage[image.status] ?? 'failed',
  };
}

import { z } from 'zod';
import type { CloudInventory, FoundImage, FoundServer, InventoryFact } from '../inventory.ts';
import { imageSchema } from './answers.ts';
import type { LxdConnection, LxdProject } from './connection.ts';
import { demandTrust, deprecatedProperty, nameOfImage, readAliases } from './images.ts';
import { listInstances } from './instances.ts';
import { type Observed, stateOf } from './server-state.ts';

const anywhere = { cloudPlatform: 'lxd', cloudLocation: 'default' };
const serverSchema = z.object({
  environment: z.object({
    certificate_fingerprint: z.string(),
    server_name: z.string().default(''),
  }),
});
const projectsSchema = z.array(z.object({ name: z.string() }));

/** What an image says beside what servers are started with. */
const foundImageSchema = imageSchema.extend({
  architecture: z.string(),
  /** In bytes. */
  size: z.number(),
  created_at: z.iso.datetime({ offset: true }),
  uploaded_at: z.iso.datetime({ offset: true }),
});
const bytesInGb = 1024 ** 3;

/**
 * What one LXD has. A place is a project. LXD has no groups and no templates; its aliases are pointers. An instance says
 * by its fingerprint which image it was made from, and one that was made from none refers to none.
 */
export function lxdInventory(lxd: LxdConnection): CloudInventory {
  return {
    locations: async (options) => {
      const project = lxd.at(anywhere, options);
      await demandTrust(project);
      const { environment } = await project.read('', serverSchema);
      const projects = await project.read('/projects?recursion=1', projectsSchema);
      const account = `${environment.server_name} ${environment.certificate_fingerprint.slice(0, 12)}`;
      return projects.map(({ name }) => ({
        cloudPlatform: 'lxd',
        cloudLocation: name,
        account: account.trim(),
      }));
    },
    scan: (place, options) => scanProject(() => lxd.at(place, options)),
  };
}

/**
 * A page of each kind: LXD has no others. Servers come first, so that none names an image that was deleted before it was
 * read, and one that is started meanwhile is seen by the next reading.
 * @param open refuses a place of another cloud once it is read
 */
async function* scanProject(open: () => LxdProject): AsyncGenerator<readonly InventoryFact[]> {
  const project = open();
  await demandTrust(project);
  yield (await listInstances(project)).map(toServer);
  const images = await project.read('/images?recursion=1', z.array(foundImageSchema));
  yield images.map(toImage);
  yield [...(await readAliases(project))].map(([name, cloudImageId]) => ({
    kind: 'pointer' as const,
    name,
    cloudImageId,
  }));
}

function toServer(observed: Observed): FoundServer {
  const { instance } = observed;
  return {
    kind: 'server',
    cloudServerId: instance.name,
    cloudImageId: instance.config['volatile.base_image'],
    state: stateOf(observed),
    groupId: undefined,
    launchedAt: instance.last_used_at.getFullYear() < 2000 ? undefined : instance.last_used_at,
    tags: Object.fromEntries(
      Object.entries(instance.config).flatMap(([key, value]) =>
        key.startsWith('user.') ? [[key.slice('user.'.length), value]] : [],
      ),
    ),
  };
}

function toImage(image: z.output<typeof foundImageSchema>): FoundImage {
  const { created_at, uploaded_at, size, properties } = image;
  // Who made it may have left its time out.
  const made = new Date(created_at).getFullYear() < 2000 ? uploaded_at : created_at;
  return {
    kind: 'image',
    cloudImageId: image.fingerprint,
    name: nameOfImage(image),
    architecture: image.architecture,
    sizeGb: Math.max(1, Math.ceil(size / bytesInGb)),
    owner: 'local',
    createdAt: new Date(made),
    deprecatedAt: properties?.[deprecatedProperty] === 'true' ? new Date(uploaded_at) : undefined,
    state: 'available',
  };
}

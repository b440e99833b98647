import { CloudError } from '../call.ts';
import type { ServerLaunch } from '../servers.ts';
import { flavorsSchema, madeServerSchema, type NovaServer, parseAs } from './answers.ts';
import type { OpenstackRegion } from './connection.ts';
import { deleteServer, findLaunched, readServer } from './nova.ts';
import { tagOf, tokenKey, tokenTag } from './server-state.ts';
import { untilAborted } from './until-aborted.ts';

/** Launches that go on in this process: a second one of the same token waits for the first. */
const underWay = new Map<string, Promise<NovaServer>>();

/** However long a caller waits: what Nova was asked for may come to be. */
const launchMs = 120_000;

/**
 * Does what launches a server once at a time for a key, to its end, even when its caller gives up.
 * @throws the signal's reason once it says so; else what the work throws
 */
export async function launchOnce(
  key: string,
  signal: AbortSignal,
  launch: (signal: AbortSignal) => Promise<NovaServer>,
): Promise<NovaServer> {
  for (let other = underWay.get(key); other; other = underWay.get(key))
    await untilAborted(
      other.catch(() => undefined),
      signal,
    );
  signal.throwIfAborted();
  const work = launch(AbortSignal.timeout(launchMs)).finally(() => underWay.delete(key));
  underWay.set(key, work);
  return untilAborted(work, signal);
}

/**
 * The server of a token. Nova knows none and gives every request a server of its own, so the server carries the token
 * as a tag, and is looked for before one is asked for and afterwards: where two processes have asked at once, the
 * elder server stays.
 * @throws CloudError, for good where the image is absent
 */
export async function findOrCreate(
  region: OpenstackRegion,
  launch: ServerLaunch,
  networkId: string | undefined,
): Promise<NovaServer> {
  const found = (await findLaunched(region, launch.token)) ?? (await create());
  const [server, ...twins] = found;
  for (const { id } of twins) await deleteServer(region, id);
  return server;

  async function create() {
    const server = await planServer(region, launch, networkId);
    const path = '/servers';
    const answer = await region.change('compute', { method: 'POST', path, body: { server } });
    const { id } = parseAs(madeServerSchema, answer, 'Nova', path).server;
    const launched = await findLaunched(region, launch.token);
    if (launched) return launched;
    // A list may be a moment behind.
    const made = await readServer(region, id);
    if (made) return [made] as const;
    throw new CloudError(`Nova has made the server ${id}, and does not show it yet.`, {
      willPass: true,
    });
  }
}

async function planServer(
  region: OpenstackRegion,
  { token, cloudImageId, instanceType, hostname, tags }: ServerLaunch,
  networkId: string | undefined,
) {
  const given = Object.entries(tags).map(([name, value]) => tagOf(name, value));
  return {
    name: hostname || tokenTag(token),
    imageRef: cloudImageId,
    flavorRef: await findFlavor(region, instanceType),
    networks: networkId === undefined ? 'auto' : [{ uuid: networkId }],
    tags: [...new Set([tokenTag(token), ...given])],
    metadata: { ...tags, [tokenKey]: token },
  };
}

/** @returns the id of a flavor that people may have named */
async function findFlavor(region: OpenstackRegion, instanceType: string): Promise<string> {
  const parameters = new URLSearchParams();
  for (;;) {
    const path = `/flavors?${parameters.toString()}`;
    const { flavors, flavors_links: links } = await region.read('compute', path, flavorsSchema);
    const found = flavors.find(({ id, name }) => id === instanceType || name === instanceType);
    if (found) return found.id;
    const last = flavors.at(-1);
    if (last === undefined || !links.some(({ rel }) => rel === 'next'))
      throw new CloudError(`Nova has no flavor "${instanceType}" in ${region.name}.`, {
        willPass: false,
      });
    parameters.set('marker', last.id);
  }
}

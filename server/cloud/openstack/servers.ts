import { type CallOptions, CloudError, type CloudPlace } from '../call.ts';
import type { CloudServer, CloudServerRef, CloudServers } from '../servers.ts';
import type { NovaServer } from './answers.ts';
import type { OpenstackConnection, OpenstackRegion } from './connection.ts';
import { findOrCreate, launchOnce } from './launch.ts';
import {
  actOn,
  countReboots,
  deleteServer,
  findLaunched,
  listServers,
  note,
  readServer,
} from './nova.ts';
import { rebootKey, stateOf, tagOf, tokenTag, toServer } from './server-state.ts';

/** Servers of one project, each tagged with the token that it was launched with. */
export function openstackServers(openstack: OpenstackConnection, pageSize: number): CloudServers {
  const { keystoneUrl, networkId } = openstack.address;

  /** A call that takes a step with a server that is there, and says how it is then. */
  const act =
    <Ref extends CloudServerRef>(
      step: (region: OpenstackRegion, server: NovaServer, ref: Ref) => Promise<void>,
    ) =>
    async (ref: Ref, options: CallOptions): Promise<CloudServer | 'absent'> => {
      const region = openstack.at(ref, options);
      const server = await find(region, ref);
      if (!server) return 'absent';
      await step(region, server, ref);
      const after = await readServer(region, server.id);
      return after ? toServer(ref, after) : 'absent';
    };

  return {
    launch: async (launch, options) => {
      // Refused before anything is begun.
      openstack.at(launch, options);
      const key = `${keystoneUrl} ${launch.cloudLocation} ${tokenTag(launch.token)}`;
      const server = await launchOnce(key, options.signal, (signal) =>
        findOrCreate(openstack.at(launch, { signal }), launch, networkId),
      );
      return toServer(launch, server);
    },
    list: (of, options) => listTagged(openstack.at(of, options), of, pageSize),
    get: async (ref, options) => {
      const server = await find(openstack.at(ref, options), ref);
      return server && toServer(ref, server);
    },
    terminate: async (ref, options) => {
      const region = openstack.at(ref, options);
      const server = await find(region, ref);
      if (!server || !(await deleteServer(region, server.id))) return 'absent';
      // Nova may have forgotten it by now.
      const after = await readServer(region, server.id);
      return { ...toServer(ref, after ?? server), ...(!after && { state: 'terminated' as const }) };
    },
    suspend: act(suspend),
    resume: act(resume),
    reboot: act(reboot),
  };
}

/** One that has ended is not there: only administrators of Nova see it. */
async function find(
  region: OpenstackRegion,
  { token, cloudServerId }: CloudServerRef,
): Promise<NovaServer | undefined> {
  const server =
    cloudServerId === undefined
      ? (await findLaunched(region, token))?.[0]
      : await readServer(region, cloudServerId);
  return server && stateOf(server) === 'terminated' ? undefined : server;
}

async function* listTagged(
  region: OpenstackRegion,
  { tag, ...place }: CloudPlace & { tag: { name: string; value: string } },
  pageSize: number,
): AsyncIterable<CloudServer[]> {
  const tags = tagOf(tag.name, tag.value);
  for await (const page of listServers(region, { tags }, pageSize))
    yield page.map((server) => toServer(place, server));
}

async function suspend(region: OpenstackRegion, server: NovaServer): Promise<void> {
  const state = stateOf(server);
  if (state === 'suspended' || state === 'suspending') return;
  if (state !== 'running') throw isNot('suspended', server);
  await actOn(region, server, { suspend: null });
}

/** What brings a server back that is not running; those in other states are resumed. */
const wakings: Partial<Record<string, object>> = {
  SHUTOFF: { 'os-start': null },
  PAUSED: { unpause: null },
  SHELVED: { unshelve: null },
  SHELVED_OFFLOADED: { unshelve: null },
};

async function resume(region: OpenstackRegion, server: NovaServer): Promise<void> {
  const state = stateOf(server);
  if (state === 'running' || state === 'resuming') return;
  if (state !== 'suspended') throw isNot('resumed', server);
  await actOn(region, server, wakings[server.status] ?? { resume: null });
}

/**
 * The token is noted before, with how many reboots there were until then; as long as there are no more, the reboot is
 * still due.
 */
async function reboot(
  region: OpenstackRegion,
  server: NovaServer,
  { isHard, rebootToken }: CloudServerRef & { isHard: boolean; rebootToken: string },
): Promise<void> {
  const [token, before] = server.metadata[rebootKey]?.split(' ') ?? [];
  const reboots = await countReboots(region, server);
  if (token === rebootToken && reboots > Number(before)) return;
  if (stateOf(server) !== 'running') throw isNot('rebooted', server);
  if (token !== rebootToken)
    await note(region, server, { [rebootKey]: `${rebootToken} ${reboots}` });
  await actOn(region, server, { reboot: { type: isHard ? 'HARD' : 'SOFT' } });
}

function isNot(done: string, server: NovaServer): CloudError {
  const state = stateOf(server);
  return new CloudError(
    `Nova's server ${server.id} cannot be ${done}: it is ${state}, and Nova says ${server.status}.`,
    // What only goes on will end.
    { willPass: state.endsWith('ing') },
  );
}

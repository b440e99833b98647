import { type CallOptions, CloudError, type CloudPlace } from '../call.ts';
import type { CloudServer, CloudServerRef, CloudServers, ServerLaunch } from '../servers.ts';
import { type LxdConnection, LxdError, type LxdProject } from './connection.ts';
import {
  changeState,
  deleteInstance,
  findInstance,
  type Found,
  listInstances,
  nameOf,
  noteOutcome,
  patchInstance,
  takeNextStep,
  unlessBusy,
} from './instances.ts';
import { createInstance } from './launch.ts';
import { goesOn, hasFailed, letGoOn, waitFor } from './operations.ts';
import { presentAll, presentFound } from './present.ts';
import { isEnding, type Observed, rebootKey, stateOf } from './server-state.ts';

/** How long a guest may take to shut down by itself. */
const shutdownSeconds = 30;

/**
 * Servers of one LXD: containers that are named by their tokens.
 * @param namePrefix lower-case letters, digits and dashes, a letter first
 */
export function lxdServers(lxd: LxdConnection, namePrefix: string): CloudServers {
  const nameFor = ({ token, cloudServerId }: CloudServerRef) =>
    cloudServerId ?? nameOf(token, namePrefix);

  /** A call that takes a step with a server that is there, and says how it is then. */
  const act =
    <Ref extends CloudServerRef>(
      step: (project: LxdProject, observed: Observed, ref: Ref) => Promise<void>,
    ) =>
    async (ref: Ref, options: CallOptions): Promise<CloudServer | 'absent'> => {
      const project = lxd.at(ref, options);
      const asked = { ...placeOf(ref), token: ref.token, name: nameFor(ref) };
      const observed = await findMade(project, asked.name);
      if (!observed) return 'absent';
      await step(project, observed, ref);
      const after = await findInstance(project, asked.name);
      return (await presentFound(project, asked, after)) ?? 'absent';
    };

  return {
    launch: async (launch, options) => {
      const project = lxd.at(launch, options);
      const name = nameOf(launch.token, namePrefix);
      const found = await bringOn(project, await findOrCreate(project, name, launch));
      const asked = { ...placeOf(launch), token: launch.token, name };
      const { cloudImageId } = launch;
      const server = await presentFound(project, { ...asked, cloudImageId }, found);
      if (server) return server;
      throw new CloudError(`LXD has made ${name}, and does not show it yet.`, { willPass: true });
    },
    list: (of, options) => listTagged(lxd.at(of, options), of),
    get: async (ref, options) => {
      const project = lxd.at(ref, options);
      const asked = { ...placeOf(ref), token: ref.token, name: nameFor(ref) };
      const found = await bringOn(project, await findInstance(project, asked.name));
      return presentFound(project, asked, found);
    },
    terminate: act(terminate),
    suspend: act(suspend),
    resume: act(resume),
    reboot: act(reboot),
  };
}

function placeOf({ cloudPlatform, cloudLocation }: CloudPlace): CloudPlace {
  return { cloudPlatform, cloudLocation };
}

async function findOrCreate(project: LxdProject, name: string, launch: ServerLaunch) {
  return (await findInstance(project, name)) ?? createInstance(project, name, launch);
}

async function bringOn(project: LxdProject, found: Found | undefined) {
  return found && 'instance' in found ? takeNextStep(project, found) : found;
}

/**
 * An instance that something can be done with.
 * @throws CloudError while it is still being made
 */
async function findMade(project: LxdProject, name: string): Promise<Observed | undefined> {
  let found = await findInstance(project, name);
  if (found && 'creation' in found) {
    await waitFor(project, found.creation);
    found = await findInstance(project, name);
  }
  if (!found || 'instance' in found) return found;
  if (hasFailed(found.creation)) return undefined;
  throw new CloudError(`LXD is still making ${name}.`, { willPass: true });
}

/** In one page: LXD has no others. */
async function* listTagged(
  project: LxdProject,
  { tag, ...place }: CloudPlace & { tag: { name: string; value: string } },
): AsyncIterable<CloudServer[]> {
  const all = await listInstances(project);
  const tagged = all.filter(({ instance }) => instance.config[`user.${tag.name}`] === tag.value);
  yield presentAll(project, placeOf(place), tagged);
}

/** LXD itself deletes an ephemeral instance when it has stopped, whoever still looks. */
async function terminate(
  project: LxdProject,
  observed: Observed,
  { isForced = false }: CloudServerRef & { isForced?: boolean },
): Promise<void> {
  const { instance } = observed;
  if (!isEnding(observed)) {
    // Until it has come up, say, LXD refuses everything else.
    await waitFor(project, observed.operations.find(goesOn));
    await patchInstance(project, instance, { ephemeral: true });
  }
  const now = await findInstance(project, instance.name);
  if (!now || !('instance' in now)) return;
  const { status } = now.instance;
  if (status === 'Stopped') return deleteInstance(project, instance);
  const force = isForced || !['Running', 'Ready'].includes(status);
  const step = { action: 'stop', force, timeout: shutdownSeconds };
  await unlessBusy(changeState(project, now, step));
}

/** Stopped rather than frozen: it gives its memory back, and is still suspended after the host restarts. */
async function suspend(project: LxdProject, observed: Observed): Promise<void> {
  const state = stateOf(observed);
  if (state === 'suspended' || state === 'suspending') return;
  if (state !== 'running') throw isNot('suspended', observed);
  await noteOutcome(project, observed);
  const step = { action: 'stop', force: false, timeout: shutdownSeconds };
  await letGoOn(project, await changeState(project, observed, step));
}

async function resume(project: LxdProject, observed: Observed): Promise<void> {
  const state = stateOf(observed);
  if (state === 'running' || state === 'resuming') return;
  if (state !== 'suspended') throw isNot('resumed', observed);
  const action = observed.instance.status === 'Frozen' ? 'unfreeze' : 'start';
  await letGoOn(project, await changeState(project, observed, { action }));
}

/**
 * The token is noted before, with when the instance had started; as long as it has not started since, the
 * reboot is still due.
 */
async function reboot(
  project: LxdProject,
  observed: Observed,
  { isHard, rebootToken }: CloudServerRef & { isHard: boolean; rebootToken: string },
): Promise<void> {
  const { instance } = observed;
  const startedAt = instance.last_used_at.toISOString();
  const [token, endsWhatStartedAt] = instance.config[rebootKey]?.split(' ') ?? [];
  if (token === rebootToken && endsWhatStartedAt !== startedAt) return;
  const going = observed.operations.find(goesOn);
  // A second restart at the same time would leave it stopped.
  if (going && token === rebootToken) return;
  if (going) throw new LxdError(`${instance.name} is busy: ${going.description}`, 400);
  if (token === rebootToken && instance.status === 'Stopped') {
    await unlessBusy(changeState(project, observed, { action: 'start' }));
    return;
  }
  if (stateOf(observed) !== 'running') throw isNot('rebooted', observed);
  const config = { [rebootKey]: `${rebootToken} ${startedAt}` };
  if (token !== rebootToken) await patchInstance(project, instance, { config });
  const step = { action: 'restart', force: isHard, timeout: shutdownSeconds };
  await unlessBusy(changeState(project, observed, step));
}

function isNot(done: string, observed: Observed): CloudError {
  const state = stateOf(observed);
  return new CloudError(
    `LXD's ${observed.instance.name} cannot be ${done}: it is ${state}.`,
    // What only goes on will end.
    { willPass: state.endsWith('ing') },
  );
}

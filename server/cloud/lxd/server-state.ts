import { BlockList, isIPv6 } from 'node:net';
import type { CloudPlace } from '../call.ts';
import type { CloudServer, CloudServerState } from '../servers.ts';
import type { LxdInstance, LxdOperation } from './answers.ts';
import { goesOn, hasFailed } from './operations.ts';

// What Slipway notes on an instance; keys below `user.` are free in LXD.
export const tokenKey = 'user.slipway.token';
/** How the launch named its image, unless by its whole fingerprint. */
export const imageKey = 'user.slipway.image';
/** LXD's words when it could not start it. */
export const failureKey = 'user.slipway.failure';
/** How often it was begun to start what has never run. */
export const startsKey = 'user.slipway.starts';
/** It was seen running: LXD itself says so of one that it only tried to start, too. */
export const ranKey = 'user.slipway.ran';
/** The last reboot: its token, and when the instance had started that it was to end. */
export const rebootKey = 'user.slipway.reboot';

/** An instance, and what goes on with it or just ended. */
export interface Observed {
  instance: LxdInstance;
  operations: readonly LxdOperation[];
}

/** While LXD still works on it, nothing is certain. */
export const isUp = ({ instance, operations }: Observed) =>
  ['Running', 'Ready', 'Frozen'].includes(instance.status) && !operations.some(goesOn);

/** What is not ours is not to be started. */
const hasRun = (observed: Observed) => {
  const { config } = observed.instance;
  return config[tokenKey] === undefined || config[ranKey] !== undefined || isUp(observed);
};

/** Ours are made ephemeral when they are to end: LXD then deletes them once they have stopped. */
export const isEnding = ({ instance }: Observed) =>
  instance.ephemeral && instance.config[tokenKey] !== undefined;

/** Made, and never yet started. */
export const awaitsStart = (observed: Observed) =>
  !hasRun(observed) && !isEnding(observed) && failureOf(observed) === undefined;

/** Why it never came up. */
export function failureOf(observed: Observed): string | undefined {
  const { instance, operations } = observed;
  if (hasRun(observed)) return undefined;
  const noted = instance.config[failureKey];
  if (noted !== undefined) return noted;
  const failed = operations.find(
    (one) => one.description === 'Starting instance' && hasFailed(one),
  );
  if (failed) return failed.err;
  // Nobody was there to hear why.
  return startsOf(instance) < mostStarts || operations.some(goesOn)
    ? undefined
    : `LXD has tried to start it ${mostStarts} times, and it has never run.`;
}

const mostStarts = 3;
export const startsOf = ({ config }: LxdInstance) => Number(config[startsKey] ?? 0);

/** A stopped or frozen instance is suspended: it keeps its disk, and so its image. */
export function stateOf(observed: Observed): CloudServerState {
  const { instance, operations } = observed;
  const begun = operations.filter(goesOn).map(({ description }) => description);
  const goesOnHere = (...names: string[]) =>
    begun.some((name) => names.includes(name.split(' ')[0] ?? ''));
  if (isEnding(observed) || goesOnHere('Deleting')) return 'terminating';
  if (failureOf(observed) !== undefined) return 'failed';
  if (!hasRun(observed) || goesOnHere('Creating')) return 'pending';
  if (goesOnHere('Stopping', 'Freezing')) return 'suspending';
  if (goesOnHere('Restarting')) return 'running';
  if (goesOnHere('Starting', 'Unfreezing')) return 'resuming';
  return ['Stopped', 'Frozen'].includes(instance.status) ? 'suspended' : 'running';
}

/**
 * As the port has it.
 * @param aliases which image each alias means now
 */
export function toServer(
  place: CloudPlace,
  observed: Observed,
  aliases: ReadonlyMap<string, string>,
): CloudServer {
  const { instance } = observed;
  return {
    cloudPlatform: place.cloudPlatform,
    cloudLocation: place.cloudLocation,
    token: instance.config[tokenKey],
    cloudServerId: instance.name,
    cloudImageId: imageOf(instance, aliases),
    state: stateOf(observed),
    reason: failureOf(observed),
    ...addressesOf(instance),
  };
}

/** By the name that it was launched with, as long as that means the image that it runs. */
function imageOf({ config }: LxdInstance, aliases: ReadonlyMap<string, string>) {
  const fingerprint = config['volatile.base_image'];
  const named = config[imageKey];
  if (named === undefined || fingerprint === undefined) return fingerprint;
  const isStill = aliases.has(named)
    ? aliases.get(named) === fingerprint
    : fingerprint.startsWith(named);
  return isStill ? named : fingerprint;
}

// "Address Allocation for Private Internets", "Unique Local IPv6 Unicast Addresses", "Shared Address Space".
const privateNetworks = new BlockList();
privateNetworks.addSubnet('10.0.0.0', 8);
privateNetworks.addSubnet('172.16.0.0', 12);
privateNetworks.addSubnet('192.168.0.0', 16);
privateNetworks.addSubnet('100.64.0.0', 10);
privateNetworks.addSubnet('fc00::', 7, 'ipv6');

function addressesOf({ state }: LxdInstance): { publicIps: string[]; privateIps: string[] } {
  const all = Object.values(state?.network ?? {})
    .flatMap(({ addresses }) => addresses)
    .filter(({ scope }) => scope === 'global')
    .map(({ address }) => address);
  const isPrivate = (address: string) =>
    privateNetworks.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
  return {
    publicIps: all.filter((address) => !isPrivate(address)),
    privateIps: all.filter(isPrivate),
  };
}

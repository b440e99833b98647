import { createHash } from 'node:crypto';
import { isPrivateAddress } from '../../contact/private-addresses.ts';
import type { CloudPlace } from '../call.ts';
import type { CloudServer, CloudServerState } from '../servers.ts';
import type { NovaServer } from './answers.ts';

// What Slipway notes on a server, beside what it is tagged with.
export const tokenKey = 'slipway.token';
/** The last reboot: its token, and how many there had been before. */
export const rebootKey = 'slipway.reboot';

const longestTag = 60;

/** Nova takes tags of sixty characters without slashes and commas; others are told by their digests. */
export function tagOf(name: string, value: string): string {
  const plain = `${name}=${value}`;
  if (plain.length <= longestTag && !/[/,]/.test(plain)) return plain;
  return `slipway=${createHash('sha256').update(plain).digest('hex').slice(0, 40)}`;
}

/** What a server carries from its first moment on, since Nova knows no token. */
export const tokenTag = (token: string) => tagOf('slipway', token);

/** By what Nova is doing with it. */
const stateOfTask: Partial<Record<string, CloudServerState>> = {
  deleting: 'terminating',
  'soft-deleting': 'terminating',
  suspending: 'suspending',
  pausing: 'suspending',
  'powering-off': 'suspending',
  shelving: 'suspending',
  shelving_image_uploading: 'suspending',
  shelving_image_pending_upload: 'suspending',
  shelving_offloading: 'suspending',
  resuming: 'resuming',
  unpausing: 'resuming',
  'powering-on': 'resuming',
  unshelving: 'resuming',
};

/** A server that is stopped, paused or shelved is suspended: it keeps its disk, and so its image. */
const stateOfStatus: Partial<Record<string, CloudServerState>> = {
  BUILD: 'pending',
  ERROR: 'failed',
  SUSPENDED: 'suspended',
  PAUSED: 'suspended',
  SHUTOFF: 'suspended',
  SHELVED: 'suspended',
  SHELVED_OFFLOADED: 'suspended',
  DELETED: 'terminated',
  SOFT_DELETED: 'terminated',
};

/** Of all other states, such as REBOOT, RESIZE, or UNKNOWN while its host does not answer, it comes back running. */
export function stateOf({ status, 'OS-EXT-STS:task_state': task }: NovaServer): CloudServerState {
  return stateOfTask[task ?? ''] ?? stateOfStatus[status] ?? 'running';
}

/** As the port has it. */
export function toServer(
  { cloudPlatform, cloudLocation }: CloudPlace,
  server: NovaServer,
): CloudServer {
  // A floating address leads in from outside, whatever range a cloud takes it from.
  const { open = [], inner = [] } = Object.groupBy(
    Object.values(server.addresses).flat(),
    ({ addr, 'OS-EXT-IPS:type': type }) =>
      type === 'floating' || !isPrivateAddress(addr) ? 'open' : 'inner',
  );
  return {
    cloudPlatform,
    cloudLocation,
    token: server.metadata[tokenKey],
    cloudServerId: server.id,
    cloudImageId: server.image ? server.image.id : undefined,
    state: stateOf(server),
    reason: server.fault?.message,
    publicIps: open.map(({ addr }) => addr),
    privateIps: inner.map(({ addr }) => addr),
  };
}

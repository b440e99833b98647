import type { Instance } from '@aws-sdk/client-ec2';
import type { CloudPlace } from '../call.ts';
import type { CloudServer, CloudServerState } from '../servers.ts';

// What Slipway notes on an instance, as tags.
export const tokenTag = 'slipway-token';
/** The last reboot that was done. */
export const rebootTag = 'slipway-reboot';

/** Why an instance ended before it ran: no room, or nothing to boot from. */
const neverRan =
  /^(?:Server\.(?:InsufficientInstanceCapacity|InternalError)|Client\.(?:InternalError|InvalidSnapshot\.NotFound|VolumeLimitExceeded))$/;

/** Between a first start and the card that it brings; later starts keep the card. */
const firstStartMs = 60_000;

/** As the port has it. */
export function toServer(place: CloudPlace, instance: Instance): CloudServer {
  const { cloudPlatform, cloudLocation } = place;
  const state = stateOf(instance);
  const { Code: code, Message: message } = instance.StateReason ?? {};
  const hasReason = state === 'failed' || state === 'suspended' || state === 'terminated';
  return {
    cloudPlatform,
    cloudLocation,
    token: tagOf(instance, tokenTag),
    cloudServerId: instance.InstanceId ?? '',
    cloudImageId: instance.ImageId,
    state,
    reason: hasReason ? (message ?? code) : undefined,
    publicIps: present([instance.PublicIpAddress]),
    privateIps: present([instance.PrivateIpAddress]),
  };
}

function stateOf(instance: Instance): CloudServerState {
  switch (instance.State?.Name) {
    case 'pending':
      return wasStartedAgain(instance) ? 'resuming' : 'pending';
    case 'stopping':
      return 'suspending';
    case 'stopped':
      return 'suspended';
    case 'shutting-down':
      return 'terminating';
    case 'terminated':
      return neverRan.test(instance.StateReason?.Code ?? '') ? 'failed' : 'terminated';
    default:
      return 'running';
  }
}

function wasStartedAgain({ LaunchTime: started, NetworkInterfaces: cards }: Instance): boolean {
  const attached = cards?.[0]?.Attachment?.AttachTime;
  if (!started || !attached) return false;
  return started.getTime() - attached.getTime() > firstStartMs;
}

export function tagOf({ Tags: tags = [] }: Instance, name: string): string | undefined {
  return tags.find(({ Key }) => Key === name)?.Value;
}

function present(addresses: readonly (string | undefined)[]): string[] {
  return addresses.filter((address) => address !== undefined && address !== '') as string[];
}

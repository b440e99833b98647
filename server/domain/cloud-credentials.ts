import { type ActingRight, actingRights, rightIsOff } from '#contract/clouds/acting-rights.ts';
import {
  type CloudCredentials,
  type CloudCredentialsInput,
  type CloudCredentialsType,
  membersOfType,
} from '#contract/clouds/cloud-credentials.ts';
import type { Refusal } from './refusal.ts';

// What credentials must say and may do: docs/domain.md, "Cloud credentials".

type Settings = Pick<
  CloudCredentials,
  'socket' | 'url' | 'clientCertificate' | 'serverCertificate'
>;
type Secrets = Pick<CloudCredentialsInput, 'clientKey'>;

/** What is to be kept of credentials. */
export interface CredentialsPlan {
  settings: Settings;
  /** The secrets to keep instead of what is there; null for none, undefined leaves them. */
  secrets: Secrets | null | undefined;
}

const typeMembers = [...new Set(Object.values(membersOfType).flat())];

/** The platform that credentials of a type are for, or why it cannot be the one that was named. */
export function planProvider(
  type: CloudCredentialsType,
  provider: CloudCredentials['provider'] | undefined,
): CloudCredentials['provider'] | Refusal {
  if (type === 'LxdCloudCredentials') {
    if (provider === undefined || provider === 'lxd') return 'lxd';
    return invalid('provider', `${type} are for lxd, not for ${provider}. Leave provider out.`);
  }
  return (
    provider ??
    invalid('provider', 'The simulated cloud can stand for any platform: name one, such as ec2.')
  );
}

/**
 * What credentials say after a creation or a change.
 * @param before what they say now; undefined when they are new
 */
export function planCredentials(
  type: CloudCredentialsType,
  before: Settings | undefined,
  given: CloudCredentialsInput,
): CredentialsPlan | Refusal {
  const said = given as Record<string, unknown>;
  const alien = typeMembers.find(
    (name) => said[name] !== undefined && !membersOfType[type].includes(name),
  );
  if (alien !== undefined) return invalid(alien, `${type} have no ${alien}. Leave it out.`);
  return type === 'LxdCloudCredentials'
    ? planLxd(before, given)
    : { settings: {}, secrets: undefined };
}

function planLxd(
  before: Settings | undefined,
  given: CloudCredentialsInput,
): CredentialsPlan | Refusal {
  const settings = {
    socket: pick(given.socket, before?.socket),
    url: pick(given.url, before?.url),
    clientCertificate: pick(given.clientCertificate, before?.clientCertificate),
    serverCertificate: pick(given.serverCertificate, before?.serverCertificate),
  };
  const { clientKey } = given;
  if ((settings.socket === null) === (settings.url === null))
    return invalid(
      'url',
      settings.url === null
        ? 'Where is LXD? Name its url, or the socket that it has on the machine of Slipway.'
        : 'LXD is at its url or at its socket: send null for the other.',
    );
  if (settings.url === null)
    return settings.clientCertificate === null &&
      settings.serverCertificate === null &&
      clientKey === undefined
      ? { settings, secrets: before?.url == null ? undefined : null }
      : invalid('socket', 'A socket takes no certificates and no key: send null for them.');
  if (settings.clientCertificate === null)
    return invalid(
      'clientCertificate',
      'An LXD that has a url needs to know Slipway by a certificate.',
    );
  const isNew =
    settings.url !== before?.url || settings.clientCertificate !== before?.clientCertificate;
  // Whoever may change an address must not be able to send a secret there that they do not know.
  if (isNew && clientKey === undefined)
    return invalid(
      'clientKey',
      'A new address or certificate needs the key anew: send clientKey too.',
    );
  return { settings, secrets: clientKey === undefined ? undefined : { clientKey } };
}

function pick<T>(given: T | null | undefined, before: T | null | undefined): T | null {
  return given === undefined ? (before ?? null) : given;
}

function invalid(field: string, reason: string): Refusal {
  return { code: 'InvalidValue', field, reason };
}

/** The rights after a change that names some of them, in their usual order. */
export function planRights(
  before: readonly ActingRight[],
  given: CloudCredentialsInput['rights'],
): ActingRight[] {
  return actingRights.filter((right) => given?.[right] ?? before.includes(right));
}

/** The credentials that something is done with; null where the cloud of the process is. */
export interface CredentialsInUse {
  credentials_name: string | null;
  cloud_rights: readonly ActingRight[] | null;
}

/** Why Slipway must not do something in a cloud; also before it is asked for. */
export function findRightRefusal(
  { credentials_name: name, cloud_rights: rights }: Partial<CredentialsInUse>,
  right: ActingRight,
): Refusal | undefined {
  if (rights == null || rights.includes(right)) return undefined;
  return { code: 'UnacceptableState', reason: rightIsOff(name ?? '', right) };
}

/** What uses credentials. */
export interface CredentialsUse {
  environments: number;
  /** Launched with them, and not ended in their cloud. */
  servers: number;
  /** Of their cloud, that have not ended. */
  calls: number;
}

/** Why credentials cannot be deleted. */
export function findCredentialsDeletionRefusal(
  name: string,
  { environments, servers, calls }: CredentialsUse,
): Refusal | undefined {
  const users = [
    ...(environments > 0 ? [counted(environments, 'environment')] : []),
    ...(servers > 0 ? [counted(servers, 'server')] : []),
  ];
  if (users.length > 0)
    return {
      code: 'ObjectInUse',
      reason: `Cloud credentials "${name}" are used by ${users.join(' and ')}. Detach them, and let the servers end, first.`,
    };
  if (calls === 0) return undefined;
  return {
    code: 'ObjectInUse',
    reason: `Cloud credentials "${name}" are needed for ${counted(calls, 'call')} to their cloud that ${calls === 1 ? 'is' : 'are'} under way. Try again a little later.`,
  };
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

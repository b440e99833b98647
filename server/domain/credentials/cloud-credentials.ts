import { type ActingRight, actingRights, rightIsOff } from '#contract/clouds/acting-rights.ts';
import {
  type CloudCredentials,
  type CloudCredentialsInput,
  type CloudCredentialsType,
  membersOfType,
} from '#contract/clouds/cloud-credentials.ts';
import { planAws } from './aws-credentials.ts';
import { type CredentialsPlan, type CredentialsSettings, invalid } from './credentials-plan.ts';
import { planLxd } from './lxd-credentials.ts';
import { planOpenstack, planOpenstackProvider } from './openstack-credentials.ts';
import type { Refusal } from '../refusal.ts';

// What credentials must say and may do: docs/domain.md, "Cloud credentials".

const typeMembers = [...new Set(Object.values(membersOfType).flat())];

/** The platform of those types that are for one. */
const platformOfType: Partial<Record<CloudCredentialsType, CloudCredentials['provider']>> = {
  AwsCloudCredentials: 'ec2',
  LxdCloudCredentials: 'lxd',
};

/** The platform that credentials of a type are for, or why it cannot be the one that was named. */
export function planProvider(
  type: CloudCredentialsType,
  provider: CloudCredentials['provider'] | undefined,
): CloudCredentials['provider'] | Refusal {
  const only = platformOfType[type];
  if (only !== undefined) {
    if (provider === undefined || provider === only) return only;
    return invalid('provider', `${type} are for ${only}, not for ${provider}. Leave provider out.`);
  }
  if (type === 'OpenstackCloudCredentials') return planOpenstackProvider(provider);
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
  before: CredentialsSettings | undefined,
  given: CloudCredentialsInput,
): CredentialsPlan | Refusal {
  const said = given as Record<string, unknown>;
  const alien = typeMembers.find(
    (name) => said[name] !== undefined && !membersOfType[type].includes(name),
  );
  if (alien !== undefined) return invalid(alien, `${type} have no ${alien}. Leave it out.`);
  switch (type) {
    case 'AwsCloudCredentials':
      return planAws(before, given);
    case 'LxdCloudCredentials':
      return planLxd(before, given);
    case 'OpenstackCloudCredentials':
      return planOpenstack(before, given);
    case 'SimulatedCloudCredentials':
      return { settings: {}, secrets: undefined };
  }
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

import { actingRights, actingRightWords } from '#contract/clouds/acting-rights.ts';
import type { ActingRight } from '#contract/clouds/acting-rights.ts';
import type { CloudCredentials, CloudCredentialsType } from '#contract/clouds/cloud-credentials.ts';

export const statusWord: Record<CloudCredentials['status'], string> = {
  untested: 'Not tested',
  testing: 'Being tested',
  working: 'Working',
  failing: 'Failing',
};

export const typeWord: Record<CloudCredentialsType, string> = {
  AwsCloudCredentials: 'AWS',
  LxdCloudCredentials: 'LXD or Incus',
  OpenstackCloudCredentials: 'OpenStack',
  SimulatedCloudCredentials: 'Simulated cloud',
};

/** What Slipway may do with credentials, in a few words. */
export function rightsWords({ rights }: CloudCredentials): string {
  const on = actingRights.filter((right) => rights[right]);
  if (on.length === 0) return 'Read only';
  return on.length === actingRights.length
    ? 'Everything'
    : `${on.length} of ${actingRights.length}`;
}

/** `Launch, resume and reboot servers`. */
export function rightTitle(right: ActingRight | 'read'): string {
  const words = right === 'read' ? 'read what is there' : actingRightWords[right];
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Where the cloud is. */
export function placeWords({
  url,
  socket,
  endpoint,
  keystoneUrl,
  awsAccountId,
  cloudCredentialsType: type,
}: CloudCredentials): string {
  if (awsAccountId != null) return `AWS account ${awsAccountId}`;
  return url ?? socket ?? endpoint ?? keystoneUrl ?? typeWord[type];
}

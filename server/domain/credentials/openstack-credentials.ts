import type {
  CloudCredentials,
  CloudCredentialsInput,
} from '#contract/clouds/cloud-credentials.ts';
import { openstackPlatforms } from '#contract/clouds/openstack-credentials.ts';
import {
  type CredentialsPlan,
  type CredentialsSettings,
  invalid,
  pick,
} from './credentials-plan.ts';
import type { Refusal } from '../refusal.ts';

// What credentials of OpenStack must say: docs/domain.md, "Cloud credentials".

type Provider = CloudCredentials['provider'];

/** OpenStack goes by several names. */
export function planOpenstackProvider(provider: Provider = 'openstack'): Provider | Refusal {
  const all: readonly Provider[] = openstackPlatforms;
  if (all.includes(provider)) return provider;
  return invalid(
    'provider',
    `OpenstackCloudCredentials are not for ${provider}, but for one of: ${all.join(', ')}.`,
  );
}

/**
 * @param before what they say now; undefined when they are new
 */
export function planOpenstack(
  before: CredentialsSettings | undefined,
  given: CloudCredentialsInput,
): CredentialsPlan | Refusal {
  const settings = {
    keystoneUrl: pick(given.keystoneUrl, before?.keystoneUrl),
    userName: pick(given.userName, before?.userName),
    domainName: pick(given.domainName, before?.domainName),
    tenantName: pick(given.tenantName, before?.tenantName),
    applicationCredentialId: pick(given.applicationCredentialId, before?.applicationCredentialId),
    region: pick(given.region, before?.region),
    networkId: pick(given.networkId, before?.networkId),
    sslVerification: given.sslVerification ?? before?.sslVerification ?? true,
  };
  const refusal = findWayRefusal(settings, given) ?? findSecretRefusal(settings, before, given);
  if (refusal) return refusal;
  const { password, applicationCredentialSecret } = given;
  const secrets =
    settings.applicationCredentialId === null ? { password } : { applicationCredentialSecret };
  return { settings, secrets: secretOf(given) === undefined ? undefined : secrets };
}

const secretOf = ({ password, applicationCredentialSecret }: CloudCredentialsInput) =>
  password ?? applicationCredentialSecret;

/** A user in a project, or an application credential, which is of both. */
function findWayRefusal(
  { keystoneUrl, applicationCredentialId, ...settings }: CredentialsSettings,
  { password, applicationCredentialSecret }: CloudCredentialsInput,
): Refusal | undefined {
  if (keystoneUrl == null)
    return invalid(
      'keystoneUrl',
      'Where is Keystone? Name its address, such as https://keystone.example.com:5000/v3.',
    );
  if (/\/v2(\.0)?\/?$/.test(keystoneUrl))
    return invalid(
      'keystoneUrl',
      'Slipway speaks to Keystone v3: name its address, which ends in /v3.',
    );
  if (applicationCredentialId == null) {
    const missing = (['userName', 'tenantName'] as const).find((name) => settings[name] == null);
    if (missing !== undefined)
      return invalid(
        missing,
        'As whom? Name userName and tenantName, which is the project; or an applicationCredentialId.',
      );
    if (applicationCredentialSecret === undefined) return undefined;
    return invalid(
      'applicationCredentialSecret',
      'This is the secret of an applicationCredentialId: name that, too.',
    );
  }
  const alien = (['userName', 'domainName', 'tenantName'] as const).find(
    (name) => settings[name] != null,
  );
  if (alien !== undefined)
    return invalid(
      alien,
      `An application credential has its user and project: send null for ${alien}.`,
    );
  if (password === undefined) return undefined;
  return invalid(
    'password',
    'An application credential has no password, but an applicationCredentialSecret.',
  );
}

/** Whoever may change where a secret goes must not be able to send one there that they do not know. */
const identifying = ['keystoneUrl', 'userName', 'domainName', 'applicationCredentialId'] as const;

function findSecretRefusal(
  settings: CredentialsSettings,
  before: CredentialsSettings | undefined,
  given: CloudCredentialsInput,
): Refusal | undefined {
  const isNew = identifying.some((name) => settings[name] !== before?.[name]);
  const isLessSure = settings.sslVerification === false && before?.sslVerification === true;
  if ((!isNew && !isLessSure) || secretOf(given) !== undefined) return undefined;
  const field =
    settings.applicationCredentialId == null ? 'password' : 'applicationCredentialSecret';
  return invalid(
    field,
    `A new address, user or application credential, and an end of sslVerification, need the secret anew: send ${field} too.`,
  );
}

import type { CloudCredentialsType } from '#contract/clouds/cloud-credentials.ts';
import type { AwsAccountType } from '#contract/clouds/aws-credentials.ts';
import type { cloudPlatforms } from '#contract/images/platforms.ts';

import {
  isOpenstack,
  openstackBody,
  openstackMembers,
  openstackValidation,
  openstackValues,
} from './openstack-form.ts';

/** As the form begins. */
export const initialValues = {
  name: '',
  type: 'LxdCloudCredentials' as CloudCredentialsType,
  provider: 'ec2' as (typeof cloudPlatforms)[number],
  where: '',
  clientCertificate: '',
  clientKey: '',
  serverCertificate: '',
  accountType: 'regular' as AwsAccountType,
  accessKey: '',
  secretKey: '',
  roleArn: '',
  externalId: '',
  regions: '',
  endpoint: '',
  ...openstackValues,
};
export type CredentialsValues = typeof initialValues;

const members: Record<string, keyof CredentialsValues> = {
  name: 'name',
  url: 'where',
  socket: 'where',
  clientCertificate: 'clientCertificate',
  clientKey: 'clientKey',
  serverCertificate: 'serverCertificate',
  accessKey: 'accessKey',
  secretKey: 'secretKey',
  roleArn: 'roleArn',
  externalId: 'externalId',
  regions: 'regions',
  endpoint: 'endpoint',
  ...openstackMembers,
};
/** The field that shows what is wrong with a member of the body. */
export const fieldOf = (member: string | undefined) =>
  member === undefined ? undefined : members[member];

/** Whether the address is a path on the machine of Slipway. */
export const isSocket = ({ where }: CredentialsValues) => where.trim().startsWith('/');

/** What is sent: an address that begins with a slash is a socket, and takes no certificates. */
export function bodyOf(values: CredentialsValues) {
  const { type: cloudCredentialsType, provider } = values;
  const name = values.name.trim();
  if (cloudCredentialsType === 'SimulatedCloudCredentials')
    return { name, cloudCredentialsType, provider };
  if (isAws(values)) return { name, cloudCredentialsType, ...awsBody(values) };
  if (isOpenstack(values)) return { name, cloudCredentialsType, ...openstackBody(values) };
  if (isSocket(values)) return { name, cloudCredentialsType, socket: values.where.trim() };
  const { clientCertificate, clientKey, serverCertificate } = values;
  return {
    name,
    cloudCredentialsType,
    url: values.where.trim(),
    clientCertificate,
    clientKey,
    ...(serverCertificate.trim() !== '' && { serverCertificate }),
  };
}

/** What is left empty is not sent: the key as a whole, then the identity of Slipway is used. */
function awsBody({ accountType, secretKey, regions, ...values }: CredentialsValues) {
  const [accessKey, roleArn, externalId, endpoint] = (
    ['accessKey', 'roleArn', 'externalId', 'endpoint'] as const
  ).map((name) => values[name].trim() || undefined);
  return {
    accountType,
    accessKey,
    ...(secretKey !== '' && { secretKey }),
    roleArn,
    externalId,
    regions: regionsIn(regions),
    endpoint,
  };
}

/** `eu-west-1, us-east-1` as a list. */
export const regionsIn = (text: string) => text.split(/[\s,]+/).filter((name) => name !== '');

export const isAws = ({ type }: CredentialsValues) => type === 'AwsCloudCredentials';
export const isLxd = ({ type }: CredentialsValues) => type === 'LxdCloudCredentials';
const hasKey = (values: CredentialsValues) => isLxd(values) && !isSocket(values);

function demand(words: string, isNeeded: (values: CredentialsValues) => boolean) {
  return (text: string, values: CredentialsValues) =>
    isNeeded(values) && text.trim() === '' ? words : null;
}

/** What has to be filled in, by the kind of cloud. */
export const validate = {
  name: demand('Type a name first.', () => true),
  where: demand('Say where it is.', isLxd),
  clientCertificate: demand('Paste the certificate.', hasKey),
  clientKey: demand('Paste the key.', hasKey),
  secretKey: demand('Paste the secret key.', (values) => isAws(values) && values.accessKey !== ''),
  ...openstackValidation,
};

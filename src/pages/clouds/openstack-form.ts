import type { CloudCredentialsType } from '#contract/clouds/cloud-credentials.ts';

/** The fields of OpenStack, as the form begins. */
export const openstackValues = {
  keystoneUrl: '',
  way: 'password' as 'password' | 'applicationCredential',
  userName: '',
  password: '',
  domainName: '',
  tenantName: '',
  applicationCredentialId: '',
  applicationCredentialSecret: '',
  region: '',
  networkId: '',
  sslVerification: true,
};
export type OpenstackValues = typeof openstackValues;

const ofEach = {
  password: ['userName', 'password', 'domainName', 'tenantName'],
  applicationCredential: ['applicationCredentialId', 'applicationCredentialSecret'],
} as const;

/** The fields that show what is wrong with the members of the body that are called as they are. */
export const openstackMembers = Object.fromEntries(
  (
    [
      'keystoneUrl',
      ...ofEach.password,
      ...ofEach.applicationCredential,
      'region',
      'networkId',
    ] as const
  ).map((name) => [name, name] as const),
);

/** What is sent: what is left empty is not. */
export function openstackBody({ way, sslVerification, ...values }: OpenstackValues) {
  const names = ['keystoneUrl', ...ofEach[way], 'region', 'networkId'] as const;
  const said = names
    // A password may begin with a space.
    .map((name) => [name, name === 'password' ? values[name] : values[name].trim()] as const)
    .filter(([, value]) => value !== '');
  return { ...Object.fromEntries(said), sslVerification };
}

function demandOf(ways: readonly OpenstackValues['way'][], words: string) {
  return (text: string, values: OpenstackValues & { type: CloudCredentialsType }) =>
    isOpenstack(values) && ways.includes(values.way) && text.trim() === '' ? words : null;
}

export const isOpenstack = ({ type }: { type: CloudCredentialsType }) =>
  type === 'OpenstackCloudCredentials';

/** What has to be filled in. */
export const openstackValidation = {
  keystoneUrl: demandOf(['password', 'applicationCredential'], 'Say where Keystone is.'),
  userName: demandOf(['password'], 'Type the name of the user.'),
  password: demandOf(['password'], 'Type the password.'),
  tenantName: demandOf(['password'], 'Type the name of the project.'),
  applicationCredentialId: demandOf(['applicationCredential'], 'Paste its id.'),
  applicationCredentialSecret: demandOf(['applicationCredential'], 'Paste its secret.'),
};

/** What is shown of secrets: nobody looks over a shoulder and sees them. */
export const openstackMasks = {
  password: 'THE PASSWORD',
  applicationCredentialSecret: 'THE SECRET',
};

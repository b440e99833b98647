import { expect, test } from 'vitest';
import { planCredentials, planProvider } from './cloud-credentials.ts';

const type = 'OpenstackCloudCredentials';
const user = {
  keystoneUrl: 'https://keystone.example.com:5000/v3',
  userName: 'slipway',
  tenantName: 'fleet',
};
const application = { applicationCredentialId: 'a', applicationCredentialSecret: 's' };
const nobody = { userName: null, domainName: null, tenantName: null };
const there = {
  ...user,
  domainName: null,
  applicationCredentialId: null,
  region: null,
  networkId: null,
  sslVerification: true,
};
const secretOf = { password: 'p' };

test.each([
  ['a user with a password', { ...user, ...secretOf }, undefined, secretOf],
  ['nothing new', {}, there, undefined],
  ['another password', secretOf, there, secretOf],
  ['another project of the same user', { tenantName: 'other' }, there, undefined],
  ['one region', { region: 'RegionOne' }, there, undefined],
  [
    'an application credential instead',
    { ...nobody, ...application },
    there,
    { applicationCredentialSecret: 's' },
  ],
  ['certificates that are not checked', { sslVerification: false, ...secretOf }, there, secretOf],
])('OpenStack takes %s', (_, given, before, secrets) => {
  expect(planCredentials(type, before, given)).toMatchObject({ secrets });
});

test.each([
  ['no address', { ...user, keystoneUrl: null, ...secretOf }, undefined, 'keystoneUrl'],
  [
    'Keystone v2',
    { ...user, keystoneUrl: 'https://k/v2.0', ...secretOf },
    undefined,
    'keystoneUrl',
  ],
  ['no project', { ...user, tenantName: null, ...secretOf }, undefined, 'tenantName'],
  ['no password', user, undefined, 'password'],
  ['a new address without the password', { keystoneUrl: 'https://other' }, there, 'password'],
  ['another user without the password', { userName: 'other' }, there, 'password'],
  ['an end of checks without the password', { sslVerification: false }, there, 'password'],
  ['an application credential beside a user', application, there, 'userName'],
  [
    'an application credential without its secret',
    { ...nobody, applicationCredentialId: 'a' },
    there,
    'applicationCredentialSecret',
  ],
  [
    'the secret of another way',
    { applicationCredentialSecret: 's' },
    there,
    'applicationCredentialSecret',
  ],
  [
    'a password beside an application credential',
    { ...nobody, ...application, ...secretOf },
    there,
    'password',
  ],
  ['a member of LXD', { url: 'https://lxd' }, there, 'url'],
])('OpenStack takes no change to %s', (_, given, before, field) => {
  expect(planCredentials(type, before, given)).toMatchObject({ code: 'InvalidValue', field });
});

test('OpenStack goes by the names that people sell it under, and by no other', () => {
  expect(planProvider(type, undefined)).toBe('openstack');
  expect(planProvider(type, 'otc')).toBe('otc');
  expect(planProvider(type, 'ec2')).toMatchObject({ field: 'provider' });
});

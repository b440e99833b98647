import { expect, test } from 'vitest';
import { planAws } from './aws-credentials.ts';

const secret = { secretKey: 'secret' };
const there = {
  accountType: 'regular' as const,
  accessKey: 'AKIAIOSFODNN7EXAMPLE',
  roleArn: null,
  externalId: null,
  endpoint: null,
  regions: ['eu-west-1'],
  awsAccountId: '123456789012',
};
const role = 'arn:aws:iam::123456789012:role/slipway';

test.each([
  ['a new key', { accessKey: there.accessKey, ...secret }, undefined, secret],
  ['nothing new', {}, there, undefined],
  ['another secret of the key', secret, there, secret],
  ['other regions', { regions: [] }, there, undefined],
  ['a role of the key', { roleArn: role, externalId: 'own' }, there, undefined],
  ['the identity of the process', {}, undefined, undefined],
  ['the identity of the process instead', { accessKey: null }, there, null],
  ['a role of the process', { roleArn: role }, undefined, undefined],
])('AWS takes %s', (_, given, before, secrets) => {
  expect(planAws(before, given)).toMatchObject({ secrets });
});

test.each([
  ['another key without its secret', { accessKey: 'AKIAI44QH8DHBEXAMPLE' }, 'secretKey'],
  ['another endpoint without the secret', { endpoint: 'https://a' }, 'secretKey'],
  ['a secret of no key', { accessKey: null, ...secret }, 'accessKey'],
  ['an endpoint for the process', { accessKey: null, endpoint: 'https://a' }, 'endpoint'],
  ['an external id of no role', { externalId: 'own' }, 'externalId'],
  ['a role of another partition', { roleArn: role.replace('aws', 'aws-cn') }, 'roleArn'],
  ['a region of another partition', { regions: ['us-gov-west-1'] }, 'regions'],
  ['another partition', { accountType: 'china' as const }, 'regions'],
])('AWS takes no change to %s', (_, given, field) => {
  expect(planAws(there, given)).toMatchObject({ code: 'InvalidValue', field });
});

test('whose they are is known until somebody else could have taken their place', () => {
  const after = (given: object) => planAws(there, given);
  const known = { settings: { awsAccountId: there.awsAccountId } };
  expect(after({ regions: [] })).toMatchObject(known);
  expect(after(secret)).toMatchObject(known);
  expect(after({ roleArn: role })).toMatchObject({ settings: { awsAccountId: null } });
});

import fc from 'fast-check';
import { hole } from './holes.ts';
import { type Pool, poolOfParameter } from './pools.ts';

const osId = fc.constantFrom('ubuntu-24-04', 'debian-12-x', 'fedora-coreos', 'unknown-os', 'no-os');
export const plainName = fc
  .tuple(fc.constantFrom('nginx', 'mysql', 'a', 'Web-Front'), fc.nat(40))
  .map(([word, number]) => `${word}-${number}`);
const costCenter = fc.constant('00000000-0000-4000-8000-000000000001');

/** What members name, where they hold an id or an object that has one; several names end in `s`. */
export const poolOfMember: Record<string, Pool> = {
  newImage: 'image',
  oldImage: 'image',
  image: 'image',
  imageSet: 'imageSet',
  oldImageSet: 'imageSet',
  newImageSet: 'imageSet',
  role: 'role',
  farm: 'farm',
  farmRole: 'farmRole',
  server: 'server',
  rollout: 'rollout',
  credentials: 'cloudCredentials',
  cloudImage: 'cloudImage',
  key: 'cloudImage',
  evaluation: 'policyEvaluation',
  account: 'account',
  environment: 'environment',
  owner: 'user',
  newOwner: 'user',
  user: 'member',
  team: 'team',
  project: 'project',
  ...poolOfParameter,
};

/** What members and parameters usually hold, by their name, where it is neither an id nor one of a few words. */
export const samples: Record<string, fc.Arbitrary<unknown>> = {
  email: fc.nat(99).map((number) => `fuzz-${number}@example.com`),
  password: fc.constantFrom('some words in a row', 'other words in a row', 'short'),
  leadEmail: fc.constant('lead@example.com'),
  costCenter,
  costCenterId: costCenter,
  cloud: fc.constantFrom('ec2', 'ec2', 'gce'),
  category: fc.oneof(
    fc.nat(9),
    fc.nat(9).map((id) => ({ id })),
  ),
  osId,
  os: fc.oneof(
    osId,
    osId.map((id) => ({ id })),
  ),
  placementConfigurationType: fc.constant('AwsClassicPlacementConfiguration'),
  instanceConfigurationType: fc.constant('AwsInstanceConfiguration'),
  timezone: fc.constantFrom('UTC', 'Europe/Berlin'),
  region: fc.constantFrom('us-east-1', 'us-east-1', 'eu-west-1'),
  instanceType: fc.constantFrom('m7g.large', '', { id: 't3.micro' }),
  scaling: fc.record({ minInstances: fc.nat(2), maxInstances: fc.nat(9) }),
  minInstances: fc.nat(2),
  maxInstances: fc.nat(9),
  batchSize: fc.constantFrom('1', '2', '50%', '0'),
  maxUnavailable: fc.constantFrom('1', '25%', '0'),
  query: fc.oneof(plainName, fc.constantFrom('n', '-', 'ami', '%', '_', '\\', "'", '%%', '\\%')),
  cursor: fc.oneof(fc.constant('start'), hole('cursor')),
  pageNum: fc.constantFrom('1', '2', '3', '100000', '0', '-1', '100001', '1e3', '2147483648'),
  maxResults: fc.constantFrom('1', '2', '5', '100', '0', '101', '-1', '9223372036854775808'),
  cloudLocation: fc.constantFrom('us-east-1', 'eu-west-1', ''),
  cloudImageId: fc.nat(30).map((number) => `ami-${number}`),
  type: fc.constantFrom('ebs', null),
  size: fc.constantFrom(8, null, 1),
  tags: fc.constant([]),
  description: fc.constantFrom('', 'Plain text.', 'Two\nlines', 'Grüße, 世界 🙂'),
};

/** Texts of a form, by its name in schemas. */
export const forms: Record<string, fc.Arbitrary<unknown>> = {
  date: fc.constantFrom('2999-12-31', '2020-01-01', '2030-02-28'),
  'date-time': fc.constantFrom('2999-12-31T00:00:00.000Z', '2020-01-01T00:00:00Z'),
};

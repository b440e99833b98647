import fc from 'fast-check';
import { z } from 'zod';
import type { OperationSpec } from '#contract/operation.ts';
import { type OperationId, operations } from '#contract/operations.ts';
import { hole, place, reference } from './holes.ts';
import type { Hole, Pool } from './pools.ts';
import { sampleAt } from './sample-at.ts';
import { killerJson, killerMembers, killerPaths, killerTexts } from './killers.ts';

// Requests over the whole contract: near to valid, so that they get past the first check, with something
// dreadful in them now and then. Ids are places in pools that are looked up when a request is sent, so
// that one seed gives the same requests whatever ids the database hands out.

export interface FuzzRequest {
  id: OperationId;
  level: OperationSpec['levels'][number];
  who: number;
  scope: Hole | string;
  /** Sent to the scope of the object that is named, whatever `level` and `scope` say. */
  atHome: boolean;
  params: Record<string, Hole | string>;
  /** In order; a name may stand twice. */
  query: [string, unknown][];
  body: unknown;
  ifMatch: string | undefined;
}

const osId = fc.constantFrom('ubuntu-24-04', 'debian-12-x', 'fedora-coreos', 'unknown-os', 'no-os');
const name = fc
  .tuple(fc.constantFrom('nginx', 'mysql', 'a', 'Web-Front'), fc.nat(40))
  .map(([word, number]) => `${word}-${number}`);

/** What a member or parameter usually holds, by its name; others follow from their schema. */
const samples: Record<string, fc.Arbitrary<unknown>> = {
  imageId: hole('image'),
  newImage: reference('image'),
  oldImage: hole('image'),
  image: reference('image'),
  imageSetId: hole('imageSet'),
  imageSet: hole('imageSet'),
  roleId: hole('role'),
  role: hole('role'),
  farmId: hole('farm'),
  farm: hole('farm'),
  farmRoleId: hole('farmRole'),
  farmRole: hole('farmRole'),
  serverId: hole('server'),
  replacementId: hole('replacement'),
  rolloutId: hole('rollout'),
  cloudCredentialsId: hole('cloudCredentials'),
  cloudImageKey: hole('cloudImage'),
  credentials: reference('cloudCredentials'),
  cloud: fc.constantFrom('ec2', 'ec2', 'gce'),
  policyId: hole('policy'),
  evaluationId: hole('policyEvaluation'),
  evaluation: hole('policyEvaluation'),
  operationId: hole('operation'),
  accountId: hole('account'),
  account: hole('account'),
  envId: hole('environment'),
  environment: hole('environment'),
  owner: hole('user'),
  userId: hole('member'),
  user: reference('member'),
  newOwner: reference('user'),
  teamId: hole('team'),
  team: reference('team'),
  grantId: hole('grant'),
  email: fc.nat(99).map((number) => `fuzz-${number}@example.com`),
  roleCategoryId: hole('roleCategory'),
  projectId: hole('project'),
  keyId: hole('apiKey'),
  sessionId: fc.constantFrom('00000000', 'ffffffff'),
  passkeyId: fc.constantFrom('1', '2'),
  subscriptionId: fc.constantFrom('1', '2', '3', '4'),
  expires: fc.constantFrom('2999-12-31T00:00:00.000Z', '2020-01-01T00:00:00Z'),
  project: fc.oneof(hole('project'), fc.constant(null)),
  category: fc.oneof(
    fc.nat(9),
    fc.nat(9).map((id) => ({ id })),
  ),
  osId,
  os: fc.oneof(
    osId,
    osId.map((id) => ({ id })),
  ),
  name,
  hostname: name,
  template: fc.constant({ subject: 'Old images', body: 'Hello {owner}' }),
  until: fc.constant('2999-12-31'),
  filters: fc.constant({}),
  owners: fc.constant(undefined),
  alias: name,
  costCenter: fc.constant('00000000-0000-4000-8000-000000000001'),
  costCenterId: fc.constant('00000000-0000-4000-8000-000000000001'),
  leadEmail: fc.constant('lead@example.com'),
  placementConfigurationType: fc.constant('AwsClassicPlacementConfiguration'),
  instanceConfigurationType: fc.constant('AwsInstanceConfiguration'),
  timezone: fc.constantFrom('UTC', 'Europe/Berlin'),
  launchOrder: fc.constantFrom('simulatenous', 'simultaneous', 'sequential'),
  platform: fc.constantFrom('ec2', 'ec2', 'ec2', 'gce'),
  region: fc.constantFrom('us-east-1', 'us-east-1', 'eu-west-1'),
  instanceType: fc.constantFrom('m7g.large', '', { id: 't3.micro' }),
  placement: fc.constant({ region: 'us-east-1' }),
  instance: fc.constant({ instanceType: 'm7g.large' }),
  scaling: fc.record({ minInstances: fc.nat(2), maxInstances: fc.nat(9) }),
  minInstances: fc.nat(2),
  maxInstances: fc.nat(9),
  query: fc.oneof(name, fc.constantFrom('n', '-', 'ami', '%', '_', '\\', "'", '%%', '\\%')),
  cursor: fc.oneof(fc.constant('start'), hole('cursor')),
  pageNum: fc.constantFrom('1', '2', '3', '100000', '0', '-1', '100001', '1e3', '2147483648'),
  maxResults: fc.constantFrom('1', '2', '5', '100', '0', '101', '-1', '9223372036854775808'),
  cloudLocation: fc.constantFrom('us-east-1', 'eu-west-1', ''),
  cloudPlatform: fc.constantFrom('ec2', 'ec2', 'gce', 'azure', 'vmware'),
  cloudImageId: fc.nat(30).map((number) => `ami-${number}`),
  type: fc.constantFrom('ebs', null),
  size: fc.constantFrom(8, null, 1),
  useScalrAgent: fc.boolean(),
  builtinAutomation: fc.subarray(['base', 'chef', 'mysql', 'nginx', 'apache'], { minLength: 1 }),
  description: fc.constantFrom('', 'Plain text.', 'Two\nlines', 'Grüße, 世界 🙂'),
  replacement: fc.oneof(reference('image'), reference('role'), fc.constant(null)),
  scope: fc.constantFrom<unknown>('scalr', 'account', 'environment', ['account', 'environment']),
};

type JsonSchema = { [key: string]: unknown; properties?: Record<string, JsonSchema> };

function fromSchema(schema: JsonSchema): fc.Arbitrary<unknown> {
  if (Array.isArray(schema.enum)) return fc.constantFrom(...(schema.enum as unknown[]));
  if (schema.type === 'boolean') return fc.boolean();
  if (schema.type === 'integer' || schema.type === 'number') return fc.integer({ min: 1, max: 9 });
  if (schema.type === 'array') {
    const item = fromSchema(schema.items as JsonSchema);
    return fc.array(item, { minLength: 1, maxLength: 3 });
  }
  if (Array.isArray(schema.anyOf))
    return fc.oneof(...(schema.anyOf as JsonSchema[]).map(fromSchema));
  return name;
}

/** Mostly what belongs there, else something that does not. */
function nearly(valid: fc.Arbitrary<unknown>, killer: fc.Arbitrary<unknown>) {
  return fc.oneof({ weight: 14, arbitrary: valid }, { weight: 1, arbitrary: killer });
}

function schemaOf(schema: z.ZodType): { members: Record<string, JsonSchema>; required: string[] } {
  const json = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as JsonSchema;
  return { members: json.properties ?? {}, required: (json.required ?? []) as string[] };
}

/** `include` is a list of names in one text; its JSON schema does not say which. */
const includes = fc
  .subarray(['usage', 'actions', 'total', 'images', 'counts'], { minLength: 1 })
  .map((names) => names.slice(0, 2).join(','));
const sorts = fc.constantFrom(
  'name',
  '-name',
  'added',
  '-added',
  'lastUsed',
  '-lastUsed',
  'id',
  '-id',
);

function queryOf(spec: OperationSpec): fc.Arbitrary<[string, unknown][]> {
  const { members, required } = schemaOf(spec.query);
  const names = Object.keys(members);
  const one = (key: string) => {
    const own = (members[key]?.enum as string[] | undefined) ?? [];
    const valid =
      key === 'include'
        ? includes
        : own.length > 0
          ? fc.constantFrom(...own)
          : key === 'sort'
            ? sorts
            : (samples[key] ?? name);
    return nearly(valid, fc.constantFrom(...killerTexts)).map((value): [string, unknown] => [
      key,
      value,
    ]);
  };
  const stray = fc.oneof(
    { weight: 30, arbitrary: fc.constant<[string, unknown][]>([]) },
    {
      weight: 1,
      arbitrary: fc
        .tuple(
          fc.constantFrom('colour', '__proto__', 'constructor', ''),
          fc.constantFrom(...killerTexts),
        )
        .map((pair): [string, unknown][] => [pair]),
    },
  );
  if (names.length === 0) return stray;
  return fc
    .tuple(fc.subarray(names, { maxLength: Math.min(4, names.length) }), fc.nat(20))
    .chain(([picked, twice]) => {
      const keys = [...new Set([...(twice === 1 ? [] : required), ...picked])];
      if (twice === 0 && keys[0] !== undefined) keys.push(keys[0]);
      return fc.tuple(fc.tuple(...keys.map(one)), stray).map(([own, more]) => [...own, ...more]);
    });
}

function bodyOf(id: OperationId, spec: OperationSpec): fc.Arbitrary<unknown> {
  if (!spec.body) return fc.constantFrom(undefined, undefined, undefined, undefined, {}, '[1]');
  const { members, required } = schemaOf(spec.body);
  const record = Object.fromEntries(
    Object.entries(members).map(([key, schema]) => {
      const valid =
        key === 'replacement'
          ? fc.oneof(reference(spec.id.startsWith('role') ? 'role' : 'image'), fc.constant(null))
          : key === 'scope' && schema.type === 'array'
            ? fromSchema(schema)
            : (samples[key] ?? fromSchema(schema));
      return [key, nearly(valid, fc.constantFrom(...killerJson))];
    }),
  );
  const near = fc.record(record, { requiredKeys: required });
  // Deeper ones than schemas lead to; some of their members are others.
  const whole = fc
    .tuple(place, fc.record(record, { requiredKeys: [] }), fc.nat(3))
    .map(([at, others, some]) => ({ ...sampleAt(id, at), ...(some === 0 && others) }));
  const strayed = fc
    .tuple(near, fc.constantFrom(...killerMembers), fc.constantFrom(...killerJson))
    .map(([body, member, value]) => ({ ...body, [member]: value }));
  return fc.oneof(
    { weight: 20, arbitrary: near },
    { weight: 10, arbitrary: whole },
    { weight: 2, arbitrary: strayed },
    { weight: 1, arbitrary: fc.constantFrom(...killerJson) },
  );
}

function requestOf(id: OperationId): fc.Arbitrary<FuzzRequest> {
  const spec: OperationSpec = operations[id];
  const names = Object.keys(schemaOf(spec.params).members);
  const params = Object.fromEntries(
    names.map((key) => [key, nearly(samples[key] ?? name, fc.constantFrom(...killerPaths))]),
  );
  const query = queryOf(spec);
  const body = spec.method === 'GET' ? fc.constant(undefined) : bodyOf(id, spec);
  return fc.constantFrom(...spec.levels).chain((level) => {
    const where: Pool = level === 'user' ? 'environment' : 'account';
    return fc.record({
      id: fc.constant(id),
      level: fc.constant(level),
      who: fc.nat(2),
      // Mostly the first ones: they are the tenant whose people ask.
      scope: nearly(
        fc.oneof(
          {
            weight: 8,
            arbitrary: fc.record({
              pool: fc.constant(where),
              place: fc.nat(level === 'user' ? 1 : 0),
            }),
          },
          { weight: 1, arbitrary: hole(where) },
        ),
        fc.constantFrom(...killerPaths),
      ) as fc.Arbitrary<Hole | string>,
      atHome: fc.boolean(),
      params: fc.record(params) as fc.Arbitrary<Record<string, Hole | string>>,
      query,
      body,
      ifMatch: fc.oneof(
        { weight: 30, arbitrary: fc.constant(undefined) },
        {
          weight: 1,
          arbitrary: fc.constantFrom('"1"', '"999999999"', '*', '7', '"9999999999"', ''),
        },
      ),
    });
  });
}

/** `count` requests over the whole contract; the same for the same seed. */
export function fuzzRequests(count: number, seed: number): FuzzRequest[] {
  const ids = Object.keys(operations) as OperationId[];
  // Changes are what can go wrong in more ways.
  const weighed = ids.map((id) => ({
    weight: operations[id].method === 'GET' ? 2 : 3,
    arbitrary: requestOf(id),
  }));
  return fc.sample(fc.oneof(...weighed), { numRuns: count, seed });
}

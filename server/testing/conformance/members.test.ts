import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OperationSpec } from '#contract/operation.ts';
import { type OperationId, operations } from '#contract/operations.ts';
import { scopes } from '#contract/scope.ts';
import { buildTestApp } from '../app.ts';
import { withDatabase } from '../database.ts';
import { createTenant, type Tenant } from '../harness.ts';
import { createKey, type Key } from '../signed-client.ts';
import { type ConformanceClient, openConformanceClient } from './client.ts';
import { sampleOf } from './samples.ts';
import { everywhere, type Level } from './specification.ts';
import type { Json } from './strict-schemas.ts';

// What the specifications say of the members of bodies is what the server does.

const database = withDatabase();
let app: FastifyInstance;
let client: ConformanceClient;
let tenant: Tenant;
let key: Key;

beforeAll(async () => {
  app = buildTestApp(database.db);
  client = await openConformanceClient(app);
  tenant = await createTenant(database.db);
  key = await createKey(database.db, tenant.corporateAdmin.email);
});
afterAll(() => app.close());

const withBody = everywhere.filter(
  ([, level, id]) => (operations[id] as OperationSpec).body && level !== 'self',
);
// One schema serves every level, so one level tells.
const once = withBody.filter(([, level, id]) => operations[id].levels.at(-1) === level);

/** What a rule needs of the sample besides: on EC2 there is no image without a location, below an account are environments, and of two members one is named. */
const neededHere: Partial<Record<OperationId, string[]>> = {
  imageCreate: ['cloudLocation'],
  farmRoleCreate: ['cloudPlatform', 'cloudLocation'],
  cloudImageRegister: ['cloudImages'],
  imageTry: ['newRole', 'newFarm'],
  imageSetTry: ['newRole', 'newFarm'],
  replacementPlan: ['oldImage', 'newImage'],
  cloudCredentialsCreate: ['url', 'clientCertificate', 'clientKey'],
  grantCreate: ['user'],
  imageSetReplacePreview: ['newImage'],
  imageSetReplace: ['newImage'],
  imageDemote: ['envId'],
  imageDemotePreview: ['envId'],
  imageSetDemote: ['envId'],
  imageSetDemotePreview: ['envId'],
  roleDemote: ['envId'],
  roleDemotePreview: ['envId'],
};

interface Member extends Json {
  enum?: unknown[];
  pattern?: string;
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  maxItems?: number;
}

/** Values that the schema of a member rules out. */
function ruledOut(member: Member): unknown[] {
  const { pattern, minLength, maxLength, minimum, maximum } = member;
  const odd = ['', ' ', '!', 'a b', '-', '.'].find(
    (text) => pattern !== undefined && !new RegExp(pattern).test(text),
  );
  return [
    ...(member.enum ? ['no-such-choice'] : []),
    ...(odd === undefined ? [] : [odd]),
    ...(minLength === undefined ? [] : ['a'.repeat(minLength - 1)]),
    ...(maxLength === undefined ? [] : ['a'.repeat(maxLength + 1)]),
    ...(minimum === undefined ? [] : [minimum - 1]),
    ...(maximum === undefined ? [] : [maximum + 1]),
  ];
}

describe('the body of', () => {
  it.each(once)('%s needs what is required, and no more', async (_, level, id) => {
    const sample = await sampleOf(database.db, tenant, level, id);
    const given = sample.body as Json;
    const { required = [] } = client.spec.openApi(level, id).body as { required?: string[] };
    for (const name of required) {
      const { [name]: _left, ...body } = given;
      const { errors } = await client.send(key, level, id, { ...sample, body });
      expect(errors, name).toMatchObject([{ code: 'InvalidStructure', field: name }]);
    }
    const needed = [...required, ...(neededHere[id] ?? [])];
    const body = Object.fromEntries(needed.map((name) => [name, given[name]]));
    const { errors } = await client.send(key, level, id, { ...sample, body });
    expect(errors).toBeUndefined();
  });

  it.each(once)('%s refuses what its members rule out', async (_, level, id) => {
    const sample = await sampleOf(database.db, tenant, level, id);
    const described = client.spec.openApi(level, id);
    const members = (described.body?.['properties'] ?? {}) as Record<string, Json>;
    for (const [name, schema] of Object.entries(members))
      for (const value of ruledOut(described.resolve(schema))) {
        const spoilt = { ...sample, body: { ...(sample.body as Json), [name]: value } };
        const { errors } = await client.send(key, level, id, spoilt);
        expect(errors, `${name}: ${JSON.stringify(value)}`).toMatchObject([
          { code: 'InvalidValue', field: name },
        ]);
      }
  });
});

const typedAs = (type: 'object' | 'string', level: Level, id: OperationId) => {
  const described = client.spec.openApi(level, id);
  return Object.entries((described.body?.['properties'] ?? {}) as Record<string, Json>)
    .filter(([, schema]) => described.resolve(schema)['type'] === type)
    .map(([name]) => name);
};

describe('a list', () => {
  it.each(withBody)('stands for no object that %s takes', async (_, level, id) => {
    const sample = await sampleOf(database.db, tenant, level, id);
    for (const name of typedAs('object', level, id)) {
      const body = { ...(sample.body as Json), [name]: [] };
      const { errors } = await client.send(key, level, id, { ...sample, body });
      expect(errors, name).toMatchObject([{ code: 'InvalidStructure', field: name }]);
    }
  });
});

describe('a scope that is not that of the request', () => {
  const own = { global: 'scalr', account: 'account', user: 'environment', self: '' };

  it.each(withBody)('is told of %s before what is missing', async (_, level, id) => {
    if (!typedAs('string', level, id).includes('scope')) return;
    const { params = {} } = await sampleOf(database.db, tenant, level, id);
    for (const scope of [...scopes, 'galaxy', 7, null].filter((one) => one !== own[level])) {
      const { errors } = await client.send(key, level, id, { params, body: { scope } });
      expect(errors).toMatchObject([{ code: 'InvalidValue', field: 'scope' }]);
    }
  });
});

// A body may repeat the scope of the request, as Scalr's clients do.
const mayRepeat = ['scope'];
const ofResources = withBody.filter(([, , id]) => /^[a-zA-Z]+(?:Create|Update)$/.test(id));

/** The members of a body in Swagger that an operation cannot set; in OpenAPI, where Swagger leaves it out. */
function fixedMembers(level: Level, id: OperationId): string[] {
  const { body = {} } = client.spec.swagger(level, id) ?? client.spec.openApi(level, id);
  const members = Object.entries((body['properties'] ?? {}) as Record<string, Json>);
  const readOnly = members.filter(([, schema]) => schema['readOnly'] === true);
  const createOnly = (body['x-createOnly'] ?? []) as string[];
  return [...readOnly.map(([name]) => name), ...(id.endsWith('Update') ? createOnly : [])];
}

describe('a member that is read-only', () => {
  it.each(ofResources)('cannot be set by %s', async (_, level, id) => {
    const sample = await sampleOf(database.db, tenant, level, id);
    for (const name of fixedMembers(level, id)) {
      if (mayRepeat.includes(name)) continue;
      const body = { ...(sample.body as Json), [name]: 'x' };
      const { errors } = await client.send(key, level, id, { ...sample, body });
      expect(errors, name).toMatchObject([{ code: 'InvalidStructure', field: name }]);
    }
  });
});

const updates = ofResources.filter(
  ([, , id]) => id.endsWith('Update') && id.replace('Update', 'Get') in operations,
);

describe('what was read', () => {
  it.each(updates)('can be sent back by %s, and changes nothing', async (_, level, id) => {
    const sample = await sampleOf(database.db, tenant, level, id);
    const get = id.replace('Update', 'Get') as 'imageGet';
    const { data } = await client.send<Json>(key, level, get, { params: sample.params ?? {} });
    const left = fixedMembers(level, id);
    const writable = Object.entries(data).filter(([name]) => !left.includes(name));
    for (const body of [data, Object.fromEntries(writable)]) {
      const answer = await client.send(key, level, id, { ...sample, body });
      expect(answer.errors).toBeUndefined();
      expect(answer.data).toEqual(data);
    }
  });

  it.each(updates)('can be sent back by %s beside a change', async (_, level, id) => {
    const sample = await sampleOf(database.db, tenant, level, id);
    const get = id.replace('Update', 'Get') as 'imageGet';
    const { data } = await client.send<Json>(key, level, get, { params: sample.params ?? {} });
    const body = { ...data, ...(sample.body as Json) };
    const answer = await client.send<Json>(key, level, id, { ...sample, body });
    expect(answer.errors).toBeUndefined();
    expect(answer.data).toMatchObject(sample.body as Json);
  });
});

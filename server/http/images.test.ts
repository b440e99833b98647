import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Browser, buildTestApp, openBrowser } from '../testing/app.ts';
import { withDatabase } from '../testing/database.ts';
import { insertImage, insertRole } from '../testing/factories.ts';
import { createTenant, type Tenant } from '../testing/harness.ts';

// Bad input about images: a clear error in the envelope, and nothing changes.

const database = withDatabase();
let app: FastifyInstance;
let t: Tenant;
let browser: Browser;
let imageId: string;

beforeAll(async () => {
  app = buildTestApp(database.db);
  t = await createTenant(database.db);
  browser = await openBrowser(app, database.db, t.corporateAdmin.email);
  imageId = (await insertImage(database.db, t.account, { name: 'nginx-1-9-15' })).id;
});
afterAll(() => app.close());

const images = () => `/account/${t.account.accountId}/images/`;

/** A registration that would be accepted. */
const good = {
  name: 'nginx-1-9-16',
  cloudPlatform: 'ec2',
  cloudLocation: 'us-east-1',
  cloudImageId: 'ami-good',
  os: { id: 'ubuntu-24-04' },
  architecture: 'x86_64',
};

/** All that a bad request could have changed. */
async function contents() {
  const rows = await database.db.selectFrom('images').selectAll().orderBy('id').execute();
  const log = await database.db.selectFrom('operations_log').select('revision').execute();
  return { rows, log: log.length };
}

/** Sends what must be refused; checks the envelope, and that nothing changed. */
async function refused(
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
  path: string,
  body?: unknown,
): Promise<{ status: number; code: string; message: string; field?: string }> {
  const before = await contents();
  const answer = await browser.send(method, path, body);
  const envelope = answer.json();
  expect(Object.keys(envelope).sort()).toEqual(['errors', 'meta']);
  expect(envelope.errors).toHaveLength(1);
  expect(envelope.errors[0].message.length).toBeGreaterThan(10);
  expect(await contents()).toEqual(before);
  return { status: answer.statusCode, ...envelope.errors[0] };
}

describe('a registration is refused', () => {
  test.each([
    ['an unknown member', { ...good, colour: 'red' }, 'InvalidStructure'],
    ['a read-only member', { ...good, status: 'active' }, 'InvalidStructure'],
    ['a missing name', { ...good, name: undefined }, 'InvalidStructure'],
    ['a missing platform', { ...good, cloudPlatform: undefined }, 'InvalidStructure'],
    ['a missing cloud image id', { ...good, cloudImageId: undefined }, 'InvalidStructure'],
    ['a missing architecture', { ...good, architecture: undefined }, 'InvalidStructure'],
    ['a missing OS', { ...good, os: undefined }, 'InvalidStructure'],
    ['a missing location', { ...good, cloudLocation: undefined }, 'InvalidStructure'],
    ['a number for a name', { ...good, name: 7 }, 'InvalidValue'],
    ['a text for a boolean', { ...good, cloudInitInstalled: 'yes' }, 'InvalidValue'],
    ['a list for a location', { ...good, cloudLocation: ['us-east-1'] }, 'InvalidValue'],
    ['null for a name', { ...good, name: null }, 'InvalidValue'],
    ['an unknown platform', { ...good, cloudPlatform: 'moon' }, 'InvalidValue'],
    ['an unknown architecture', { ...good, architecture: 'z80' }, 'InvalidValue'],
    ['an unknown OS', { ...good, os: 'templeos' }, 'InvalidValue'],
    ['an OS id that is none', { ...good, os: { id: 'no such thing!' } }, 'InvalidValue'],
    ['a bare OS id that is none', { ...good, os: 'no such thing!' }, 'InvalidValue'],
    ['a list for the OS', { ...good, os: ['ubuntu-24-04'] }, 'InvalidStructure'],
    ['an OS without its id', { ...good, os: {} }, 'InvalidStructure'],
    ['an empty cloud image id', { ...good, cloudImageId: '' }, 'InvalidValue'],
    ['a name of one character', { ...good, name: 'x' }, 'InvalidValue'],
    ['a name with an underscore', { ...good, name: 'nginx_1' }, 'InvalidValue'],
    ['a name with a dot', { ...good, name: 'nginx-1.9' }, 'InvalidValue'],
    ['a name that ends in a dash', { ...good, name: 'nginx-' }, 'InvalidValue'],
    ['a name with a line break', { ...good, name: 'nginx\n' }, 'InvalidValue'],
    ['a name of 256 characters', { ...good, name: 'n'.repeat(256) }, 'InvalidValue'],
    ['a size of nothing', { ...good, size: 0 }, 'InvalidValue'],
    ['a size that is no integer', { ...good, size: 1.5 }, 'InvalidValue'],
    ['a size beyond every disk', { ...good, size: 2 ** 53 }, 'InvalidValue'],
    ['NUL in a description', { ...good, description: 'a\u0000b' }, 'InvalidValue'],
    ['a bidi control in a description', { ...good, description: 'a\u202eb' }, 'InvalidValue'],
    ['markup in a description', { ...good, description: '<b>bold</b>' }, 'InvalidValue'],
    ['markup in a cloud image id', { ...good, cloudImageId: '<script>' }, 'InvalidValue'],
    ['another scope than its own', { ...good, scope: 'environment' }, 'InvalidValue'],
    ['a scope that there is not, and nothing else', { scope: 'galaxy' }, 'InvalidValue'],
    ['another scope than its own, and nothing else', { scope: 'environment' }, 'InvalidValue'],
  ])('for %s', async (_, body, code) => {
    expect(await refused('POST', images(), body)).toMatchObject({ status: 400, code });
  });

  test.each([
    ['half of a surrogate pair', String.raw`{"name":"\ud800x"}`, 400],
    ['a duplicate member', '{"name":"one-1","name":"two-2"}', 400],
    ['a list', '[]', 400],
    ['a text', '"image"', 400],
    ['no JSON', '{name: nginx}', 400],
    ['JSON nested deeper than 32', `${'{"os":'.repeat(40)}1${'}'.repeat(40)}`, 400],
    ['more than 1 MiB', JSON.stringify({ ...good, description: 'x'.repeat(1_100_000) }), 413],
  ])('for %s', async (_, body, status) => {
    expect((await refused('POST', images(), body)).status).toBe(status);
  });

  test('that is accepted shows that the others were refused for their fault alone', async () => {
    const answer = await browser.send('POST', images(), good);
    expect(answer.statusCode).toBe(201);
    expect(await refused('POST', images(), good)).toMatchObject({
      status: 409,
      code: 'UnicityViolation',
      field: 'cloudImageId',
    });
  });
});

describe('a change is refused', () => {
  test.each([
    ['a member that is fixed', { cloudImageId: 'ami-other' }, 'InvalidStructure'],
    ['an unknown member', { colour: 'red' }, 'InvalidStructure'],
    ['a name that breaks the rule', { name: '-nginx' }, 'InvalidValue'],
    ['a description that is too long', { description: 'x'.repeat(4001) }, 'InvalidValue'],
    ['a flag that is none', { deprecated: 'perhaps' }, 'InvalidValue'],
  ])('for %s', async (_, body, code) => {
    const answer = await refused('PATCH', `${images()}${imageId}/`, body);
    expect(answer).toMatchObject({ status: 400, code });
  });

  test.each([
    ['itself as its replacement', () => ({ replacement: imageId }), 400],
    ['no id', () => ({ replacement: { id: 'newest' } }), 400],
    ['an unknown member', () => ({ because: 'old' }), 400],
    ['a replacement that is not there', () => ({ replacement: crypto.randomUUID() }), 404],
  ])('of its deprecation for %s', async (_, body, status) => {
    const path = `${images()}${imageId}/actions/deprecate/`;
    expect((await refused('POST', path, body())).status).toBe(status);
  });
});

describe('a list is refused', () => {
  test.each([
    ['pageNum=0', 'InvalidValue'],
    ['pageNum=-1', 'InvalidValue'],
    ['pageNum=two', 'InvalidValue'],
    ['maxResults=0', 'InvalidValue'],
    ['maxResults=101', 'InvalidValue'],
    ['maxResults=1e2', 'InvalidValue'],
    ['colour=red', 'InvalidStructure'],
    ['cloudLocation=us-east-1', 'InvalidStructure'],
    ['sort=price', 'InvalidValue'],
    ['include=everything', 'InvalidValue'],
    ['scope=world', 'InvalidValue'],
    ['deprecated=perhaps', 'InvalidValue'],
    ['architecture=z80', 'InvalidValue'],
    ['id=7', 'InvalidValue'],
    ['query=%00', 'InvalidValue'],
    [`query=${'x'.repeat(201)}`, 'InvalidValue'],
    ['cursor=bm90IG1pbmU', 'InvalidValue'],
  ])('for %s', async (query, code) => {
    expect(await refused('GET', `${images()}?${query}`)).toMatchObject({ status: 400, code });
  });
});

describe('an image is not found', () => {
  test.each(['7', '-1', '99999999999999999999', 'nginx', '0'.repeat(36)])(
    'by %s: it is told what an id looks like',
    async (id) => {
      const { status, message } = await refused('GET', `${images()}${id}/`);
      expect(status).toBe(404);
      expect(message).toMatch(/must be a UUID such as/);
    },
  );

  test('by an id of nothing, whatever is asked', async () => {
    const path = `${images()}${crypto.randomUUID()}/`;
    for (const [method, more, body] of [
      ['GET', '', undefined],
      ['PATCH', '', { name: 'new-name' }],
      ['DELETE', '', undefined],
      ['POST', 'actions/deprecate/', {}],
      ['GET', 'usage/', undefined],
      ['GET', 'twins/', undefined],
      ['GET', 'registrations/', undefined],
      ['GET', 'replacement-candidates/', undefined],
    ] as const)
      expect(await refused(method, `${path}${more}`, body)).toMatchObject({
        status: 404,
        code: 'ObjectNotFound',
      });
  });
});

test('deleting what is used is refused, and says what uses it', async () => {
  const role = await insertRole(database.db, t.account, [imageId]);
  const before = await contents();
  const answer = await browser.send('DELETE', `${images()}${imageId}/`);
  expect(answer.statusCode).toBe(409);
  expect(answer.json().errors[0]).toMatchObject({
    code: 'ObjectInUse',
    blockers: [{ type: 'role', id: role.id, name: role.name, scope: 'account' }],
  });
  expect(await contents()).toEqual(before);
});

test('deleteFromCloud must be true or false, and false means false', async () => {
  const { id } = await insertImage(database.db, t.environment);
  const path = `/user/${t.environment.environmentId}/images/${id}/`;
  expect(await refused('DELETE', `${path}?deleteFromCloud=maybe`)).toMatchObject({ status: 400 });
  const deleted = await browser.send('DELETE', `${path}?deleteFromCloud=false`);
  expect(deleted.statusCode).toBe(200);
  expect(deleted.json().data).toBeNull();
});

import { randomUUID } from 'node:crypto';
import type { FastifyInstance, LightMyRequestResponse } from 'fastify';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checkInvariants } from '../database/invariants.ts';
import { buildTestApp } from './app.ts';
import { withDatabase } from './database.ts';
import { insertFarm, insertImage, insertRole, insertServers } from './factories.ts';
import { createTenant, randomName, type Tenant } from './harness.ts';
import { createKey, type Key, sendSigned, type SignedSend } from './signed-client.ts';

// What went wrong in Scalr's own server, and must not here: each as a program with a key would meet it.

const database = withDatabase();
let app: FastifyInstance;
let t: Tenant;
/** Keys of who may do everything in the environment, in the account, and everywhere. */
let keys: Record<'environment' | 'account' | 'corporate', Key>;
let here: string;

beforeAll(async () => {
  app = buildTestApp(database.db);
  t = await createTenant(database.db);
  keys = {
    environment: await createKey(database.db, t.environmentAdmin.email),
    account: await createKey(database.db, t.accountAdmin.email),
    corporate: await createKey(database.db, t.corporateAdmin.email),
  };
  here = `/user/${t.environment.environmentId}`;
});
afterAll(async () => {
  await app.close();
  expect(await checkInvariants(database.db)).toEqual([]);
});

const send = (request: SignedSend, key = keys.environment) => sendSigned(app, key, request);

/** The status and the code of an answer. */
const refusalOf = (answer: LightMyRequestResponse) => [
  answer.statusCode,
  answer.json().errors?.[0]?.code,
];

async function imagesOf(roleId: number): Promise<string[]> {
  const rows = await database.db
    .selectFrom('role_images')
    .where('role_id', '=', roleId)
    .select('image_id')
    .execute();
  return rows.map((row) => row.image_id);
}

async function countNamed(name: string): Promise<number> {
  const rows = await database.db
    .selectFrom('roles')
    .where('name', '=', name)
    .select('id')
    .execute();
  return rows.length;
}

const newRole = (name: string) => ({ name, category: { id: 1 }, os: { id: 'ubuntu-24-04' } });

describe('images of roles', () => {
  test.each(['account', 'corporate'] as const)(
    'a key of an environment cannot take an image out of a role of the %s scope',
    async (above) => {
      const image = await insertImage(database.db, t[above]);
      const role = await insertRole(database.db, t[above], [image.id]);
      const path = `${here}/roles/${role.id}/images/${image.id}/`;
      expect(refusalOf(await send({ method: 'DELETE', path }))).toEqual([403, 'ScopeViolation']);
      expect(await imagesOf(role.id)).toEqual([image.id]);
    },
  );

  test('an image is replaced by one of the same cloud, also where clouds have no locations', async () => {
    const on = (cloud_platform: string) =>
      insertImage(database.db, t.environment, { cloud_platform, cloud_location: '' });
    const [gce, azure] = [await on('gce'), await on('azure')];
    const role = await insertRole(database.db, t.environment, [gce.id]);
    for (const [path, body] of [
      [`${here}/roles/${role.id}/images/${gce.id}/actions/replace/`, { image: azure.id }],
      [`${here}/images/${gce.id}/actions/replace/`, { newImage: azure.id }],
    ] as const)
      expect(refusalOf(await send({ method: 'POST', path, body }))).toEqual([400, 'BadRequest']);
    expect(await imagesOf(role.id)).toEqual([gce.id]);
  });

  test('an image is replaced as a whole or not at all, whichever step fails', async () => {
    const [old, next] = [
      await insertImage(database.db, t.environment),
      await insertImage(database.db, t.environment),
    ];
    const role = await insertRole(database.db, t.environment, [old.id]);
    // The last step but one, the history, cannot be written.
    await sql
      .raw(
        `CREATE FUNCTION refuse_history() RETURNS trigger LANGUAGE plpgsql AS $$
           BEGIN RAISE EXCEPTION 'the disk is full'; END $$;
         CREATE TRIGGER refuse_history BEFORE INSERT ON role_image_history FOR EACH ROW
           WHEN (NEW.role_id = ${role.id}) EXECUTE FUNCTION refuse_history()`,
      )
      .execute(database.db);
    const path = `${here}/roles/${role.id}/images/${old.id}/actions/replace/`;
    const replace = () => send({ method: 'POST', path, body: { image: next.id } });
    expect((await replace()).statusCode).toBe(500);
    expect(await imagesOf(role.id)).toEqual([old.id]);
    await sql`DROP TRIGGER refuse_history ON role_image_history`.execute(database.db);
    expect((await replace()).statusCode).toBe(200);
    expect(await imagesOf(role.id)).toEqual([next.id]);
  });
});

describe('of the same thing made sixteen times at once there is one', () => {
  const sixteen = (request: () => SignedSend, key: Key) =>
    Promise.all(Array.from({ length: 16 }, () => send(request(), key)));

  /** One went well, and each other one was told the same. */
  function expectOne(answers: LightMyRequestResponse[], refusal: [number, string]): void {
    const refused = answers.filter(({ statusCode }) => statusCode !== 201);
    expect(refused.map(refusalOf)).toEqual(Array(15).fill(refusal));
  }

  test.each(['environment', 'account', 'corporate'] as const)(
    'a cloud image of the %s scope',
    async (scope) => {
      const path = { environment: here, account: `/account/${t.account.accountId}` };
      const [at] = [scope === 'corporate' ? '/global' : path[scope]];
      const body = {
        cloudPlatform: 'gce',
        cloudImageId: randomName('image'),
        os: { id: 'ubuntu-24-04' },
        architecture: 'x86_64',
      };
      // Another name each: what is registered once is the cloud image.
      const answers = await sixteen(
        () => ({
          method: 'POST',
          path: `${at}/images/`,
          body: { ...body, name: randomName('image') },
        }),
        keys[scope],
      );
      expectOne(answers, [409, 'UnicityViolation']);
    },
  );

  test('a role of one name, wherever in the account', async () => {
    const body = newRole(randomName('role'));
    const places = [here, `/account/${t.account.accountId}`];
    let turn = 0;
    const next = (): SignedSend => ({
      method: 'POST',
      path: `${places[turn++ % 2]}/roles/`,
      body,
      headers: { 'idempotency-key': randomUUID() },
    });
    expectOne(await sixteen(next, keys.account), [409, 'UnicityViolation']);
    expect(await countNamed(body.name)).toBe(1);
  });

  test('an image in one place of a role', async () => {
    const role = await insertRole(database.db, t.environment);
    const images = await Promise.all(
      Array.from({ length: 16 }, () => insertImage(database.db, t.environment)),
    );
    const next = (): SignedSend => ({
      method: 'POST',
      path: `${here}/roles/${role.id}/images/`,
      body: { image: { id: images.pop()?.id } },
    });
    expectOne(await sixteen(next, keys.environment), [400, 'BadRequest']);
    expect(await imagesOf(role.id)).toHaveLength(1);
  });
});

describe('a signature', () => {
  test.each(['now', '+0 day', 'today', 'tomorrow', '@2000000000', '1 hour'])(
    'over the date "%s", which is true at any time, opens nothing',
    async (date) => {
      const name = randomName('role');
      const answer = await send({
        method: 'POST',
        path: `${here}/roles/`,
        body: newRole(name),
        date,
      });
      expect(refusalOf(answer)).toEqual([400, 'BadRequest']);
      expect(await countNamed(name)).toBe(0);
    },
  );

  test('that is wrong tells nothing of the key, and does not count as its use', async () => {
    const fresh = await createKey(database.db, t.environmentAdmin.email);
    const disabled = await createKey(database.db, t.environmentAdmin.email);
    const column = database.db.updateTable('api_keys').set({ active: false });
    await column.where('id', '=', disabled.id).execute();
    const path = `${here}/images/`;
    const answers = await Promise.all([
      send({ path }, { ...fresh, secret: 'wrong' }),
      send({ path }, { ...fresh, id: 'APIKAAAAAAAAAAAAAAAA' }),
      send({ path }, disabled),
      send({ path, headers: { 'x-scalr-signature': 'V1-HMAC-SHA256 AAAA' } }, fresh),
    ]);
    const told = answers.map((answer) => [answer.statusCode, answer.json().errors]);
    expect(new Set(told.map((each) => JSON.stringify(each))).size).toBe(1);
    expect(told[0]?.[0]).toBe(401);
    const used = await database.db
      .selectFrom('api_keys')
      .where('id', 'in', [fresh.id, disabled.id])
      .select('last_used_at')
      .execute();
    expect(used).toEqual([{ last_used_at: null }, { last_used_at: null }]);
  });

  test('that was overheard has no second effect within its five minutes', async () => {
    const name = randomName('role');
    const date = new Date(Date.now() - 200_000).toISOString();
    const request: SignedSend = {
      method: 'POST',
      path: `${here}/roles/`,
      body: newRole(name),
      date,
    };
    const first = await send(request);
    await send({ method: 'DELETE', path: `${here}/roles/${first.json().data.id}/` });
    const second = await send(request);
    expect([first.statusCode, second.statusCode]).toEqual([201, 409]);
    expect(second.json().errors[0].code).toBe('Conflict');
    const live = await database.db
      .selectFrom('roles')
      .where('name', '=', name)
      .where('deleted_at', 'is', null)
      .select('id')
      .execute();
    expect(live).toEqual([]);
  });

  test('is not explained by X-Scalr-Debug, right or wrong', async () => {
    const debug = { 'x-scalr-debug': '1' };
    for (const key of [keys.environment, { ...keys.environment, secret: 'wrong' }]) {
      const path = `${here}/images/?maxResults=1`;
      const plain = (await send({ path }, key)).json();
      const asked = await send({ path, headers: debug }, key);
      expect(Object.keys(asked.json().meta)).toEqual(Object.keys(plain.meta));
      expect(asked.body).not.toContain('GET');
      expect(asked.body).not.toContain(keys.environment.id);
    }
  });
});

test('more requests than a key may send are refused with 429, however close together', async () => {
  const limited = buildTestApp(database.db, { env: { rateLimitPerMinute: 5 } });
  const minute = () => Math.floor(Date.now() / 60_000);
  for (;;) {
    const key = await createKey(database.db, t.environmentAdmin.email);
    const begun = minute();
    const path = `${here}/images/?maxResults=1`;
    const answers = await Promise.all(
      Array.from({ length: 16 }, () => sendSigned(limited, key, { path })),
    );
    // A new minute in between is a new beginning.
    if (minute() !== begun) continue;
    const refused = answers.filter(({ statusCode }) => statusCode !== 200);
    expect(refused.map(refusalOf)).toEqual(Array(11).fill([429, 'LimitExceeded']));
    break;
  }
  await limited.close();
});

test('an environment or account that is not there, and one of somebody else, are told apart by nobody', async () => {
  const other = await createTenant(database.db);
  for (const [theirs, absent] of [
    [`/user/${other.environment.environmentId}`, '/user/2147483000'],
    [`/account/${other.account.accountId}`, '/account/2147483000'],
  ] as const) {
    for (const request of [
      { method: 'GET', path: '/images/' },
      { method: 'POST', path: '/roles/', body: newRole('some-role') },
    ] as const) {
      const told = async (at: string) => {
        const answer = await send({ ...request, path: at + request.path });
        const number = at.replace(/\D+/, '');
        const { requestId: _own, ...meta } = answer.json().meta;
        const body = JSON.stringify({ ...answer.json(), meta }).replaceAll(number, 'N');
        return { status: answer.statusCode, headers: Object.keys(answer.headers), body };
      };
      const seen = await told(theirs);
      expect(seen.status).toBe(404);
      expect(seen).toEqual(await told(absent));
    }
  }
});

test('an image that is used is not passed over in silence when it is to be deleted', async () => {
  const image = await insertImage(database.db, t.environment);
  const role = await insertRole(database.db, t.environment, [image.id]);
  const farm = await insertFarm(database.db, t.environment, role.id);
  await insertServers(database.db, farm.farmRoleId, image.id, 1);
  const path = `${here}/images/${image.id}/`;
  const answer = await send({ method: 'DELETE', path });
  expect(refusalOf(answer)).toEqual([409, 'ObjectInUse']);
  const blockers: { type: string }[] = answer.json().errors[0].blockers;
  expect(blockers.map(({ type }) => type).toSorted()).toEqual(['farmRole', 'role', 'server']);
  expect((await send({ path })).json().data.status).toBe('active');
});

test('deleteFromCloud=false leaves the machine image alone', async () => {
  const image = await insertImage(database.db, t.environment);
  const path = `${here}/images/${image.id}/?deleteFromCloud=false`;
  expect((await send({ method: 'DELETE', path })).statusCode).toBe(200);
  const jobs = await database.db.selectFrom('outbox').select('payload').execute();
  expect(JSON.stringify(jobs)).not.toContain(image.id);
});

test('a role is promoted by the plain API', async () => {
  const role = await insertRole(database.db, t.environment);
  const path = `${here}/roles/${role.id}/actions/promote/`;
  const answer = await send({ method: 'POST', path, body: {} }, keys.account);
  expect(answer.statusCode).toBe(200);
  const above = `/account/${t.account.accountId}/roles/${role.id}/`;
  expect((await send({ path: above }, keys.account)).json().data.scope).toBe('account');
});

test.each(['account', 'corporate'] as const)(
  'an image of the %s scope can be copied too',
  async (scope) => {
    const image = await insertImage(database.db, t[scope]);
    const at = scope === 'account' ? `/account/${t.account.accountId}` : '/global';
    const answer = await send(
      {
        method: 'POST',
        path: `${at}/images/${image.id}/actions/copy/`,
        body: { cloudPlatform: 'ec2', cloudLocation: 'eu-west-1' },
      },
      keys[scope],
    );
    expect(answer.statusCode).toBe(201);
  },
);

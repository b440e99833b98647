import { randomUUID } from 'node:crypto';
import type { FastifyInstance, LightMyRequestResponse } from 'fastify';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { forgetOldAnswers } from '../database/queries/records/answered-requests.ts';
import { type Browser, buildTestApp, openBrowser } from '../testing/app.ts';
import { withDatabase } from '../testing/database.ts';
import { insertImage, insertRole } from '../testing/factories.ts';
import { createTenant, randomName, type Tenant } from '../testing/harness.ts';
import { createKey, type Key, sendSigned, type SignedSend } from '../testing/signed-client.ts';

const database = withDatabase();
// Two processes on one database.
let apps: [FastifyInstance, FastifyInstance];
let tenant: Tenant;
let key: Key;
let browser: Browser;
let path: string;

beforeAll(async () => {
  apps = [buildTestApp(database.db), buildTestApp(database.db)];
  tenant = await createTenant(database.db);
  key = await createKey(database.db, tenant.accountAdmin.email);
  browser = await openBrowser(apps[0], database.db, tenant.accountAdmin.email);
  path = `/account/${tenant.account.accountId}/environments/`;
});
afterAll(() => Promise.all(apps.map((app) => app.close())));

const isReplay = (answer: LightMyRequestResponse) =>
  answer.headers['idempotency-replayed'] === 'true';

async function countNamed(name: string): Promise<number> {
  const rows = await database.db
    .selectFrom('environments')
    .where('name', '=', name)
    .select('id')
    .execute();
  return rows.length;
}

/** Sixteen of the same at once, over both processes. */
const sendSixteen = (request: SignedSend) =>
  Promise.all(
    Array.from({ length: 16 }, (_, turn) => sendSigned(apps[turn % 2 ? 1 : 0], key, request)),
  );

describe('the same signed change', () => {
  it('sent 16 times at once takes effect once, and each is given the same answer', async () => {
    const name = randomName('signed');
    const date = new Date().toISOString();
    const answers = await sendSixteen({ method: 'POST', path, body: { name }, date });
    expect(answers.map(({ statusCode }) => statusCode)).toEqual(Array(16).fill(201));
    expect(new Set(answers.map(({ body }) => body)).size).toBe(1);
    expect(answers.filter((answer) => !isReplay(answer))).toHaveLength(1);
    expect(await countNamed(name)).toBe(1);
  });

  it('is done again when it was signed again', async () => {
    const name = randomName('again');
    const send = () => sendSigned(apps[0], key, { method: 'POST', path, body: { name } });
    expect((await send()).statusCode).toBe(201);
    const second = await send();
    expect(isReplay(second)).toBe(false);
    expect(second.statusCode).toBe(409);
  });

  it('is refused again, with the same words, when it was refused', async () => {
    const name = randomName('taken');
    await browser.send('POST', path, { name });
    const date = new Date().toISOString();
    const answers = await sendSixteen({ method: 'POST', path, body: { name }, date });
    expect(answers.map(({ statusCode }) => statusCode)).toEqual(Array(16).fill(409));
    expect(new Set(answers.map(({ body }) => body)).size).toBe(1);
    expect(answers.filter((answer) => !isReplay(answer))).toHaveLength(1);
  });

  it('also answers a repeated deletion with what it answered first', async () => {
    const made = await browser.send('POST', path, { name: randomName('gone') });
    const request: SignedSend = {
      method: 'DELETE',
      path: `${path}${made.json().data.id}/`,
      date: new Date().toISOString(),
    };
    const [first, second] = [
      await sendSigned(apps[0], key, request),
      await sendSigned(apps[1], key, request),
    ];
    expect([first.statusCode, second.statusCode]).toEqual([200, 200]);
    expect([isReplay(first), isReplay(second)]).toEqual([false, true]);
  });

  it('leaves reads alone', async () => {
    const date = new Date().toISOString();
    const answers = await sendSixteen({ path, date });
    expect(answers.some(isReplay)).toBe(false);
  });
});

/** `scalr-ctl` sends whole seconds, so equal requests of one second have one signature. */
describe('what is sent again within one second, after something else', () => {
  const at = () => `/account/${tenant.account.accountId}`;
  let date: string;
  beforeEach(() => {
    date = `${new Date().toISOString().slice(0, 19)}Z`;
  });
  const send = (method: SignedSend['method'], to: string, body: object = {}) =>
    sendSigned(apps[0], key, { method, path: at() + to, body, date });
  const codeOf = (answer: LightMyRequestResponse) => answer.json().errors?.[0].code as unknown;
  const registration = () => ({
    name: 'nginx-1-9',
    cloudPlatform: 'ec2',
    cloudLocation: 'us-east-1',
    cloudImageId: randomName('ami'),
    os: 'ubuntu-24-04',
    architecture: 'x86_64',
  });

  it('is told that it was carried out, where its object has changed since', async () => {
    const image = await insertImage(database.db, tenant.account);
    const patch = (deprecated: boolean) => send('PATCH', `/images/${image.id}/`, { deprecated });
    expect((await patch(true)).json().data.deprecated).toBe(true);
    expect((await patch(false)).json().data.deprecated).toBe(false);
    for (const answer of [await patch(true), await patch(true)]) {
      expect(answer.statusCode).toBe(409);
      expect(codeOf(answer)).toBe('Conflict');
      expect(answer.json().errors[0].message).toMatch(/carried out already at .*sign it anew/i);
      expect(isReplay(answer)).toBe(false);
    }
    const now = await sendSigned(apps[0], key, { path: `${at()}/images/${image.id}/` });
    expect(now.json().data.deprecated).toBe(false);
  });

  it('is never answered with what was deleted since', async () => {
    const body = registration();
    const made = await send('POST', '/images/', body);
    expect(made.statusCode).toBe(201);
    expect((await send('DELETE', `/images/${made.json().data.id}/`)).statusCode).toBe(200);
    const again = await send('POST', '/images/', body);
    expect([again.statusCode, codeOf(again)]).toEqual([409, 'Conflict']);
  });

  it('notices a role whose images have changed since', async () => {
    const image = await insertImage(database.db, tenant.account);
    const other = await insertImage(database.db, tenant.account);
    const role = await insertRole(database.db, tenant.account, [image.id]);
    const swap = (from: string, to: string) =>
      send('POST', `/roles/${role.id}/images/${from}/actions/replace/`, { image: to });
    expect((await swap(image.id, other.id)).statusCode).toBe(200);
    expect((await swap(other.id, image.id)).statusCode).toBe(200);
    const again = await swap(image.id, other.id);
    expect([again.statusCode, codeOf(again)]).toEqual([409, 'Conflict']);
  });

  it('is given the answer of the first where only other objects have changed', async () => {
    const images = [
      await insertImage(database.db, tenant.account),
      await insertImage(database.db, tenant.account),
    ];
    const describeImage = (index: number) =>
      send('PATCH', `/images/${images[index]?.id}/`, { description: 'x' });
    const first = await describeImage(0);
    await describeImage(1);
    const again = await describeImage(0);
    expect(again.body).toBe(first.body);
    expect(isReplay(again)).toBe(true);
  });

  it('is told so too where the first changed nothing', async () => {
    const image = await insertImage(database.db, tenant.account);
    const patch = (deprecated: boolean) => send('PATCH', `/images/${image.id}/`, { deprecated });
    await patch(false);
    await patch(true);
    const again = await patch(false);
    expect([again.statusCode, codeOf(again)]).toEqual([409, 'Conflict']);
  });

  it('is told that the first was refused, where that may no longer be true', async () => {
    const body = registration();
    const other = await insertImage(database.db, tenant.account, {
      cloud_image_id: body.cloudImageId,
    });
    expect((await send('POST', '/images/', body)).statusCode).toBe(409);
    await send('DELETE', `/images/${other.id}/`);
    const again = await send('POST', '/images/', body);
    expect([again.statusCode, codeOf(again)]).toEqual([409, 'Conflict']);
    expect(again.json().errors[0].message).toMatch(/refused already at/);
    // Nor is it carried out: whoever overheard it could wait for the moment.
    const signedAnew = { method: 'POST', path: `${at()}/images/`, body } as const;
    expect((await sendSigned(apps[0], key, signedAnew)).statusCode).toBe(201);
  });
});

describe('an Idempotency-Key', () => {
  const post = (name: string, idempotencyKey: string, to = path) =>
    browser.send('POST', to, { name }, { 'idempotency-key': idempotencyKey });

  it('makes a repeat of a browser or program harmless', async () => {
    const [name, idempotencyKey] = [randomName('once'), randomUUID()];
    const first = await post(name, idempotencyKey);
    const second = await post(name, idempotencyKey);
    expect(second.body).toBe(first.body);
    expect([isReplay(first), isReplay(second)]).toEqual([false, true]);
    expect(await countNamed(name)).toBe(1);
  });

  it('holds for a request that was signed anew', async () => {
    const [name, idempotencyKey] = [randomName('resigned'), randomUUID()];
    const headers = { 'idempotency-key': idempotencyKey };
    const send = () => sendSigned(apps[0], key, { method: 'POST', path, body: { name }, headers });
    const [first, second] = [await send(), await send()];
    expect(second.body).toBe(first.body);
    expect(await countNamed(name)).toBe(1);
  });

  it.each([
    ['another body', { description: 'another' }],
    ['another path', { index: 1 }],
    ['another If-Match', { ifMatch: '"2"' }],
    ['no If-Match', { ifMatch: undefined }],
  ])('with %s is refused', async (_, other) => {
    const at = tenant.account;
    const images = [await insertImage(database.db, at), await insertImage(database.db, at)];
    const first = { index: 0, description: 'first', ifMatch: '"1"' };
    const idempotencyKey = randomUUID();
    const send = ({ index, description, ifMatch }: typeof first) => {
      const to = `/account/${at.accountId}/images/${images[index]?.id}/`;
      const headers: Record<string, string> = { 'idempotency-key': idempotencyKey };
      if (ifMatch !== undefined) headers['if-match'] = ifMatch;
      return browser.send('PATCH', to, { description }, headers);
    };
    expect((await send(first)).statusCode).toBe(200);
    const answer = await send({ ...first, ...other } as typeof first);
    expect(answer.statusCode).toBe(422);
    expect(answer.json().errors[0].code).toBe('IdempotencyKeyReused');
    expect(isReplay(await send(first))).toBe(true);
  });

  it('is each user’s own', async () => {
    const idempotencyKey = randomUUID();
    await post(randomName('mine'), idempotencyKey);
    const other = await openBrowser(apps[0], database.db, tenant.corporateAdmin.email);
    const name = randomName('theirs');
    const answer = await other.send('POST', path, { name }, { 'idempotency-key': idempotencyKey });
    expect(answer.statusCode).toBe(201);
    expect(isReplay(answer)).toBe(false);
  });

  it('names one intent: its answer says what became of that, whatever happened since', async () => {
    const image = await insertImage(database.db, tenant.account);
    const to = `/account/${tenant.account.accountId}/images/${image.id}/`;
    const patch = (deprecated: boolean, idempotencyKey: string) =>
      browser.send('PATCH', to, { deprecated }, { 'idempotency-key': idempotencyKey });
    const idempotencyKey = randomUUID();
    const first = await patch(true, idempotencyKey);
    await patch(false, randomUUID());
    const again = await patch(true, idempotencyKey);
    expect(again.body).toBe(first.body);
    expect(isReplay(again)).toBe(true);
    expect((await browser.send('GET', to)).json().data.deprecated).toBe(false);
  });

  it('does not outlive the right to do it', async () => {
    const leaving = await createTenant(database.db);
    const theirs = await openBrowser(apps[0], database.db, leaving.accountAdmin.email);
    const to = `/account/${leaving.account.accountId}/environments/`;
    const send = () => theirs.send('POST', to, { name: 'left' }, { 'idempotency-key': 'a-key' });
    expect((await send()).statusCode).toBe(201);
    await database.db
      .deleteFrom('grants')
      .where('account_id', '=', leaving.account.accountId)
      .execute();
    expect((await send()).statusCode).toBe(404);
  });

  it('keeps no secret, and makes no second one', async () => {
    const send = () =>
      browser.send('POST', '/self/api-keys/', { name: 'x' }, { 'idempotency-key': 'secret-key' });
    const { secretKey } = (await send()).json().data as { secretKey: string };
    const rows = await database.db.selectFrom('answered_requests').select('answer').execute();
    expect(JSON.stringify(rows)).not.toContain(secretKey);
    const again = await send();
    expect(again.statusCode).toBe(409);
    expect(again.json().errors[0].code).toBe('Conflict');
    expect(again.json().errors[0].message).toMatch(/secret was shown once/);
    const keys = (await browser.send('GET', '/self/api-keys/')).json().data as { name: string }[];
    expect(keys.filter(({ name }) => name === 'x')).toHaveLength(1);
  });

  it.each(['', ' ', 'a b', 'ü', 'x'.repeat(256)])('may not be "%s"', async (idempotencyKey) => {
    expect((await post(randomName('bad'), idempotencyKey)).statusCode).toBe(400);
  });
});

it('no answer is half kept, and all are forgotten after a day', async () => {
  for (let one = 0; one < 6; one++) {
    const body = { name: randomName('kept') };
    expect((await sendSigned(apps[0], key, { method: 'POST', path, body })).statusCode).toBe(201);
  }
  const counts = async () => {
    const { rows } = await sql<{ kept: number; half: number }>`SELECT count(answer) AS kept,
      count(*) FILTER (WHERE answer IS NULL) AS half FROM answered_requests`.execute(database.db);
    return rows[0];
  };
  const before = await counts();
  expect(before?.kept).toBeGreaterThan(5);
  expect(before?.half).toBe(0);
  expect(await forgetOldAnswers(database.db)).toBe(0);
  await sql`UPDATE answered_requests SET at = at - interval '25 hours'`.execute(database.db);
  expect(await forgetOldAnswers(database.db)).toBe(before?.kept);
});

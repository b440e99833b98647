import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Browser, buildTestApp, openBrowser } from '../../testing/app.ts';
import { withDatabase } from '../../testing/database.ts';
import { createTenant, type Tenant } from '../../testing/harness.ts';
import { sendSigned } from '../../testing/signed-client.ts';

const database = withDatabase();
let app: FastifyInstance;
let tenant: Tenant;
let browser: Browser;

beforeAll(async () => {
  app = buildTestApp(database.db);
  tenant = await createTenant(database.db);
  browser = await openBrowser(app, database.db, tenant.accountAdmin.email);
});
afterAll(() => app.close());

const path = '/self/api-keys/';
const create = async (name = 'pipeline') =>
  (await browser.send('POST', path, { name })).json().data as { id: string; secretKey: string };

describe('an API key', () => {
  it('shows its secret when it is made, and never again', async () => {
    const { id, secretKey } = await create('once');
    expect(secretKey.length).toBeGreaterThanOrEqual(40);
    const list = await browser.send('GET', path);
    expect(list.json().data.map((each: { id: string }) => each.id)).toContain(id);
    expect(list.body).not.toContain(secretKey);
    const renamed = await browser.send('PATCH', `${path}${id}/`, { name: 'twice' });
    expect(renamed.json().data.name).toBe('twice');
    expect(renamed.body).not.toContain(secretKey);
  });

  it('is kept neither in the table nor in the log in a form that could be used', async () => {
    const { id, secretKey } = await create();
    const rows = await database.db
      .selectFrom('api_keys')
      .where('id', '=', id)
      .selectAll()
      .execute();
    const log = await database.db.selectFrom('operations_log').selectAll().execute();
    expect(rows[0]?.sealed_secret.includes(secretKey)).toBe(false);
    expect(JSON.stringify(log)).toContain(id);
    expect(JSON.stringify(log)).not.toContain(secretKey);
  });

  it('signs while it is active, and no longer once it is disabled or deleted', async () => {
    const { id, secretKey } = await create();
    const use = async () =>
      (await sendSigned(app, { id, secret: secretKey }, { path: '/self/session/' })).statusCode;
    expect(await use()).toBe(200);
    await browser.send('PATCH', `${path}${id}/`, { active: false });
    expect(await use()).toBe(401);
    await browser.send('PATCH', `${path}${id}/`, { active: true });
    expect(await use()).toBe(200);
    expect((await browser.send('DELETE', `${path}${id}/`)).statusCode).toBe(200);
    expect(await use()).toBe(401);
  });

  it('cannot make, see or change keys', async () => {
    const { id, secretKey } = await create();
    const signed = (method: 'GET' | 'POST', body = {}) =>
      sendSigned(app, { id, secret: secretKey }, { method, path, body });
    expect((await signed('POST', { name: 'more' })).statusCode).toBe(403);
    expect((await signed('GET')).statusCode).toBe(403);
  });

  it('of somebody else does not exist', async () => {
    const { id } = await create();
    const other = await openBrowser(app, database.db, tenant.viewer.email);
    expect((await other.send('PATCH', `${path}${id}/`, { active: false })).statusCode).toBe(404);
    expect((await other.send('DELETE', `${path}${id}/`)).statusCode).toBe(404);
    expect((await other.send('GET', path)).body).not.toContain(id);
  });

  it.each([[{}], [{ name: '' }], [{ name: ' ' }], [{ name: 'a'.repeat(101) }], [{ name: 5 }]])(
    'is not made from %j',
    async (body) => {
      expect((await browser.send('POST', path, body)).statusCode).toBe(400);
    },
  );
});

it('an installation without a key for secrets says what to set', async () => {
  const bare = buildTestApp(database.db, { secrets: undefined });
  const visitor = await openBrowser(bare, database.db, tenant.accountAdmin.email);
  const answer = await visitor.send('POST', path, { name: 'x' });
  expect(answer.statusCode).toBe(409);
  expect(answer.json().errors[0].message).toContain('SECRETS_KEY');
  await bare.close();
});

import type { FastifyInstance } from 'fastify';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OperationSpec } from '#contract/operation.ts';
import { operations } from '#contract/operations.ts';
import { type Browser, buildTestApp, openBrowser } from '../testing/app.ts';
import { withDatabase } from '../testing/database.ts';
import { insertImage, insertRole } from '../testing/factories.ts';
import { type Client, createTenant, type Tenant } from '../testing/harness.ts';
import { sampleBodies } from '../testing/sample-bodies.ts';
import { createKey, sendSigned } from '../testing/signed-client.ts';

const database = withDatabase();
let app: FastifyInstance;
let tenant: Tenant;

beforeAll(async () => {
  app = buildTestApp(database.db);
  tenant = await createTenant(database.db);
});
afterAll(() => app.close());

/** A browser whose user signed in so long ago. */
async function signedInAgo(ago: string, { email }: Client, to = app): Promise<Browser> {
  const browser = await openBrowser(to, database.db, email);
  await sql`UPDATE sessions SET confirmed_at = clock_timestamp() - ${ago}::interval
    WHERE user_id = (SELECT id FROM users WHERE email = ${email})`.execute(database.db);
  return browser;
}
const keys = '/self/api-keys/';
const account = () => `/account/${tenant.account.accountId}`;
const headsNow = () => database.db.selectFrom('revisions').selectAll().orderBy('chain').execute();

/** Refused with the code that asks for a fresh sign-in, with nothing changed. */
async function expectAsked(work: () => Promise<{ statusCode: number; body: string }>) {
  const before = await headsNow();
  const answer = await work();
  expect(answer.statusCode, answer.body).toBe(403);
  expect(JSON.parse(answer.body).errors[0]).toMatchObject({
    code: 'ConfirmationRequired',
    confirmBy: ['link', 'password', 'passkey'],
  });
  expect(await headsNow()).toEqual(before);
}

describe('what wants a fresh sign-in', () => {
  it('is keys, cloud credentials and promotions to Corporate', () => {
    const flagged = (Object.values(operations) as OperationSpec[]).filter(
      ({ confirms, writesAbove }) => confirms === true || writesAbove === true,
    );
    expect(flagged.map(({ id }) => id).toSorted()).toEqual(
      expect.arrayContaining([
        'apiKeyCreate',
        'apiKeyDelete',
        'apiKeyUpdate',
        'cloudCredentialsCreate',
        'cloudCredentialsDelete',
        'cloudCredentialsUpdate',
        'imagePromote',
        'imageSetPromote',
        'rolePromote',
      ]),
    );
  });

  it('is carried out within 10 minutes, and refused after them', async () => {
    const fresh = await signedInAgo('9 minutes', tenant.viewer);
    expect((await fresh.send('POST', keys, { name: 'fresh' })).statusCode).toBe(201);
    const stale = await signedInAgo('10 minutes', tenant.viewer);
    await expectAsked(() => stale.send('POST', keys, { name: 'stale' }));
    // All else goes on.
    expect((await stale.send('GET', keys)).statusCode).toBe(200);
  });

  it('is carried out after as long as is set', async () => {
    const patient = buildTestApp(database.db, {
      env: { sessions: { idleMinutes: 30, hours: 12, confirmMinutes: 0 } },
    });
    const browser = await signedInAgo('11 hours', tenant.viewer, patient);
    expect((await browser.send('POST', keys, { name: 'patient' })).statusCode).toBe(201);
    await patient.close();
  });

  it('is refused first of all to who may not do it at all', async () => {
    const browser = await signedInAgo('1 hour', tenant.viewer);
    const body = sampleBodies({ imageId: '', roleId: 0, farmId: 0, farmRoleId: 0 });
    const path = `${account()}/cloud-credentials/`;
    const answer = await browser.send('POST', path, body.cloudCredentialsCreate);
    expect(answer.json().errors[0].code).toBe('PermissionViolation');
  });

  it('includes cloud credentials', async () => {
    const browser = await signedInAgo('1 hour', tenant.accountAdmin);
    const body = sampleBodies({ imageId: '', roleId: 0, farmId: 0, farmRoleId: 0 });
    const path = `${account()}/cloud-credentials/`;
    await expectAsked(() => browser.send('POST', path, body.cloudCredentialsCreate));
  });

  it('includes a promotion to Corporate, and not one to the account', async () => {
    const browser = await signedInAgo('1 hour', tenant.corporateAdmin);
    const [high, low] = [
      await insertImage(database.db, tenant.account),
      await insertImage(database.db, tenant.environment),
    ];
    await expectAsked(() =>
      browser.send('POST', `${account()}/images/${high.id}/actions/promote/`, {}),
    );
    const path = `/user/${tenant.environment.environmentId}/images/${low.id}/actions/promote/`;
    expect((await browser.send('POST', path, {})).statusCode).toBe(200);
  });

  it('includes changes of more than 100 roles', async () => {
    const t = await createTenant(database.db);
    const path = `/account/${t.account.accountId}/images`;
    const replaceIn = async (count: number) => {
      const [old, next] = [
        await insertImage(database.db, t.account),
        await insertImage(database.db, t.account),
      ];
      for (let nth = 0; nth < count; nth++) await insertRole(database.db, t.account, [old.id]);
      const browser = await signedInAgo('1 hour', t.accountAdmin);
      return () =>
        browser.send('POST', `${path}/${old.id}/actions/replace/`, { newImage: next.id });
    };
    expect((await (await replaceIn(100))()).statusCode).toBe(200);
    await expectAsked(await replaceIn(101));
  });

  it('is not asked of programs, which sign each request', async () => {
    const t = await createTenant(database.db);
    const { id } = await insertImage(database.db, t.account);
    await signedInAgo('1 hour', t.corporateAdmin);
    const key = await createKey(database.db, t.corporateAdmin.email);
    const path = `/account/${t.account.accountId}/images/${id}/actions/promote/`;
    expect((await sendSigned(app, key, { method: 'POST', path })).statusCode).toBe(200);
  });
});

it('a refusal for want of a fresh sign-in is not kept: the same request succeeds after one', async () => {
  const repeat = { 'idempotency-key': crypto.randomUUID() };
  const t = await createTenant(database.db);
  const { id } = await insertImage(database.db, t.account);
  const path = `/account/${t.account.accountId}/images/${id}/actions/promote/`;
  const stale = await signedInAgo('1 hour', t.corporateAdmin);
  expect((await stale.send('POST', path, {}, repeat)).statusCode).toBe(403);
  const fresh = await openBrowser(app, database.db, t.corporateAdmin.email);
  expect((await fresh.send('POST', path, {}, repeat)).statusCode).toBe(200);
});

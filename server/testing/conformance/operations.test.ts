import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { OperationId } from '#contract/operations.ts';
import { operations } from '#contract/operations.ts';
import { type Db, openDatabase } from '../../database/connection/connection.ts';
import { storeReach } from '../../database/queries/inventory/readings.ts';
import { buildTestApp } from '../app.ts';
import { asApplication } from '../application-role.ts';
import { withDatabase } from '../database.ts';
import { createTenant, type Tenant } from '../harness.ts';
import { createKey, type Key } from '../signed-client.ts';
import { type ConformanceClient, openConformanceClient } from './client.ts';
import { openSessionCookie, sampleOf } from './samples.ts';
import { everywhere } from './specification.ts';

// Every operation of the contract at every level, by a signed client that knows the specifications only:
// once refused, once carried out, each answer held against what is specified for it. The server works as a role
// that owns nothing and has the rights that are granted at a start.

/** What no key can do, and why; a browser's session does. Once a key can, its line has to go. */
const forSessionsOnly: Partial<Record<OperationId, string>> = {
  apiKeyList: 'An API key cannot manage API keys.',
  apiKeyCreate: 'An API key cannot manage API keys.',
  apiKeyUpdate: 'An API key cannot manage API keys.',
  apiKeyDelete: 'An API key cannot manage API keys.',
  passkeyList: 'An API key is nobody at a browser.',
  passkeyBegin: 'An API key is nobody at a browser.',
  passkeyCreate: 'An API key is nobody at a browser.',
  passkeyUpdate: 'An API key is nobody at a browser.',
  passkeyDelete: 'An API key is nobody at a browser.',
  secondStepGet: 'An API key is nobody at a browser.',
  secondStepSet: 'An API key is nobody at a browser.',
  ownSignInList: 'An API key is nobody at a browser.',
  passwordGet: 'Passwords are set in the browser.',
  passwordSet: 'Passwords are set in the browser.',
  sessionList: 'An API key is nobody at a browser.',
  sessionEnd: 'An API key is nobody at a browser.',
  sessionEndOthers: 'An API key is nobody at a browser.',
};

const database = withDatabase();
let app: FastifyInstance;
let appDb: Db;
let client: ConformanceClient;
let tenant: Tenant;
let key: Key;
let stranger: Key;
let cookie: Record<string, string>;

beforeAll(async () => {
  const { db } = database;
  appDb = openDatabase(await asApplication(database.url));
  app = buildTestApp(appDb);
  client = await openConformanceClient(app);
  tenant = await createTenant(db);
  key = await createKey(db, tenant.corporateAdmin.email);
  stranger = await createKey(db, (await createTenant(db)).accountAdmin.email);
  cookie = await openSessionCookie(db, tenant.corporateAdmin.email);
});
afterAll(async () => {
  await app.close();
  await appDb.destroy();
});

/** Only while nobody administers Slipway, who is here: services/people/first-administrator.test.ts. */
const possible = everywhere.filter(([, , id]) => id !== 'firstAdministratorCreate');

const sampleAdvice =
  'where the operation wants its object in some state, inState of server/testing/conformance/samples.ts makes it';

it.each(possible)(
  '%s is refused and carried out as its specifications say',
  async (_, level, id) => {
    const sample = await sampleOf(database.db, tenant, level, id);
    const forged = { ...stranger, secret: 'not the secret' };
    expect((await client.send(forged, level, id, sample)).status).toBe(401);
    if (level !== 'self') {
      const refusal = await client.send(stranger, level, id, sample);
      expect(refusal.errors?.[0].code).toMatch(/^(ObjectNotFound|PermissionViolation)$/);
    }
    const signed = await client.send(key, level, id, sample);
    const answer =
      id in forSessionsOnly ? await client.send(undefined, level, id, sample, cookie) : signed;
    if (id in forSessionsOnly) expect(signed.status, forSessionsOnly[id]).toBe(403);
    expect(answer.errors, sampleAdvice).toBeUndefined();
    expect(answer.status).toBe(operations[id].status);
  },
);

it('deleting an image from its cloud too is answered with 202, as specified', async () => {
  // What other samples added was never read, which keeps images in their clouds: it reaches nothing.
  const credentials = await database.db.selectFrom('cloud_credentials').select('id').execute();
  for (const { id } of credentials) await storeReach(database.db, id, []);
  const { params } = await sampleOf(database.db, tenant, 'user', 'imageDelete');
  const query = { deleteFromCloud: 'true' };
  const answer = await client.send(key, 'user', 'imageDelete', { params, query });
  expect(answer.status).toBe(202);
});

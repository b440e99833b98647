import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { OperationSpec } from '#contract/operation.ts';
import { operations } from '#contract/operations.ts';
import { type Browser, buildTestApp, openBrowser } from '../testing/app.ts';
import { withDatabase } from '../testing/database.ts';
import { insertFarm, insertImage, insertRole, insertServers } from '../testing/factories.ts';
import { createTenant, type Tenant } from '../testing/harness.ts';

// Filters by a text are exact, walked over the contract; `query` alone searches.

const database = withDatabase();
let app: FastifyInstance;
let t: Tenant;
let browser: Browser;

beforeAll(async () => {
  const { db } = database;
  app = buildTestApp(db);
  t = await createTenant(db);
  browser = await openBrowser(app, db, t.corporateAdmin.email);
  const image = await insertImage(db, t.account);
  const next = await insertImage(db, t.account);
  const role = await insertRole(db, t.account, [next.id]);
  const { farmRoleId } = await insertFarm(db, t.environment, role.id);
  await insertServers(db, farmRoleId, image.id, 2);
  await t.accountAdmin.call('projectCreate', t.account, {
    body: {
      name: 'Black Friday',
      costCenter: '00000000-0000-4000-8000-000000000001',
      billingCode: 'BF-26',
      leadEmail: 'lead@example.com',
    },
  });
});
afterAll(() => app.close());

const byText = [
  'name',
  'family',
  'generation',
  'cloudImageId',
  'cloudServerId',
  'cloudLocation',
  'billingCode',
];

const filters = (Object.values(operations) as OperationSpec[])
  .filter((spec) => spec.kind === 'list' && !spec.path.includes('{') && spec.levels[0] !== 'self')
  .flatMap((spec) =>
    byText
      .filter((name) => name in spec.query.shape)
      .map((name) => [`${name} of ${spec.id}`, spec, name] as const),
  );

async function list(spec: OperationSpec, filter: Record<string, string>): Promise<unknown[]> {
  const base = spec.levels.includes('account') ? `/account/${t.account.accountId}` : '/global';
  const required = {
    ...(spec.id === 'usageGroupList' && { by: 'farm' }),
    ...('cloudLocation' in filter && { cloudPlatform: 'ec2' }),
  };
  const query = new URLSearchParams({ ...required, ...filter }).toString();
  const answer = await browser.send('GET', `${base}${spec.path}?${query}`);
  expect(answer.statusCode, answer.body).toBe(200);
  return answer.json().data;
}

test.each(filters)('an empty %s finds nothing, and not everything', async (_name, spec, name) => {
  expect(await list(spec, { [name]: '' })).toEqual([]);
});

test.each(filters)('%s finds no part of a text', async (_name, spec, name) => {
  const [first] = (await list(spec, {})) as Record<string, string>[];
  expect(first).toBeDefined();
  const value = first?.[name];
  if (typeof value !== 'string') return;
  expect(await list(spec, { [name]: value })).not.toEqual([]);
  expect(await list(spec, { [name]: value.slice(0, -1) })).toEqual([]);
});

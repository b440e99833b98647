import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { booleanText } from '#contract/fields.ts';
import type { OperationSpec } from '#contract/operation.ts';
import { operations } from '#contract/operations.ts';
import { type Level, type Scope, scopes } from '#contract/scope.ts';
import { type Browser, buildTestApp, openBrowser } from '../testing/app.ts';
import { insertCredentials } from '../testing/credentials.ts';
import { withDatabase } from '../testing/database.ts';
import { insertFarm, insertImage, insertRole, insertServers } from '../testing/factories.ts';
import { createTenant, type Tenant } from '../testing/harness.ts';
import { insertFoundImage } from '../testing/inventory.ts';

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
  const body = { newImage: (await insertImage(db, t.account)).id };
  await t.accountAdmin.call('imageReplace', t.account, { params: { imageId: next.id }, body });
  await t.accountAdmin.call('projectCreate', t.account, {
    body: {
      name: 'Black Friday',
      costCenter: '00000000-0000-4000-8000-000000000001',
      billingCode: 'BF-26',
      leadEmail: 'lead@example.com',
    },
  });
  await insertCredentials(db, t.account);
  await insertFoundImage(db, t.account);
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

const flags = (Object.values(operations) as OperationSpec[])
  .filter((spec) => spec.kind === 'list' && !spec.path.includes('{'))
  .flatMap((spec) =>
    Object.entries(spec.query.shape)
      .filter(([, field]) => field instanceof z.ZodOptional && field.unwrap() === booleanText)
      .map(([name]) => [`${name} of ${spec.id}`, spec, name] as const),
  );

test.each(flags)('%s is true or false in any case, or a number', async (_name, spec, name) => {
  for (const [words, plain] of [
    [['True', 'TRUE', '1'], 'true'],
    [['False', 'FALSE', '0'], 'false'],
  ] as const) {
    const rows = await list(spec, { [name]: plain });
    for (const word of words) expect(await list(spec, { [name]: word })).toEqual(rows);
  }
  const answer = await browser.send('GET', `/global${spec.path}?${name}=yes`);
  expect(answer.json().errors).toMatchObject([{ code: 'InvalidValue', field: name }]);
});

const scoped = (Object.values(operations) as OperationSpec[])
  .filter(({ query }) => 'scope' in query.shape)
  .flatMap((spec) =>
    spec.levels.map((level) => [`${spec.id} at the ${level} level`, spec, level] as const),
  );

test.each(scoped)('a scope that %s cannot show is refused', async (_name, spec, level) => {
  // Replacements made below are listed too, and those above that changed something here.
  const listsAll = spec.id === 'replacementList';
  const [own, base] = {
    global: ['scalr', '/global'],
    account: ['account', `/account/${t.account.accountId}`],
    user: ['environment', `/user/${t.environment.environmentId}`],
  }[level as Level] as [Scope, string];
  for (const scope of [...scopes, 'galaxy', '']) {
    const answer = await browser.send('GET', `${base}${spec.path}?scope=${scope}`);
    const seen = listsAll ? scopes : scopes.slice(0, scopes.indexOf(own) + 1);
    const isSeen = seen.includes(scope as Scope);
    if (isSeen) expect(answer.statusCode).toBe(200);
    else expect(answer.json().errors).toMatchObject([{ code: 'InvalidValue', field: 'scope' }]);
  }
});

import { beforeAll, expect, test } from 'vitest';
import type { ScopeRef } from '#contract/scope.ts';
import { withDatabase } from '../../testing/database.ts';
import { createTenant, randomName, type Tenant } from '../../testing/harness.ts';
import { testSeal } from '../../testing/test-key.ts';
import { beginRecords } from './begins.ts';
import { checkRecords } from './check-records.ts';

// What goes together, or changes without a record of its own, is no tampering.

const database = withDatabase();
let t: Tenant;
beforeAll(async () => {
  t = await createTenant(database.db);
  await beginRecords(database.db, testSeal, { by: 'system:test', reason: 'A test' });
});

const check = () => checkRecords(database.db, { seal: testSeal });
const who = () => t.accountAdmin;

async function makeImage(at: ScopeRef, cloudImageId = randomName('ami')): Promise<string> {
  const body = {
    name: randomName('image'),
    cloudPlatform: 'ec2',
    cloudLocation: 'us-east-1',
    cloudImageId,
    os: 'ubuntu-24-04',
    architecture: 'x86_64',
  } as const;
  return (await who().call('imageCreate', at, { body })).data.id;
}

async function makeRole(at: ScopeRef, image: string): Promise<number> {
  const body = { name: randomName('role'), category: 1, os: 'ubuntu-24-04' };
  const { data } = await who().call('roleCreate', at, { body });
  await who().call('roleImageCreate', at, { params: { roleId: data.id }, body: { image } });
  return data.id;
}

test('an environment that is deleted, with the replacements that were made in it', async () => {
  const { data } = await who().call('environmentCreate', t.account, {
    body: { name: 'short-lived' },
  });
  const at = {
    scope: 'environment',
    accountId: t.account.accountId,
    environmentId: data.id,
  } as const;
  const [old, next] = [await makeImage(at), await makeImage(at)];
  const roleId = await makeRole(at, old);
  const replaced = await who().call('imageReplace', at, {
    params: { imageId: old },
    body: { newImage: next, deprecateOldImage: true },
  });
  const replacementId = replaced.meta?.replacement?.id ?? '';
  await who().call('replacementRollBack', at, { params: { replacementId }, body: {} });
  expect(await check()).toEqual([]);
  await who().call('roleDelete', at, { params: { roleId } });
  for (const imageId of [old, next]) await who().call('imageDelete', at, { params: { imageId } });
  await who().call('environmentDelete', t.account, { params: { envId: data.id } });
  expect(await check()).toEqual([]);
});

test('images that are merged, with the roles that hold them and what recommends them', async () => {
  const cloud = randomName('ami');
  // Nobody above looks at what is registered further down.
  const merged = await makeImage(t.environment, cloud);
  const into = await makeImage(t.account, cloud);
  const old = await makeImage(t.environment);
  await who().call('imageDeprecate', t.environment, {
    params: { imageId: old },
    body: { deprecate: true, replacement: merged },
  });
  const roleId = await makeRole(t.environment, merged);
  await who().call('imagePromote', t.environment, {
    params: { imageId: merged },
    body: { merge: true },
  });
  expect(await check()).toEqual([]);
  await who().call('roleImageDelete', t.environment, { params: { roleId, imageId: into } });
  expect(await check()).toEqual([]);
});

test('an account that is deleted, with its people', async () => {
  const { corporateAdmin } = t;
  const { data } = await corporateAdmin.call('accountCreate', t.corporate, {
    body: { name: 'Short' },
  });
  const at = { scope: 'account', accountId: data.id } as const;
  const team = await corporateAdmin.call('teamCreate', at, { body: { name: 'Short' } });
  await corporateAdmin.call('grantCreate', at, { body: { role: 'viewer', team: team.data.id } });
  await corporateAdmin.call('userInvite', at, {
    body: { email: `${randomName('ann')}@example.com`, role: 'viewer' },
  });
  await corporateAdmin.call('accountDelete', t.corporate, { params: { accountId: data.id } });
  expect(await check()).toEqual([]);
});

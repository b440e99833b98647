import { expect, test } from 'vitest';
import type { ScopeRef } from '#contract/scope.ts';
import { withDatabase } from '../../testing/database.ts';
import { type Client, createTenant, randomName } from '../../testing/harness.ts';

const database = withDatabase();
const everyones = '00000000-0000-4000-8000-000000000001';

function create(who: Client, at: ScopeRef, values: { name?: string; costCenter?: string } = {}) {
  return who.call('projectCreate', at, {
    body: {
      name: randomName('project'),
      costCenter: everyones,
      billingCode: 'P-1',
      leadEmail: 'lead@example.com',
      ...values,
    },
  });
}

test('a project is charged by the farms that see it, and goes when none does', async () => {
  const t = await createTenant(database.db);
  const { data } = await create(t.accountAdmin, t.account);
  const elsewhere = await create(t.accountAdmin, t.otherEnvironment);
  const farm = (project: string) =>
    t.environmentAdmin.call('farmCreate', t.environment, {
      body: { name: randomName('farm'), project },
    });
  const charged = await farm(data.id);
  expect(charged.data.project).toEqual({ id: data.id, name: data.name });
  await expect(farm(elsewhere.data.id)).rejects.toMatchObject({ code: 'InvalidValue' });
  const found = await t.viewer.call('farmList', t.account, { query: { project: data.id } });
  expect(found.data.map(({ id }) => id)).toEqual([charged.data.id]);
  const params = { projectId: data.id };
  const remove = () => t.accountAdmin.call('projectDelete', t.account, { params });
  await expect(remove()).rejects.toMatchObject({
    code: 'ObjectInUse',
    details: { blockers: [{ type: 'farm', id: charged.data.id }] },
  });
  await t.environmentAdmin.call('farmUpdate', t.environment, {
    params: { farmId: charged.data.id },
    body: { project: null },
  });
  await remove();
  await expect(t.viewer.call('projectGet', t.account, { params })).rejects.toMatchObject({
    code: 'ObjectNotFound',
  });
});

test('a project is seen below its scope, and changed only there by an administrator', async () => {
  const t = await createTenant(database.db);
  const { data } = await create(t.accountAdmin, t.account);
  const params = { projectId: data.id };
  const read = await t.viewer.call('projectGet', t.environment, { params });
  expect(read.data).toEqual(data);
  const body = { billingCode: 'P-2' };
  for (const [who, at, code] of [
    [t.accountAdmin, t.environment, 'ScopeViolation'],
    [t.viewer, t.account, 'PermissionViolation'],
    [t.accountAdmin, t.otherEnvironment, 'ScopeViolation'],
  ] as const)
    await expect(who.call('projectUpdate', at, { params, body })).rejects.toMatchObject({ code });
  const changed = await t.accountAdmin.call('projectUpdate', t.account, { params, body });
  expect(changed.data).toEqual({ ...data, billingCode: 'P-2', version: 2 });
  await expect(
    t.accountAdmin.call('projectUpdate', t.account, { params, body: { name: 'x' }, ifMatch: 1 }),
  ).rejects.toMatchObject({ code: 'PreconditionFailed' });
});

test('a project has a name of its own and a cost center that it sees', async () => {
  const t = await createTenant(database.db);
  const other = await createTenant(database.db);
  const { data } = await create(t.accountAdmin, t.account);
  await expect(
    create(t.environmentAdmin, t.environment, { name: data.name }),
  ).rejects.toMatchObject({ code: 'UnicityViolation', details: { field: 'name' } });
  const foreign = await database.db
    .insertInto('cost_centers')
    .values({
      name: randomName('center'),
      billing_code: 'C',
      scope: 'account',
      account_id: other.account.accountId,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  await expect(create(t.accountAdmin, t.account, { costCenter: foreign.id })).rejects.toMatchObject(
    { code: 'InvalidValue', details: { field: 'costCenter.id' } },
  );
  await create(other.accountAdmin, other.account, { costCenter: foreign.id });
  const seen = await other.viewer.call('costCenterList', other.environment);
  expect(seen.data.map(({ id }) => id)).toEqual([everyones, foreign.id]);
  await expect(
    t.viewer.call('costCenterGet', t.environment, { params: { costCenterId: foreign.id } }),
  ).rejects.toMatchObject({ code: 'ObjectNotFound' });
});

test('each filter of projects leaves those that it names', async () => {
  const t = await createTenant(database.db);
  const { data: one } = await create(t.accountAdmin, t.account);
  const { data: two } = await create(t.environmentAdmin, t.environment);
  for (const [query, expected] of [
    [{}, [one.id, two.id]],
    [{ name: one.name }, [one.id]],
    [{ id: two.id }, [two.id]],
    [{ scope: 'environment' }, [two.id]],
    [{ costCenter: everyones }, [one.id, two.id]],
    [{ billingCode: 'P-9' }, []],
    [{ query: two.name.slice(3) }, [two.id]],
    [{ sort: '-added' }, [two.id, one.id]],
  ] as const) {
    const { data } = await t.viewer.call('projectList', t.environment, { query });
    expect(
      data.map(({ id }) => id),
      JSON.stringify(query),
    ).toEqual(expected);
  }
});

test('an environment with a project is not empty', async () => {
  const t = await createTenant(database.db);
  const { data } = await create(t.environmentAdmin, t.environment);
  await expect(
    t.accountAdmin.call('environmentDelete', t.account, {
      params: { envId: t.environment.environmentId },
    }),
  ).rejects.toMatchObject({
    code: 'ObjectInUse',
    details: { blockers: [{ type: 'project', id: data.id, name: data.name }] },
  });
});

test('environments are found by when they were added, roles by any of several automations', async () => {
  const t = await createTenant(database.db);
  const { data: all } = await t.viewer.call('environmentList', t.account);
  const [first] = all;
  const found = await t.viewer.call('environmentList', t.account, {
    query: { added: first?.added ?? '' },
  });
  expect(found.data).toEqual(all.filter(({ added }) => added === first?.added));
  for (const automation of ['nginx', 'mysql', 'redis'] as const)
    await t.accountAdmin.call('roleCreate', t.account, {
      body: {
        name: randomName(automation),
        category: 1,
        os: 'ubuntu-24-04',
        builtinAutomation: [automation],
      },
    });
  const roles = await t.viewer.call('roleList', t.account, {
    query: { scope: 'account', builtinAutomation: 'nginx,redis' },
  });
  expect(roles.data.map((role) => role.builtinAutomation)).toEqual([['nginx'], ['redis']]);
});

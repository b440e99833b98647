import { expect, test } from 'vitest';
import type { ScopeRef } from '#contract/scope.ts';
import { withDatabase } from '../../testing/database.ts';
import { insertFarm, insertImage, insertRole, insertServers } from '../../testing/factories.ts';
import { createClient, createTenant, randomName } from '../../testing/harness.ts';
import {
  createPolicy,
  daysAgo,
  enforce,
  evaluate,
  readEverything,
  storeFound,
} from '../../testing/policies.ts';

const database = withDatabase();

const insert = (at: ScopeRef, name: string, values: object = {}) =>
  insertImage(database.db, at, { name, ...values });

/** Two versions of a line that no other test has. */
async function insertLine(at: ScopeRef, values: object = {}) {
  const line = `${randomName('line')}x`;
  const old = await insert(at, `${line}-1`, { added_at: daysAgo(200), ...values });
  const next = await insert(at, `${line}-2`, { added_at: daysAgo(100), ...values });
  return { line, old, next };
}

test('a policy begins in audit, is seen below only where it reaches, and changed only at its own scope', async () => {
  const t = await createTenant(database.db);
  const own = await createPolicy(t.accountAdmin, t.account, 'deprecate', { keepNewest: 3 });
  const reaching = await createPolicy(t.accountAdmin, t.account, 'roles', {}, 'below');
  const list = (at: ScopeRef) => t.viewer.call('policyList', at, { query: {} });
  expect((await list(t.account)).data).toMatchObject(
    expect.arrayContaining([
      expect.objectContaining({
        id: own,
        mode: 'audit',
        modeSet: null,
        evaluation: null,
        rule: { olderThanDays: null, keepNewest: 3 },
      }) as object,
    ]) as object,
  );
  expect((await list(t.environment)).data.map(({ id }) => id)).toEqual([reaching]);
  const params = { policyId: reaching };
  const body = { description: 'x' };
  await expect(
    t.environmentAdmin.call('policyUpdate', t.environment, { params, body }),
  ).rejects.toMatchObject({ code: 'ScopeViolation' });
  await expect(t.viewer.call('policyUpdate', t.account, { params, body })).rejects.toMatchObject({
    code: 'PermissionViolation',
  });
  const elsewhere = await createTenant(database.db);
  await expect(
    elsewhere.accountAdmin.call('policyGet', elsewhere.account, { params }),
  ).rejects.toMatchObject({ code: 'ObjectNotFound' });
});

test('what a policy found is not shown below it', async () => {
  const t = await createTenant(database.db);
  const policyId = await createPolicy(t.accountAdmin, t.account, 'names', {}, 'below');
  const { evaluation } = await evaluate(t.accountAdmin, t.account, policyId);
  const params = { policyId, evaluationId: evaluation.id };
  await expect(
    t.environmentAdmin.call('policyFindingList', t.environment, { params, query: {} }),
  ).rejects.toMatchObject({ code: 'ScopeViolation' });
  await expect(
    t.environmentAdmin.call('policyEvaluationList', t.environment, { params, query: {} }),
  ).rejects.toMatchObject({ code: 'ScopeViolation' });
});

test('an evaluation says row by row what is due when and why, and counts it by day', async () => {
  const t = await createTenant(database.db);
  const { old, next } = await insertLine(t.account);
  const middle = await insert(t.account, next.name.replace(/-2$/, '-1-5'), {
    added_at: daysAgo(150),
  });
  await insertLine(t.environment);
  const rule = { olderThanDays: 160, keepNewest: 1 };
  const policyId = await createPolicy(t.accountAdmin, t.account, 'deprecate', rule);
  const { evaluation, byName, findings } = await evaluate(t.accountAdmin, t.account, policyId);
  expect(byName).toMatchObject({
    [old.name]: { kind: 'image', id: old.id, verdict: 'due', code: 'old', done: false },
    [middle.name]: { verdict: 'later', code: 'old' },
    [next.name]: { verdict: 'kept', code: 'newest', due: null },
  });
  expect(findings).toHaveLength(3);
  expect(evaluation).toMatchObject({ counts: { due: 1, later: 1, kept: 1 }, done: null });
  const today = evaluation.at.slice(0, 10);
  const later = byName[middle.name]?.due?.slice(0, 10) ?? '';
  expect(evaluation.calendar).toEqual([
    { day: today, count: 1 },
    { day: later, count: 1 },
  ]);
  const params = { policyId, evaluationId: evaluation.id };
  const onDay = await t.viewer.call('policyFindingList', t.account, {
    params,
    query: { dueFrom: later, dueTo: later },
  });
  expect(onDay.data.map(({ name }) => name)).toEqual([middle.name]);
});

test('one that reaches below looks at all scopes there, each with a newest of its own', async () => {
  const t = await createTenant(database.db);
  const here = await insertLine(t.account);
  const below = await insertLine(t.environment);
  const elsewhere = await insertLine((await createTenant(database.db)).environment);
  const policyId = await createPolicy(
    t.accountAdmin,
    t.account,
    'deprecate',
    { keepNewest: 1 },
    'below',
  );
  const { byName } = await evaluate(t.accountAdmin, t.account, policyId);
  for (const { old, next } of [here, below]) {
    expect(byName[old.name]).toMatchObject({ verdict: 'due' });
    expect(byName[next.name]).toMatchObject({ code: 'newest' });
  }
  expect(byName).not.toHaveProperty(elsewhere.old.name);
});

test('audit writes nothing but its own evaluation', async () => {
  const t = await createTenant(database.db);
  await insertLine(t.environment);
  await readEverything(database.db, t.environment);
  const policyId = await createPolicy(t.environmentAdmin, t.environment, 'delete', {
    unusedForDays: 0,
  });
  const counts = () =>
    database.db
      .selectNoFrom((eb) => [
        eb
          .selectFrom('images')
          .select((inner) => inner.fn.sum<number>('version').as('n'))
          .as('images'),
        eb
          .selectFrom('outbox')
          .select((inner) => inner.fn.countAll<number>().as('n'))
          .as('jobs'),
        eb
          .selectFrom('operations_log')
          .select((inner) => inner.fn.countAll<number>().as('n'))
          .as('entries'),
        eb
          .selectFrom('policies')
          .select((inner) => inner.fn.sum<number>('version').as('n'))
          .as('policies'),
      ])
      .executeTakeFirstOrThrow();
  const before = await counts();
  const { evaluation } = await evaluate(t.environmentAdmin, t.environment, policyId);
  expect(evaluation.counts.due).toBe(1);
  expect(await counts()).toEqual(before);
});

test.each([
  ['a role that holds it', 'role'],
  ['a server that runs it', 'server'],
  ['a server in the cloud', 'found server'],
  ['a launch template in the cloud', 'found template'],
  ['another registration of it that a role holds', 'registration'],
])('%s keeps an image from being deleted', async (_, by) => {
  const t = await createTenant(database.db);
  const { db } = database;
  const { old } = await insertLine(t.environment);
  if (by === 'role') await insertRole(db, t.environment, [old.id]);
  if (by === 'server') {
    const other = await insertImage(db, t.environment);
    const role = await insertRole(db, t.environment, [other.id]);
    const { farmRoleId } = await insertFarm(db, t.environment, role.id);
    await insertServers(db, farmRoleId, old.id, 1, 'suspended');
  }
  if (by === 'registration') {
    const same = await insertImage(db, t.account, { cloud_image_id: old.cloud_image_id });
    await insertRole(db, t.account, [same.id]);
  }
  const kind = by.startsWith('found ') ? by.slice('found '.length) : undefined;
  await readEverything(
    db,
    t.environment,
    kind === undefined ? [] : [{ kind, cloud_image_id: old.cloud_image_id }],
  );
  const policyId = await createPolicy(t.environmentAdmin, t.environment, 'delete', {
    unusedForDays: 0,
  });
  const { byName } = await evaluate(t.environmentAdmin, t.environment, policyId);
  expect(byName[old.name]).toMatchObject({ verdict: 'kept', code: 'inUse' });
});

test('an image counts as used while something was seen that used it, also once that is forgotten', async () => {
  const t = await createTenant(database.db);
  const { db } = database;
  const { old } = await insertLine(t.environment);
  const credentialsId = await readEverything(db, t.environment, [
    { kind: 'group', cloud_image_id: old.cloud_image_id },
  ]);
  await storeFound(db, credentialsId, []);
  const policyId = await createPolicy(t.environmentAdmin, t.environment, 'delete', {
    unusedForDays: 60,
  });
  const dueDay = async () =>
    (await evaluate(t.environmentAdmin, t.environment, policyId)).byName[old.name]?.due?.slice(
      0,
      10,
    );
  const day = (at: Date) => at.toISOString().slice(0, 10);
  expect(await dueDay()).toBe(day(daysAgo(-60)));
  const gone = daysAgo(40);
  await db
    .updateTable('inventory_references')
    .set({ gone_at: gone })
    .where('credentials_id', '=', credentialsId)
    .execute();
  await storeFound(db, credentialsId, []);
  const left = db.selectFrom('inventory_references').where('credentials_id', '=', credentialsId);
  expect(await left.selectAll().execute()).toEqual([]);
  expect(await dueDay()).toBe(day(daysAgo(-20)));
});

test('where not everything was read nothing is deleted', async () => {
  const t = await createTenant(database.db);
  const { old } = await insertLine(t.environment);
  const credentialsId = await readEverything(database.db, t.environment);
  const policyId = await createPolicy(t.environmentAdmin, t.environment, 'delete', {
    unusedForDays: 0,
  });
  const verdict = async () =>
    (await evaluate(t.environmentAdmin, t.environment, policyId)).byName[old.name];
  expect(await verdict()).toMatchObject({ verdict: 'due' });
  await storeFound(database.db, credentialsId, [], [{ part: 'templates', words: 'AccessDenied' }]);
  expect(await verdict()).toMatchObject({ verdict: 'kept', code: 'unknownUse' });
});

test('a protected image is deleted by nobody, and left alone by policies, until that ends', async () => {
  const t = await createTenant(database.db);
  const { old } = await insertLine(t.environment);
  await readEverything(database.db, t.environment);
  const params = { imageId: old.id };
  const protect = (body: object) =>
    t.environmentAdmin.call('imageProtect', t.environment, { params, body });
  const { data } = await protect({ reason: 'Audit until May' });
  expect(data.protection).toMatchObject({
    by: t.environmentAdmin.email,
    reason: 'Audit until May',
  });
  expect((await protect({})).data).toEqual(data);
  const deletion = () => t.environmentAdmin.call('imageDelete', t.environment, { params });
  await expect(deletion()).rejects.toMatchObject({ code: 'UnacceptableState' });
  for (const [kind, rule] of [
    ['delete', { unusedForDays: 0 }],
    ['deprecate', { keepNewest: 1 }],
  ] as const) {
    const policyId = await createPolicy(t.environmentAdmin, t.environment, kind, rule);
    const { byName } = await evaluate(t.environmentAdmin, t.environment, policyId);
    expect(byName[old.name]).toMatchObject({ verdict: 'kept', code: 'protected' });
  }
  expect((await protect({ protect: false })).data.protection).toBeNull();
  await deletion();
});

test('a policy is enforced only with its latest evaluation in hand, and another rule goes back to audit', async () => {
  const t = await createTenant(database.db);
  const policyId = await createPolicy(t.accountAdmin, t.account, 'deprecate', { keepNewest: 2 });
  const params = { policyId };
  const ask = (evaluation: string) =>
    t.accountAdmin.call('policyEnforce', t.account, { params, body: { evaluation } });
  const { evaluation: first } = await evaluate(t.accountAdmin, t.account, policyId);
  const { evaluation: second } = await evaluate(t.accountAdmin, t.account, policyId);
  await expect(ask(first.id)).rejects.toMatchObject({ code: 'Conflict' });
  expect((await ask(second.id)).data).toMatchObject({
    mode: 'enforce',
    modeSet: { by: t.accountAdmin.email },
  });
  const body = { rule: { keepNewest: 1 } };
  const { data } = await t.accountAdmin.call('policyUpdate', t.account, { params, body });
  expect(data).toMatchObject({ mode: 'audit', evaluation: null });
  await expect(ask(second.id)).rejects.toMatchObject({ code: 'UnacceptableState' });
});

test('another name, or the rule as it is, leaves a policy enforced', async () => {
  const t = await createTenant(database.db);
  const policyId = await createPolicy(t.accountAdmin, t.account, 'deprecate', { keepNewest: 2 });
  await enforce(t.accountAdmin, t.account, policyId);
  const params = { policyId };
  const body = { name: randomName('renamed'), rule: { keepNewest: 2 } };
  const { data } = await t.accountAdmin.call('policyUpdate', t.account, { params, body });
  expect(data).toMatchObject({ mode: 'enforce', name: body.name });
});

test('what deletes by itself is started by an administrator alone', async () => {
  const t = await createTenant(database.db);
  const manager = await createClient(database.db, 'image_manager', t.account);
  const policyId = await createPolicy(manager, t.account, 'delete', {});
  await expect(enforce(manager, t.account, policyId)).rejects.toMatchObject({
    code: 'PermissionViolation',
  });
  const params = { policyId };
  const { data } = await manager.call('policyGet', t.account, {
    params,
    query: { include: 'actions' },
  });
  expect(data.actions).toMatchObject({
    enforce: { allowed: false, code: 'PermissionViolation' },
    update: { allowed: true },
  });
  await enforce(t.accountAdmin, t.account, policyId);
  const stopped = await manager.call('policyAudit', t.account, { params, body: {} });
  expect(stopped.data.mode).toBe('audit');
});

test('a policy about roles reports those that hold an image that has been deprecated too long', async () => {
  const t = await createTenant(database.db);
  const image = await insert(t.account, randomName('old-1'), {
    deprecated_at: daysAgo(40),
    deprecated_by: 'test@example.com',
  });
  const role = await insertRole(database.db, t.environment, [image.id]);
  await database.db
    .updateTable('role_images')
    .set({ added_at: daysAgo(60) })
    .where('role_id', '=', role.id)
    .execute();
  await insertRole(database.db, t.environment, [(await insertImage(database.db, t.account)).id]);
  const rule = { deprecatedForDays: 30 };
  const policyId = await createPolicy(t.accountAdmin, t.account, 'roles', rule, 'below');
  const { findings } = await evaluate(t.accountAdmin, t.account, policyId);
  expect(findings).toMatchObject([
    { kind: 'role', id: String(role.id), verdict: 'due', code: 'deprecatedImage' },
  ]);
  await expect(enforce(t.accountAdmin, t.account, policyId)).rejects.toMatchObject({
    code: 'UnacceptableState',
  });
});

test('a policy about names lists versions and roles that are called otherwise', async () => {
  const t = await createTenant(database.db);
  const odd = await insert(t.account, `${randomName('image')}-final`);
  await insert(t.account, 'nginx-1-9');
  const role = await insertRole(database.db, t.account, [], { name: `${randomName('r')}-x` });
  const rule = { template: '{software}-{version}', objects: 'both' as const };
  const policyId = await createPolicy(t.accountAdmin, t.account, 'names', rule);
  const { byName } = await evaluate(t.accountAdmin, t.account, policyId);
  expect(byName).toMatchObject({
    [odd.name]: { kind: 'imageSet', verdict: 'due', code: 'name' },
    'nginx-1-9': { verdict: 'kept', code: 'fits' },
    [role.name]: { kind: 'role', verdict: 'due' },
  });
});

test('where names are enforced new ones are refused that are made otherwise, also below, and old ones stay', async () => {
  const t = await createTenant(database.db);
  const old = await insert(t.environment, 'golden');
  const rule = { template: 'team-{software}-{version}', objects: 'both' as const };
  const policyId = await createPolicy(t.accountAdmin, t.account, 'names', rule, 'below');
  const params = { imageId: old.id };
  const rename = (name: string) =>
    t.environmentAdmin.call('imageUpdate', t.environment, { params, body: { name } });
  await rename('golden-one');
  await enforce(t.accountAdmin, t.account, policyId);
  const set = await database.db
    .selectFrom('images')
    .where('id', '=', old.id)
    .select('set_id')
    .executeTakeFirstOrThrow();
  const role = await insertRole(database.db, t.environment);
  const image = (name: string) => ({
    name,
    cloudPlatform: 'ec2' as const,
    cloudLocation: 'us-east-1',
    cloudImageId: randomName('ami'),
    os: 'ubuntu-24-04',
    architecture: 'x86_64' as const,
  });
  const body = { name: 'golden-two' };
  for (const refused of [
    () => rename('golden-two'),
    () => t.environmentAdmin.call('imageCreate', t.environment, { body: image('golden-two') }),
    () =>
      t.environmentAdmin.call('imageSetUpdate', t.environment, {
        params: { imageSetId: set.set_id ?? 0 },
        body,
      }),
    () =>
      t.environmentAdmin.call('roleCreate', t.environment, {
        body: { name: 'golden-two', category: 1, os: 'ubuntu-24-04' },
      }),
    () =>
      t.environmentAdmin.call('roleUpdate', t.environment, { params: { roleId: role.id }, body }),
    () =>
      t.environmentAdmin.call('roleClone', t.environment, { params: { roleId: role.id }, body }),
  ])
    await expect(refused()).rejects.toMatchObject({
      code: 'InvalidValue',
      details: { field: 'name' },
      message: expect.stringContaining(rule.template) as string,
    });
  await t.environmentAdmin.call('imageUpdate', t.environment, {
    params,
    body: { name: 'golden-one', description: 'x' },
  });
  await rename('team-golden-2');
  const elsewhere = await createTenant(database.db);
  await elsewhere.environmentAdmin.call('imageCreate', elsewhere.environment, {
    body: image('golden-two'),
  });
});

test('the latest ten evaluations are kept', async () => {
  const t = await createTenant(database.db);
  const policyId = await createPolicy(t.accountAdmin, t.account, 'deprecate', { keepNewest: 2 });
  const made: string[] = [];
  for (let i = 0; i < 12; i += 1)
    made.push((await evaluate(t.accountAdmin, t.account, policyId)).evaluation.id);
  const { data } = await t.viewer.call('policyEvaluationList', t.account, {
    params: { policyId },
    query: {},
  });
  expect(data.map(({ id }) => id)).toEqual(made.toReversed().slice(0, 10));
});

test('an environment with policies is not empty', async () => {
  const t = await createTenant(database.db);
  const body = { name: randomName('environment') };
  const { data } = await t.accountAdmin.call('environmentCreate', t.account, { body });
  const at = { ...t.environment, environmentId: data.id };
  const policyId = await createPolicy(t.accountAdmin, at, 'deprecate', {});
  const params = { envId: data.id };
  const remove = () => t.accountAdmin.call('environmentDelete', t.account, { params });
  await expect(remove()).rejects.toMatchObject({
    code: 'ObjectInUse',
    details: { blockers: [{ type: 'policy', id: policyId }] },
  });
  await t.accountAdmin.call('policyDelete', at, { params: { policyId } });
  await remove();
});

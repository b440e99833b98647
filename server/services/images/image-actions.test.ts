import { describe, expect, test } from 'vitest';
import type { Image } from '#contract/images/images.ts';
import type { ScopeRef } from '#contract/scope.ts';
import { queueCloudDeletion } from '../../database/queries/images/image-changes.ts';
import { withDatabase } from '../../testing/database.ts';
import { insertFarm, insertImage, insertRole, insertServers } from '../../testing/factories.ts';
import { type Client, createClient, createTenant } from '../../testing/harness.ts';

const database = withDatabase();

/** An image that waits to be deleted from its cloud. */
async function insertLeavingImage(at: ScopeRef) {
  const image = await insertImage(database.db, at);
  await queueCloudDeletion(database.db, image.id, new Date());
  return image;
}

async function actionsOf(client: Client, at: ScopeRef, imageId: string) {
  const input = { params: { imageId }, query: { include: 'actions' } };
  const { actions } = (await client.call('imageGet', at, input)).data;
  if (!actions) throw new Error('no actions in the answer');
  return actions;
}

/** `-` for what is allowed, else the code of the refusal. */
function codes(actions: NonNullable<Image['actions']>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(actions).map(([name, verdict]) => [
      name,
      verdict.allowed ? '-' : (verdict.code ?? '?'),
    ]),
  );
}

const all = (code: string) => ({
  update: code,
  promote: code,
  demote: code,
  replace: code,
  copy: code,
  deprecate: code,
  protect: code,
  delete: code,
  deleteFromCloud: code,
  addToRole: code,
  try: code,
  move: code,
});

describe('what may be done with an image', () => {
  test('is everything for an administrator of its scope, but what the scope does not have', async () => {
    const t = await createTenant(database.db);
    const inEnvironment = await insertImage(database.db, t.environment);
    const atTop = await insertImage(database.db, t.corporate);
    expect(codes(await actionsOf(t.accountAdmin, t.environment, inEnvironment.id))).toEqual({
      ...all('-'),
      demote: 'ScopeViolation',
    });
    expect(codes(await actionsOf(t.corporateAdmin, t.corporate, atTop.id))).toEqual({
      ...all('-'),
      promote: 'ScopeViolation',
      deleteFromCloud: 'InvalidValue',
      try: 'ScopeViolation',
    });
  });

  test('needs the rights for it, and says which', async () => {
    const t = await createTenant(database.db);
    const { id } = await insertImage(database.db, t.account);
    const actions = await actionsOf(t.viewer, t.account, id);
    expect(codes(actions)).toEqual(all('PermissionViolation'));
    expect(actions.delete.reason).toMatch(/delete images.*Image manager/);
    const manager = await createClient(database.db, 'image_manager', t.account);
    expect(codes(await actionsOf(manager, t.account, id))).toEqual({
      ...all('-'),
      promote: 'PermissionViolation',
      demote: 'PermissionViolation',
      deleteFromCloud: 'InvalidValue',
      try: 'ScopeViolation',
    });
  });

  test('where it is inherited, is to use it', async () => {
    const t = await createTenant(database.db);
    const { id } = await insertImage(database.db, t.account);
    const actions = await actionsOf(t.environmentAdmin, t.environment, id);
    expect(codes(actions)).toEqual({
      ...all('ScopeViolation'),
      replace: '-',
      addToRole: '-',
      try: '-',
      move: '-',
    });
    expect(actions.update.reason).toMatch(/Account scope/);
  });

  test('follows its state', async () => {
    const t = await createTenant(database.db);
    const verdicts = async (values: object) => {
      const { id } = await insertImage(database.db, t.environment, values);
      return codes(await actionsOf(t.accountAdmin, t.environment, id));
    };
    const leaving = await insertLeavingImage(t.environment);
    expect(codes(await actionsOf(t.accountAdmin, t.environment, leaving.id))).toEqual({
      ...all('UnacceptableImageStatus'),
      demote: 'ScopeViolation',
      replace: '-',
      move: '-',
    });
    expect(await verdicts({ status: 'failed' })).toMatchObject({
      addToRole: 'UnacceptableImageStatus',
      delete: '-',
    });
    const isProtected = { protected_at: new Date(), protected_by: 'somebody' };
    expect(await verdicts(isProtected)).toMatchObject({
      deprecate: '-',
      protect: '-',
      delete: 'UnacceptableState',
      deleteFromCloud: 'UnacceptableState',
    });
    const deprecated = { deprecated_at: new Date(), deprecated_by: 'somebody' };
    expect(await verdicts(deprecated)).toEqual({
      ...all('-'),
      demote: 'ScopeViolation',
      copy: 'Deprecated',
      addToRole: 'Deprecated',
      try: 'Deprecated',
    });
  });

  test('does not include deleting it while it is used anywhere', async () => {
    const t = await createTenant(database.db);
    const { id } = await insertImage(database.db, t.account);
    const role = await insertRole(database.db, t.environment, [id]);
    const { farmRoleId } = await insertFarm(database.db, t.environment, role.id);
    await insertServers(database.db, farmRoleId, id, 2);
    const { delete: verdict } = await actionsOf(t.accountAdmin, t.account, id);
    expect(verdict).toMatchObject({ allowed: false, code: 'ObjectInUse' });
    expect(verdict.reason).toMatch(/1 role and 2 servers/);
  });

  test('is what the operations then answer', async () => {
    const t = await createTenant(database.db);
    const rows = [
      await insertImage(database.db, t.corporate),
      await insertImage(database.db, t.account),
      await insertImage(database.db, t.environment),
      await insertImage(database.db, t.environment, { status: 'failed' }),
      await insertLeavingImage(t.environment),
    ];
    await insertRole(database.db, t.environment, [rows[2]?.id ?? '']);
    for (const client of [t.viewer, t.environmentAdmin])
      for (const { id } of rows) {
        const actions = await actionsOf(client, t.environment, id);
        const params = { imageId: id };
        const calls = {
          update: () =>
            client.call('imageUpdate', t.environment, { params, body: { name: 'new-name' } }),
          deprecate: () =>
            client.call('imageDeprecate', t.environment, { params, body: { deprecate: false } }),
          delete: () => client.call('imageDelete', t.environment, { params }),
        };
        for (const name of ['update', 'deprecate', 'delete'] as const) {
          const outcome = await calls[name]().then(
            () => true,
            () => false,
          );
          expect(outcome, `${name} by ${client.email}`).toBe(actions[name].allowed);
        }
      }
  });
});

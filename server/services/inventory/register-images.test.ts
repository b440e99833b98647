import { afterEach, expect, test } from 'vitest';
import { checkInvariants } from '../../database/invariants.ts';
import { group, image, observe, server, template } from '../../testing/estates.ts';
import { withDatabase } from '../../testing/database.ts';
import { createTenant, type Tenant } from '../../testing/harness.ts';

const database = withDatabase();

afterEach(async () => {
  expect(await checkInvariants(database.db)).toEqual([]);
});

const estate = [
  image('ami-1'),
  { ...image('ami-2'), architecture: undefined } as ReturnType<typeof image>,
  { ...image('ami-3'), state: 'disabled' } as ReturnType<typeof image>,
  template('ami-1'),
  group('web'),
  server('i-1', 'ami-1', 'web'),
];

type Body = Parameters<Tenant['viewer']['call']>[2] extends infer _ ? object : never;

const register = (t: Tenant, body: Body, who = t.accountAdmin) =>
  who.call('cloudImageRegister', t.account, { body: { os: 'ubuntu-24-04', ...body } as never });

async function keysOf(t: Tenant): Promise<Record<string, string>> {
  const { data } = await t.viewer.call('cloudImageList', t.account, { query: {} });
  return Object.fromEntries(data.map(({ cloudImageId, id }) => [cloudImageId, id]));
}

test('many are registered as one change, each with what became of it', async () => {
  const t = await createTenant(database.db);
  await observe(database.db, t, estate);
  const keys = await keysOf(t);
  const absent = '00000000-0000-4000-8000-000000000009';
  const { data } = await register(t, {
    cloudImages: [keys['ami-1'], keys['ami-2'], keys['ami-3'], absent],
    names: [{ proposed: 'name-of-ami-1', name: 'web-7' }],
  });
  expect(data.map(({ image, code }) => image?.name ?? code)).toEqual([
    'web-7',
    'InvalidStructure',
    'UnacceptableImageStatus',
    'ObjectNotFound',
  ]);
  const images = await t.viewer.call('imageList', t.account, { query: { name: 'web-7' } });
  expect(images.data).toMatchObject([
    {
      cloudImageId: 'ami-1',
      architecture: 'x86_64',
      size: 8,
      os: { id: 'ubuntu-24-04' },
      checked: expect.any(String),
    },
  ]);
  // What runs it, runs the registration.
  const { data: servers } = await t.viewer.call('serverList', t.account, {
    query: { image: images.data[0]?.id ?? '' },
  });
  expect(servers.length).toBe(1);
  const log = await database.db
    .selectFrom('operations_log')
    .where('operation', '=', 'cloudImageRegister')
    .where('account_id', '=', t.account.accountId)
    .select('object')
    .execute();
  expect(log.length).toBe(1);
  const again = await register(t, { cloudImages: [keys['ami-1']], architecture: 'x86_64' });
  expect(again.data).toMatchObject([{ image: null, code: 'UnicityViolation' }]);
});

test('those that the filters find are registered', async () => {
  const t = await createTenant(database.db);
  await observe(database.db, t, estate);
  const filters = { running: true, registered: false };
  const { data } = await register(t, { filters });
  expect(data.map(({ cloudImage, image }) => [cloudImage.cloudImageId, image?.name])).toEqual([
    ['ami-1', 'name-of-ami-1'],
  ]);
  expect((await register(t, { filters })).data).toEqual([]);
});

test('it takes the right to manage images, and one way to say which', async () => {
  const t = await createTenant(database.db);
  await observe(database.db, t, estate);
  const cloudImages = Object.values(await keysOf(t));
  await expect(register(t, { cloudImages }, t.viewer)).rejects.toMatchObject({
    code: 'PermissionViolation',
  });
  for (const which of [{}, { cloudImages, filters: {} }])
    await expect(register(t, which)).rejects.toMatchObject({ code: 'InvalidStructure' });
  await expect(register(t, { cloudImages, os: 'no-such-os' })).rejects.toMatchObject({
    code: 'InvalidValue',
  });
});

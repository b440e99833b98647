import { expect, test } from 'vitest';
import { withDatabase } from '../../testing/database.ts';
import { insertFarm, insertImage, insertRole } from '../../testing/factories.ts';
import { createTenant } from '../../testing/harness.ts';

const database = withDatabase();

test('a farm role tells what it would start from, and the replacement that put it there', async () => {
  const t = await createTenant(database.db);
  const [old, next] = [
    await insertImage(database.db, t.account),
    await insertImage(database.db, t.account),
  ];
  const role = await insertRole(database.db, t.account, [old.id]);
  const { farmRoleId } = await insertFarm(database.db, t.environment, role.id);
  const read = async () =>
    (
      await t.viewer.call('farmRoleBootImageGet', t.environment, {
        params: { farmRoleId: String(farmRoleId) },
      })
    ).data;
  expect(await read()).toMatchObject({
    image: { id: old.id },
    role: { id: role.id },
    rule: 'location',
    cloudLocation: 'us-east-1',
    replacement: null,
  });

  const replaced = await t.accountAdmin.call('imageReplace', t.account, {
    params: { imageId: old.id },
    body: { newImage: { id: next.id }, reason: 'CVE-2026-1' },
  });
  const why = await read();
  expect(why).toMatchObject({
    image: { id: next.id },
    replacement: { reason: 'CVE-2026-1', rollsBack: null },
  });
  expect(why.by).toBe(why.replacement?.by);
  expect(why.since).toBe(why.replacement?.at);

  const { meta } = replaced;
  const replacementId = meta?.replacement?.id ?? '';
  await t.accountAdmin.call('replacementRollBack', t.account, {
    params: { replacementId },
    body: {},
  });
  expect(await read()).toMatchObject({
    image: { id: old.id },
    replacement: { rollsBack: { id: replacementId } },
  });

  await t.accountAdmin.call('roleImageReplace', t.account, {
    params: { roleId: role.id, imageId: old.id },
    body: { image: { id: next.id } },
  });
  const { data: replacements } = await t.viewer.call('replacementList', t.account, {
    query: { role: role.id },
  });
  const made = await read();
  expect(made).toMatchObject({ image: { id: next.id }, replacement: { rollsBack: null } });
  expect(made.replacement?.id).toBe(replacements[0]?.id);
});

test('an image added by hand has a person and no replacement behind it', async () => {
  const t = await createTenant(database.db);
  const image = await insertImage(database.db, t.account, {
    cloud_platform: 'gce',
    cloud_location: '',
  });
  const role = await insertRole(database.db, t.account);
  await t.accountAdmin.call('roleImageCreate', t.account, {
    params: { roleId: String(role.id) },
    body: { image: { id: image.id } },
  });
  const { farmRoleId } = await insertFarm(database.db, t.environment, role.id, {
    cloudPlatform: 'gce',
    cloudLocation: 'europe-west1',
  });
  const { data } = await t.viewer.call('farmRoleBootImageGet', t.account, {
    params: { farmRoleId: String(farmRoleId) },
  });
  expect(data).toMatchObject({ image: { id: image.id }, rule: 'everywhere', cloudLocation: '' });
  expect(data.by).toContain('@');
  expect(data.replacement).toBeNull();
});

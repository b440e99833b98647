import { beforeEach, describe, expect, test } from 'vitest';
import { withDatabase } from '../../testing/database.ts';
import { insertImage, insertRole } from '../../testing/factories.ts';
import { type Client, createTenant, randomName, type Tenant } from '../../testing/harness.ts';

// What a promotion means, told before it is done, to each as far as they may see.

const database = withDatabase();
let t: Tenant;
beforeEach(async () => {
  t = await createTenant(database.db);
});

const previewFor = async (client: Client, imageId: string) =>
  (await client.call('imagePromotePreview', t.environment, { params: { imageId } })).data;

describe('the preview of a promotion', () => {
  test('names who will newly see it, to those who may look there', async () => {
    const { id } = await insertImage(database.db, t.environment);
    const { audience, newlySeenBy } = await previewFor(t.accountAdmin, id);
    expect(audience).toEqual({ accounts: 1, environments: 1 });
    const { accountId } = t.account;
    expect(newlySeenBy).toMatchObject({
      accounts: [{ id: accountId, accountId }],
      environments: [{ id: t.otherEnvironment.environmentId, accountId }],
    });
    expect((await previewFor(t.environmentAdmin, id)).newlySeenBy).toBeNull();
  });

  test('says which right is missing where, and who can give it', async () => {
    const { id } = await insertImage(database.db, t.environment);
    expect((await previewFor(t.accountAdmin, id)).missingRights).toEqual([]);
    const { accountId, environmentId: envId } = t.environment;
    const above = { permission: 'promote', scope: 'account', accountId, envId: null };
    expect((await previewFor(t.environmentAdmin, id)).missingRights).toMatchObject([above]);
    const here = { permission: 'images.manage', scope: 'environment', accountId, envId };
    const missing = (await previewFor(t.viewer, id)).missingRights;
    expect(missing).toMatchObject([here, above]);
    expect(missing.map(({ ask }) => ask[0]?.email)).toEqual([
      t.environmentAdmin.email,
      t.accountAdmin.email,
    ]);
  });

  test('lists what stays below: other registrations, and what only they have of the version', async () => {
    const { db } = database;
    const name = `${randomName('web')}-1`;
    const image = await insertImage(db, t.environment, { name });
    const sibling = await insertImage(db, t.environment, { name, cloud_location: 'eu-west-1' });
    const { cloud_image_id } = image;
    const twice = await insertImage(db, t.otherEnvironment, { name, cloud_image_id });
    const alone = await insertImage(db, t.otherEnvironment, { name, cloud_location: 'sa-east-1' });
    await insertImage(db, t.otherEnvironment, { name });
    const { below } = await previewFor(t.accountAdmin, image.id);
    expect(below.images.map(({ id, sameCloudImage }) => [id, sameCloudImage])).toEqual([
      [twice.id, true],
      [sibling.id, false],
      [alone.id, false],
    ]);
    expect(below.hidden).toBe(0);
    const narrow = (await previewFor(t.environmentAdmin, image.id)).below;
    expect([narrow.images.map(({ id }) => id), narrow.hidden]).toEqual([[sibling.id], 2]);
  });

  test('says how each collision is settled', async () => {
    const { db } = database;
    const image = await insertImage(db, t.environment);
    const { cloud_image_id } = image;
    await insertImage(db, t.account, { cloud_image_id });
    const { collisions } = await previewFor(t.accountAdmin, image.id);
    expect(collisions).toMatchObject([{ type: 'image', mergeable: true, waysOut: ['merge'] }]);
    const role = await insertRole(db, t.environment);
    await insertRole(db, t.otherEnvironment, [], { name: role.name });
    const ofRole = await t.accountAdmin.call('rolePromotePreview', t.environment, {
      params: { roleId: role.id },
    });
    expect(ofRole.data.collisions).toMatchObject([
      {
        type: 'role',
        mergeable: false,
        waysOut: ['rename'],
        reason: expect.stringMatching(/rename/),
      },
    ]);
  });
});

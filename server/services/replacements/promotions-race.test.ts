import { expect, test } from 'vitest';
import { ApiError } from '#contract/errors.ts';
import { openDatabase } from '../../database/connection/connection.ts';
import { checkInvariants } from '../../database/invariants.ts';
import { withDatabase } from '../../testing/database.ts';
import { insertFarm, insertImage, insertRole } from '../../testing/factories.ts';
import { createTenant, randomName } from '../../testing/harness.ts';

const database = withDatabase();
const rounds = process.env.SLIPWAY_TEST_FULL === '1' ? 40 : 4;

test('sixteen people who promote, attach, replace, detach and clone at once break no rule', async () => {
  // On a busy machine many wait long for one row. Without limits only conflicts can fail.
  const patient = openDatabase(database.url, { limited: false });
  const t = await createTenant(patient);
  const outcomes: string[] = [];
  for (let round = 0; round < rounds; round++) {
    const upper = await insertImage(database.db, t.account);
    const twin = await insertImage(database.db, t.environment, {
      cloud_image_id: upper.cloud_image_id,
    });
    const spare = await insertImage(database.db, t.environment);
    const west = await insertImage(database.db, t.environment, { cloud_location: 'us-west-2' });
    const role = await insertRole(database.db, t.environment, [twin.id]);
    const other = await insertRole(database.db, t.environment, [twin.id, west.id]);
    const ofAccount = await insertRole(database.db, t.account);
    await insertFarm(database.db, t.environment, other.id);
    const admin = t.corporateAdmin;
    const roleParams = (id: number) => ({ roleId: String(id) });
    const put = (roleId: number, imageId: string, at: typeof t.environment | typeof t.account) =>
      admin.call('roleImageCreate', at, {
        params: roleParams(roleId),
        body: { image: { id: imageId } },
      });
    const swap = (roleId: number, imageId: string, next: string) =>
      admin.call('roleImageReplace', t.environment, {
        params: { ...roleParams(roleId), imageId },
        body: { image: { id: next } },
      });
    const promoteRole = (id: number, at: typeof t.environment | typeof t.account) =>
      admin.call('rolePromote', at, { params: roleParams(id), body: { merge: true } });
    const promoteImage = (imageId: string) =>
      admin.call('imagePromote', t.environment, { params: { imageId }, body: { merge: true } });
    const drop = (roleId: number, imageId: string) =>
      admin.call('roleImageDelete', t.environment, { params: { ...roleParams(roleId), imageId } });
    const settled = await Promise.allSettled([
      promoteRole(role.id, t.environment),
      promoteRole(other.id, t.environment),
      promoteRole(ofAccount.id, t.account),
      promoteRole(role.id, t.account),
      promoteImage(twin.id),
      promoteImage(spare.id),
      promoteImage(west.id),
      put(role.id, west.id, t.environment),
      put(ofAccount.id, west.id, t.account),
      put(ofAccount.id, spare.id, t.account),
      swap(role.id, twin.id, spare.id),
      swap(other.id, twin.id, upper.id),
      drop(other.id, west.id),
      drop(other.id, twin.id),
      admin.call('roleClone', t.environment, {
        params: roleParams(other.id),
        body: { name: randomName('copy') },
      }),
      admin.call('roleDelete', t.environment, { params: roleParams(role.id) }),
    ]);
    for (const result of settled) {
      if (result.status === 'fulfilled') outcomes.push('ok');
      else if (result.reason instanceof ApiError) outcomes.push(result.reason.code);
      else throw result.reason;
    }
  }
  await patient.destroy();
  expect(outcomes).toHaveLength(rounds * 16);
  expect(outcomes).not.toContain('InternalServerError');
  expect(outcomes).not.toContain('ServiceUnavailable');
  expect(outcomes.filter((outcome) => outcome === 'ok').length).toBeGreaterThan(rounds * 3);
  expect(await checkInvariants(database.db)).toEqual([]);
});

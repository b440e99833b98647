import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { withDatabase } from '../../../testing/database.ts';
import { insertImage, insertRole } from '../../../testing/factories.ts';
import { createTenant } from '../../../testing/harness.ts';
import { insertFoundImage } from '../../../testing/inventory.ts';
import { fetchCloudImages } from './cloud-images.ts';

const database = withDatabase();

test('what holds found images is told soon also before a new database is analyzed', async () => {
  const { db } = database;
  const { account, corporate } = await createTenant(db);
  const found: { key: string }[] = [];
  for (let n = 0; n < 40; n += 1) {
    const { key, cloudImageId } = await insertFoundImage(db, account);
    found.push({ key });
    const { id } = await insertImage(db, account, { cloud_image_id: cloudImageId });
    await insertRole(db, account, [id]);
  }
  for (let n = 0; n < 400; n += 1)
    await insertRole(db, account, [(await insertImage(db, account)).id]);
  const keys = found.map(({ key }) => key);
  const rows = await db.transaction().execute(async (tx) => {
    // It takes 50 ms; where each role looks for the registrations again, several seconds.
    await sql`SET LOCAL statement_timeout = '1s'`.execute(tx);
    return fetchCloudImages(tx, corporate, keys);
  });
  expect(rows.map(({ key }) => key)).toEqual(keys);
  expect(new Set(rows.map(({ roles }) => roles))).toEqual(new Set([1]));
});

import { expect, test } from 'vitest';
import { demandCapability } from '../../cloud/port.ts';
import { withDatabase } from '../database.ts';
import { insertImage } from '../factories.ts';
import { createTenant } from '../harness.ts';
import { endOf, startServerProcess } from '../server-process.ts';
import { lxd, makeImage } from './lxd-setup.ts';

const database = withDatabase();

test('Slipway itself, told of an LXD, deletes an image there, and refuses what is elsewhere', async () => {
  const { db, url } = database;
  const { environment, environmentAdmin } = await createTenant(db);
  const place = { cloud_platform: 'lxd', cloud_location: 'default' };
  const here = await insertImage(db, environment, { ...place, cloud_image_id: await makeImage() });
  const elsewhere = await insertImage(db, environment, { cloud_image_id: 'ami-0123456789abcdef0' });
  for (const { id: imageId } of [here, elsewhere])
    await environmentAdmin.call('imageDelete', environment, {
      params: { imageId },
      query: { deleteFromCloud: 'true' },
    });
  const server = await startServerProcess(url, {
    environment: { CLOUD: 'lxd', LXD_SOCKET: lxd.socket },
  });
  try {
    const left = db.selectFrom('images').where('deleted_at', 'is', null);
    const rows = () => left.select(['id', 'status_error']).execute();
    await expect.poll(rows, { timeout: 60_000 }).toEqual([
      {
        id: elsewhere.id,
        status_error: expect.stringContaining('LXD has nothing on ec2.') as string,
      },
    ]);
    const images = demandCapability(lxd.connect(), 'images');
    const ref = { ...lxd.place, cloudImageId: here.cloud_image_id };
    expect(await images.find(ref, { signal: AbortSignal.timeout(60_000) })).toBeUndefined();
  } finally {
    server.child.kill();
    await endOf(server);
  }
});

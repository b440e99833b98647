import { randomBytes } from 'node:crypto';
import type { ScopeRef } from '#contract/scope.ts';
import type { Db } from '../database/connection/connection.ts';
import {
  type ImageToStore,
  type ReferenceToStore,
  storeReach,
  storeReading,
} from '../database/queries/inventory/readings.ts';
import { insertCredentials } from './credentials.ts';
import { randomName } from './harness.ts';

/** An image that was found at one place with new credentials, by a reading that came to an end, and what refers to it. */
export async function insertFoundImage(
  db: Db,
  at: ScopeRef,
  references: readonly Omit<ReferenceToStore, 'cloud_image_id'>[] = [],
): Promise<{ key: string; credentialsId: string; cloudImageId: string; name: string }> {
  const credentialsId = await insertCredentials(db, at);
  const place = { cloudPlatform: 'ec2', cloudLocation: 'us-east-1' };
  const image: ImageToStore = {
    cloud_image_id: `ami-0${randomBytes(8).toString('hex')}`,
    name: randomName('found'),
    architecture: 'x86_64',
    size_gb: 8,
    owner: '123456789012',
    state: 'available',
    created_at: null,
    deprecated_at: null,
  };
  await storeReach(db, credentialsId, [{ ...place, account: '123456789012' }]);
  const { cloud_image_id: cloudImageId, name } = image;
  await storeReading(
    db,
    { credentialsId, ...place },
    {
      images: [image],
      references: references.map((one) => ({ ...one, cloud_image_id: cloudImageId })),
      unread: [],
      keptKinds: [],
      keepsImages: false,
      startedAt: new Date(),
      tookMs: 1,
    },
  );
  const found = db
    .selectFrom('inventory_images')
    .where('credentials_id', '=', credentialsId)
    .select('key');
  return { ...(await found.executeTakeFirstOrThrow()), credentialsId, cloudImageId, name };
}

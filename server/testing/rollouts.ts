import { sql } from 'kysely';
import type { ScopeRef } from '#contract/scope.ts';
import type { CloudDriver } from '../cloud/port.ts';
import type { Db } from '../database/connection/connection.ts';
import { rollOut } from '../fleet/rollouts.ts';
import { insertFarm, insertImage, insertRole, insertServers } from './factories.ts';
import { settleServers } from './fleet.ts';
import type { Tenant } from './harness.ts';

/** A farm with servers on an image that its role has no longer, since a replacement. */
export async function createOldFarm(
  db: Db,
  t: Tenant,
  {
    servers = 4,
    at = t.environment,
    imagesAt = t.account,
  }: { servers?: number; at?: Tenant['environment']; imagesAt?: ScopeRef } = {},
) {
  const [oldImage, newImage] = [await insertImage(db, imagesAt), await insertImage(db, imagesAt)];
  const role = await insertRole(db, imagesAt, [oldImage.id]);
  const farm = await insertFarm(db, at, role.id);
  const serverIds = await insertServers(db, farm.farmRoleId, oldImage.id, servers);
  await sql`UPDATE farm_roles SET min_servers = ${servers} WHERE id = ${farm.farmRoleId}`.execute(
    db,
  );
  const { meta } = await t.corporateAdmin.call('imageReplace', imagesAt, {
    params: { imageId: oldImage.id },
    body: { newImage: newImage.id },
  });
  return {
    ...farm,
    oldImage,
    newImage,
    role,
    serverIds,
    replacementId: meta?.replacement?.id ?? '',
  };
}

/** One pass of the rollouts, and all that comes of it in the clouds. @throws what went wrong inside Slipway */
export async function passOnce(db: Db, cloud?: CloudDriver): Promise<void> {
  await rollOut(db, {
    onError: (error) => {
      throw error;
    },
  });
  await settleServers(db, cloud);
}

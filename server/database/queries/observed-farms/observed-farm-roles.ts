import { sql } from 'kysely';
import type { ObservedFarmRole } from '../../../domain/inventory/observed-farms.ts';
import type { Db } from '../../connection/connection.ts';
import { updateFarmRole } from '../farms/farm-role-writes.ts';
import type { InventoryPlace } from '../inventory/inventory-place.ts';
import { swapRoleImages } from '../roles/role-images.ts';
import type { Observing } from './observing.ts';

const by = 'system:inventory';

/** A farm role as it was written last. */
export interface KnownFarmRole {
  id: number;
  role_id: number;
  cloud_platform: string;
  image_location: string;
  key: string;
  alias: string;
  image_id: string;
  min_servers: number;
  max_servers: number;
}

export async function fetchFarmRolesOf(tx: Db, farmId: number): Promise<KnownFarmRole[]> {
  const { rows } = await sql<KnownFarmRole>`
    SELECT fr.id, fr.role_id, fr.cloud_platform, fr.image_location, o.key, fr.alias, ri.image_id, fr.min_servers,
      fr.max_servers
    FROM farm_roles fr JOIN observed_farm_roles o ON o.farm_role_id = fr.id
    JOIN role_images ri ON (ri.role_id, ri.cloud_platform, ri.cloud_location)
      = (fr.role_id, fr.cloud_platform, fr.image_location)
    WHERE fr.farm_id = ${farmId} ORDER BY fr.id`.execute(tx);
  return rows;
}

/** What a farm role is written with. */
export interface FarmRoleTo {
  farmId: number;
  place: InventoryPlace;
  observing: Observing;
  imageId: string;
  index: number;
  at: Date;
}

interface BootFacts {
  words: string;
  template_id: string | null;
  template_version: string | null;
  pointer_name: string | null;
}

/** @returns its id */
export async function writeFarmRole(
  tx: Db,
  own: KnownFarmRole | undefined,
  wanted: ObservedFarmRole,
  to: FarmRoleTo,
): Promise<number> {
  const facts = {
    words: wanted.words,
    template_id: wanted.templateId,
    template_version: wanted.templateVersion,
    pointer_name: wanted.pointerName,
  };
  if (!own) return insertFarmRole(tx, wanted, { ...to, facts });
  const place = {
    roleId: own.role_id,
    cloudPlatform: own.cloud_platform,
    cloudLocation: own.image_location,
  };
  const { imageId, at } = to;
  await swapRoleImages(tx, [{ ...place, oldImageId: own.image_id, newImageId: imageId }], {
    at,
    by,
  });
  if (own.alias !== wanted.name) {
    // Until all have theirs, another of the farm may still be called so.
    await updateFarmRole(tx, own.id, {
      alias: await freeAlias(tx, to.farmId, wanted.name, own.id),
    });
    await tx
      .updateTable('roles')
      .where('id', '=', own.role_id)
      .set({ name: wanted.name })
      .execute();
  }
  await tx
    .updateTable('observed_farm_roles')
    .where('farm_role_id', '=', own.id)
    .set(facts)
    .execute();
  return own.id;
}

async function freeAlias(tx: Db, farmId: number, wanted: string, ownId: number): Promise<string> {
  const rows = await tx
    .selectFrom('farm_roles')
    .where('farm_id', '=', farmId)
    .where('id', '<>', ownId)
    .select('alias')
    .execute();
  const taken = new Set(rows.map(({ alias }) => alias));
  let alias = wanted;
  for (let nth = 2; taken.has(alias); nth++) alias = `${wanted}-${nth}`;
  return alias;
}

/** A farm role with the Role that stands for what it starts from: no list of Roles shows that. */
async function insertFarmRole(
  tx: Db,
  wanted: ObservedFarmRole,
  { farmId, place, observing, imageId, index, at, facts }: FarmRoleTo & { facts: BootFacts },
): Promise<number> {
  const { account_id, environment_id } = observing;
  const role = await sql<{ id: number }>`
    INSERT INTO roles (name, scope, account_id, environment_id, use_scalr_agent, created_by, added_at, found_at, deleted_at)
    VALUES (${wanted.name}, 'environment', ${account_id}, ${environment_id}, false, ${by}, ${at}, ${at}, ${at})
    RETURNING id`.execute(tx);
  const roleId = role.rows[0]?.id ?? 0;
  const where = { roleId, cloudPlatform: place.cloudPlatform, cloudLocation: place.cloudLocation };
  await swapRoleImages(tx, [{ ...where, oldImageId: null, newImageId: imageId }], { at, by });
  const { id } = await tx
    .insertInto('farm_roles')
    .values({
      farm_id: farmId,
      account_id,
      environment_id,
      role_id: roleId,
      alias: await freeAlias(tx, farmId, wanted.name, 0),
      cloud_platform: place.cloudPlatform,
      cloud_location: place.cloudLocation,
      launch_index: index,
      // What keeps its servers is not Slipway.
      scaling_enabled: false,
      min_servers: 0,
      max_servers: 400,
      added_at: at,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  await tx
    .insertInto('observed_farm_roles')
    .values({ farm_role_id: id, key: wanted.key, ...facts })
    .execute();
  return id;
}

/** Its Role stays, as one that is deleted, since history refers to it. */
export async function removeFarmRole(tx: Db, gone: KnownFarmRole, at: Date): Promise<void> {
  await tx.deleteFrom('servers').where('farm_role_id', '=', gone.id).execute();
  await tx.deleteFrom('farm_roles').where('id', '=', gone.id).execute();
  const place = {
    roleId: gone.role_id,
    cloudPlatform: gone.cloud_platform,
    cloudLocation: gone.image_location,
  };
  await swapRoleImages(tx, [{ ...place, oldImageId: gone.image_id, newImageId: null }], { at, by });
}

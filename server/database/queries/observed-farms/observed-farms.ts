import { type RawBuilder, sql } from 'kysely';
import type { ObservedFarm } from '../../../domain/inventory/observed-farms.ts';
import type { Db } from '../../connection/connection.ts';
import { deleteFarmRows, insertFarm, isFarmNameTaken, updateFarm } from '../farms/farm-writes.ts';
import type { InventoryPlace } from '../inventory/inventory-place.ts';
import { raiseFleetRevisions } from '../records/moved.ts';
import { fetchFarmRolesOf, removeFarmRole, writeFarmRole } from './observed-farm-roles.ts';
import type { Observing } from './observing.ts';
import { writeObservedServers } from './observed-servers.ts';

const by = 'system:inventory';

/** A found image as its row of images is made, where the catalogue has none. */
export interface ImageToFind {
  cloudImageId: string;
  /** As the rules for names allow it. */
  name: string;
  architecture: string | null;
}

/** What a farm is written with. */
export interface FarmToWrite {
  place: InventoryPlace;
  observing: Observing;
  farm: ObservedFarm;
  /** Names that it may have, the best first. */
  names: readonly string[];
  ownerId: number;
  /** All that its servers run and its farm roles start from. */
  images: readonly ImageToFind[];
  /** Those of them that are in the catalogue. */
  registered: ReadonlyMap<string, string>;
  digest: string;
  at: Date;
}

/** Lets two that read one place at once write after each other. @returns whether it is still reached */
export async function lockObservedPlace(tx: Db, place: InventoryPlace): Promise<boolean> {
  const { rows } =
    await sql`SELECT FROM inventory_locations WHERE credentials_id = ${place.credentialsId}
    AND cloud_platform = ${place.cloudPlatform} AND cloud_location = ${place.cloudLocation} FOR UPDATE`.execute(
      tx,
    );
  return rows.length > 0;
}

/** Writes a farm with its farm roles and servers as they were found. */
export async function writeObservedFarm(
  tx: Db,
  known: number | undefined,
  wanted: FarmToWrite,
): Promise<void> {
  const { farm, place, observing, at } = wanted;
  const images = await findImages(tx, wanted);
  const farmId = await writeFarm(tx, known, wanted);
  const before = await fetchFarmRolesOf(tx, farmId);
  const written = new Map<string, number>();
  for (const [index, farmRole] of farm.farmRoles.entries()) {
    const own = before.find(({ key }) => key === farmRole.key);
    const booted = farmRole.cloudImageId ?? undefined;
    const first = farmRole.servers[0]?.cloudImageId;
    const imageId =
      booted === undefined
        ? (own?.image_id ?? images.get(first ?? '') ?? images.get('-'))
        : images.get(booted);
    if (imageId === undefined) throw new Error('Every farm role has an image that was looked up');
    const to = { farmId, place, observing, imageId, index, at };
    written.set(farmRole.key, await writeFarmRole(tx, own, farmRole, to));
  }
  const servers = farm.farmRoles.flatMap((farmRole) =>
    farmRole.servers.map(({ cloudImageId, ...server }) => ({
      ...server,
      farmRoleId: written.get(farmRole.key) ?? 0,
      imageId: images.get(cloudImageId) ?? '',
    })),
  );
  await writeObservedServers(tx, farmId, servers, at);
  for (const gone of before.filter(({ key }) => !written.has(key)))
    await removeFarmRole(tx, gone, at);
  await raiseFleetRevisions(tx, [observing.account_id]);
}

/** Rows of images for all that is referred to; what is not in the catalogue gets one that no list shows. */
async function findImages(
  tx: Db,
  { place, observing, images, registered, at }: FarmToWrite,
): Promise<Map<string, string>> {
  const missing = images.filter(({ cloudImageId }) => !registered.has(cloudImageId));
  if (missing.length === 0) return new Map(registered);
  const rows = JSON.stringify(missing);
  await sql`
    INSERT INTO images (name, scope, account_id, environment_id, cloud_platform, cloud_location, cloud_image_id,
      architecture, created_by, added_at, found_at, deleted_at)
    SELECT w.name, 'environment', ${observing.account_id}, ${observing.environment_id}, ${place.cloudPlatform},
      ${place.cloudLocation}, w."cloudImageId", w.architecture, ${by}, ${at}, ${at}, ${at}
    FROM jsonb_to_recordset(${rows}::jsonb) AS w ("cloudImageId" text, name text, architecture text)
    ON CONFLICT (cloud_image_id, cloud_platform, cloud_location, environment_id) WHERE found_at IS NOT NULL
      DO UPDATE SET name = EXCLUDED.name WHERE images.name <> EXCLUDED.name`.execute(tx);
  const found = await sql<{ cloud_image_id: string; id: string }>`
    SELECT cloud_image_id, id FROM images WHERE found_at IS NOT NULL AND environment_id = ${observing.environment_id}
      AND cloud_platform = ${place.cloudPlatform} AND cloud_location = ${place.cloudLocation}
      AND cloud_image_id = ANY(${missing.map(({ cloudImageId }) => cloudImageId)}::text[])`.execute(
    tx,
  );
  return new Map([
    ...registered,
    ...found.rows.map((row) => [row.cloud_image_id, row.id] as const),
  ]);
}

async function writeFarm(
  tx: Db,
  known: number | undefined,
  { place, observing, farm, names, ownerId, digest, at }: FarmToWrite,
): Promise<number> {
  const { account_id, environment_id, account } = observing;
  const { kind, key, name, ownerTag, minimum, desired, maximum, managedBy } = farm;
  const facts = {
    credentials_id: place.credentialsId,
    name,
    owner_tag: ownerTag,
    minimum,
    desired,
    maximum,
    managed_by: managedBy,
    digest,
  };
  if (known !== undefined) {
    const title = await findFreeName(tx, environment_id, names, known);
    const now = tx.selectFrom('farms').where('id', '=', known).select(['name', 'owner_id']);
    const row = await now.executeTakeFirstOrThrow();
    if (row.owner_id !== ownerId || !names.includes(row.name))
      await updateFarm(tx, known, {
        owner_id: ownerId,
        ...(!names.includes(row.name) && { name: title }),
      });
    await tx.updateTable('observed_farms').where('farm_id', '=', known).set(facts).execute();
    return known;
  }
  const id = await insertFarm(tx, {
    account_id,
    environment_id,
    name: await findFreeName(tx, environment_id, names),
    owner_id: ownerId,
    status: 'running',
    added_at: at,
    launched_at: at,
  });
  await sql`
    INSERT INTO observed_farms (farm_id, credentials_id, cloud_platform, cloud_location, account, kind, key, name,
      owner_tag, minimum, desired, maximum, managed_by, digest)
    VALUES (${id}, ${place.credentialsId}, ${place.cloudPlatform}, ${place.cloudLocation}, ${account}, ${kind}, ${key},
      ${name}, ${ownerTag}, ${minimum}, ${desired}, ${maximum}, ${managedBy}, ${digest})`.execute(
    tx,
  );
  return id;
}

async function findFreeName(
  tx: Db,
  environmentId: number,
  names: readonly string[],
  ownId?: number,
): Promise<string> {
  for (const name of names)
    if (!(await isFarmNameTaken(tx, environmentId, name, ownId))) return name;
  const last = names.at(-1) ?? 'group';
  for (let nth = 2; ; nth++) {
    const name = `${last.slice(0, 94)} ${nth}`;
    if (!(await isFarmNameTaken(tx, environmentId, name, ownId))) return name;
  }
}

/** Which observed farms are meant. */
export type ObservedOf =
  | { farmIds: readonly number[] }
  /** Of an environment that uses other credentials for a platform, or none. */
  | { environmentId: number; cloudPlatform: string }
  /** Found with these credentials; at places that are not among those, where some are named. */
  | { credentialsId: string; locations?: readonly string[] };

function isOf(of: ObservedOf): RawBuilder<unknown> {
  if ('farmIds' in of) return sql`f.id = ANY(${of.farmIds}::int[])`;
  if ('environmentId' in of)
    return sql`f.environment_id = ${of.environmentId} AND o.cloud_platform = ${of.cloudPlatform}`;
  const elsewhere = of.locations && sql`AND o.cloud_location <> ALL(${of.locations}::text[])`;
  return sql`o.credentials_id = ${of.credentialsId} ${elsewhere ?? sql``}`;
}

/** Removes farms that are not there any more, or that nobody looks at any more, with all that was written of them. */
export async function removeObservedFarms(tx: Db, of: ObservedOf, at: Date): Promise<void> {
  const { rows } = await sql<{ id: number; account_id: number }>`
    SELECT f.id, f.account_id FROM observed_farms o JOIN farms f ON f.id = o.farm_id WHERE ${isOf(of)} ORDER BY f.id`.execute(
    tx,
  );
  for (const { id } of rows) {
    for (const farmRole of await fetchFarmRolesOf(tx, id)) await removeFarmRole(tx, farmRole, at);
    await deleteFarmRows(tx, id);
  }
  const accounts = [...new Set(rows.map((row) => row.account_id))];
  if (accounts.length > 0) await raiseFleetRevisions(tx, accounts);
}

import type { ScopeRef } from '#contract/scope.ts';
import type { Db } from '../database/connection/connection.ts';
import { placeColumns } from '../database/queries/records/operations-log.ts';
import type { ServerStatus } from '#contract/farms/statuses.ts';
import type { Database } from '../database/schema.ts';
import type { Insertable } from 'kysely';
import { randomName } from './harness.ts';

// Rows straight into the tables: what the tests of one operation need without calling the others.

/** An active Ubuntu 24.04 image on EC2 us-east-1 at a scope, unless said otherwise. */
export async function insertImage(
  db: Db,
  at: ScopeRef,
  values: Partial<Insertable<Database['images']>> = {},
): Promise<{ id: string; name: string; cloud_image_id: string }> {
  return db
    .insertInto('images')
    .values({
      name: randomName('image'),
      ...placeColumns(at),
      cloud_platform: 'ec2',
      cloud_location: 'us-east-1',
      cloud_image_id: randomName('ami'),
      os_id: 'ubuntu-24-04',
      architecture: 'x86_64',
      created_by: 'test@example.com',
      ...values,
    })
    .returning(['id', 'name', 'cloud_image_id'])
    .$narrowType<{ cloud_image_id: string }>()
    .executeTakeFirstOrThrow();
}

/** An Ubuntu 24.04 role at a scope, with these images. */
export async function insertRole(
  db: Db,
  at: ScopeRef,
  imageIds: readonly string[] = [],
  values: Partial<Insertable<Database['roles']>> = {},
): Promise<{ id: number; name: string }> {
  const role = await db
    .insertInto('roles')
    .values({
      name: randomName('role'),
      ...placeColumns(at),
      category_id: 1,
      os_id: 'ubuntu-24-04',
      created_by: 'test@example.com',
      ...values,
    })
    .returning(['id', 'name'])
    .executeTakeFirstOrThrow();
  if (imageIds.length > 0) {
    const images = await db
      .selectFrom('images')
      .where('id', 'in', imageIds)
      .select(['id', 'cloud_platform', 'cloud_location'])
      .execute();
    await db
      .insertInto('role_images')
      .values(
        images.map((image) => ({
          role_id: role.id,
          image_id: image.id,
          cloud_platform: image.cloud_platform,
          cloud_location: image.cloud_location,
          added_by: 'test@example.com',
        })),
      )
      .execute();
  }
  return role;
}

/** A running farm in an environment with one farm role of a role. */
export async function insertFarm(
  db: Db,
  at: ScopeRef & { scope: 'environment' },
  roleId: number,
  values: { cloudPlatform?: string; cloudLocation?: string; ownerId?: number } = {},
): Promise<{ farmId: number; farmRoleId: number }> {
  const place = { account_id: at.accountId, environment_id: at.environmentId };
  const owner =
    values.ownerId ??
    (
      await db
        .insertInto('users')
        .values({ email: `${randomName('owner')}@example.com`, name: randomName('owner') })
        .returning('id')
        .executeTakeFirstOrThrow()
    ).id;
  const farm = await db
    .insertInto('farms')
    .values({ ...place, name: randomName('farm'), owner_id: owner, status: 'running' })
    .returning('id')
    .executeTakeFirstOrThrow();
  const farmRole = await db
    .insertInto('farm_roles')
    .values({
      ...place,
      farm_id: farm.id,
      role_id: roleId,
      alias: randomName('alias'),
      cloud_platform: values.cloudPlatform ?? 'ec2',
      cloud_location: values.cloudLocation ?? 'us-east-1',
      max_servers: 400,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return { farmId: farm.id, farmRoleId: farmRole.id };
}

/** Servers of a farm role, started from an image. @returns their ids */
export async function insertServers(
  db: Db,
  farmRoleId: number,
  imageId: string,
  count: number,
  status: ServerStatus = 'running',
): Promise<string[]> {
  const place = await db
    .selectFrom('farm_roles')
    .where('id', '=', farmRoleId)
    .select(['farm_id', 'account_id', 'environment_id', 'cloud_platform', 'cloud_location'])
    .executeTakeFirstOrThrow();
  const { next } = await db
    .selectFrom('servers')
    .where('farm_role_id', '=', farmRoleId)
    .select((eb) => eb.fn.coalesce(eb.fn.max('server_index'), eb.lit(0)).as('next'))
    .executeTakeFirstOrThrow();
  const rows = await db
    .insertInto('servers')
    .values(
      Array.from({ length: count }, (_, index) => ({
        ...place,
        farm_role_id: farmRoleId,
        image_id: imageId,
        server_index: Number(next) + index + 1,
        cloud_server_id: randomName('i'),
        status,
      })),
    )
    .returning('id')
    .execute();
  return rows.map((row) => row.id);
}

/** A farm with servers on an image that its role has moved on from. */
export async function insertOldServers(
  db: Db,
  at: ScopeRef & { scope: 'environment' },
  { count = 1, ...values }: { count?: number; ownerId?: number } = {},
): Promise<{ farmId: number; farmRoleId: number; oldImageId: string }> {
  const [old, current] = [await insertImage(db, at), await insertImage(db, at)];
  const role = await insertRole(db, at, [current.id]);
  const farm = await insertFarm(db, at, role.id, values);
  await insertServers(db, farm.farmRoleId, old.id, count);
  return { ...farm, oldImageId: old.id };
}

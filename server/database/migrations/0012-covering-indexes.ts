import { type Kysely, sql } from 'kysely';

/**
 * Reports over a big account need many rows but few of their columns: with the id in these indexes, they
 * are answered from the index, and no table is read from end to end.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`DROP INDEX farm_roles_role, farms_owner, server_groups_old_by_image`.execute(db);
  await sql`
    CREATE INDEX farm_roles_role ON farm_roles (role_id, cloud_platform, image_location, farm_id)
    INCLUDE (id)`.execute(db);
  await sql`CREATE INDEX farms_owner ON farms (owner_id) INCLUDE (id)`.execute(db);
  await sql`
    CREATE INDEX server_groups_old_by_image ON server_groups (image_id, farm_id, farm_role_id, servers, since)
    INCLUDE (id) WHERE old`.execute(db);
}

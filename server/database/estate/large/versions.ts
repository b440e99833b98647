import { sql } from 'kysely';
import type { Db } from '../../connection/connection.ts';
import { findLandmarks } from './landmarks.ts';
import { BIG_ACCOUNT } from './shape.ts';

/** The ids of two versions of an image, each a set. */
export interface HeldVersions {
  older: number;
  newer: number;
}

const PLACES = 12;
const FARM_ROLES_PER_ROLE = 4;
const SERVERS_PER_FARM_ROLE = 5;

const names = { older: 'measured-1', newer: 'measured-2' };

/**
 * Adds two versions of an image to the big account, in 12 places each: the older one stands in all of them in
 * the 1,000 roles that hold `inThousandRoles`, with 20,000 servers. An estate is loaded without, since no version
 * of a real organisation is held by as many roles in as many places. Adds nothing where they are already.
 */
export async function addHeldVersions(db: Db): Promise<HeldVersions> {
  const { inThousandRoles } = await findLandmarks(db);
  const found = await findVersions(db);
  if (found) return found;
  await db.transaction().execute(async (tx) => {
    await sql`SET LOCAL statement_timeout = 0`.execute(tx);
    for (const insert of [insertImages, insertRoleImages, insertFarmRoles, insertServers]) {
      await insert(tx, inThousandRoles.id);
      await sql`ANALYZE images, image_sets, role_images, farm_roles`.execute(tx);
    }
    await sql`ANALYZE servers, server_groups`.execute(tx);
  });
  const added = await findVersions(db);
  if (!added) throw new Error('Images of one name are one set.');
  return added;
}

async function findVersions(db: Db): Promise<HeldVersions | undefined> {
  const rows = await db
    .selectFrom('image_sets')
    .where('account_id', '=', BIG_ACCOUNT)
    .where('name', 'in', Object.values(names))
    .select(['id', 'name'])
    .execute();
  const idOf = (name: string) => rows.find((row) => row.name === name)?.id;
  const [older, newer] = [idOf(names.older), idOf(names.newer)];
  return older === undefined || newer === undefined ? undefined : { older, newer };
}

/** Like the image that the roles hold, in places of their own. */
async function insertImages(tx: Db, like: string): Promise<void> {
  await sql`
    INSERT INTO images (name, scope, account_id, cloud_platform, cloud_location, cloud_image_id, os_id, architecture,
      scalr_agent_installed, created_by)
    SELECT version.name, 'account', ${BIG_ACCOUNT}, 'ec2', 'measured-' || n, 'ami-' || version.name || '-' || n, i.os_id,
      i.architecture, true, i.created_by
    FROM generate_series(1, ${PLACES}) n, unnest(${[names.older, names.newer]}::text[]) version (name), images i
    WHERE i.id = ${like}`.execute(tx);
}

async function insertRoleImages(tx: Db, like: string): Promise<void> {
  await sql`
    INSERT INTO role_images (role_id, cloud_platform, cloud_location, image_id, added_by)
    SELECT held.role_id, i.cloud_platform, i.cloud_location, i.id, held.added_by
    FROM role_images held, images i
    WHERE held.image_id = ${like} AND i.account_id = ${BIG_ACCOUNT} AND i.name = ${names.older}`.execute(
    tx,
  );
}

/** Of each role in four of the places, in five farms. */
async function insertFarmRoles(tx: Db, like: string): Promise<void> {
  await sql`
    INSERT INTO farm_roles (farm_id, account_id, environment_id, role_id, alias, cloud_platform, cloud_location, max_servers)
    SELECT f.id, f.account_id, f.environment_id, r.id, 'measured-' || r.id || '-' || n, 'ec2', 'measured-' || n, 400
    FROM (
      SELECT r.id, r.environment_id, row_number() OVER (ORDER BY r.id) AS k
      FROM roles r JOIN role_images held ON held.role_id = r.id WHERE held.image_id = ${like}) r
    JOIN LATERAL (
      SELECT * FROM farms f
      WHERE f.account_id = ${BIG_ACCOUNT} AND f.environment_id = coalesce(r.environment_id, f.environment_id)
      ORDER BY f.id LIMIT 1 OFFSET r.k % 5) f ON true,
    LATERAL (SELECT 1 + (r.k + d) % ${PLACES} AS n FROM generate_series(1, ${FARM_ROLES_PER_ROLE}) d) place`.execute(
    tx,
  );
}

/** Five of each farm role, one of them suspended. */
async function insertServers(tx: Db): Promise<void> {
  await sql`
    INSERT INTO servers (farm_id, farm_role_id, account_id, environment_id, image_id, cloud_platform, cloud_location,
      server_index, status, cloud_server_id)
    SELECT fr.farm_id, fr.id, fr.account_id, fr.environment_id, i.id, 'ec2', fr.cloud_location, k,
      CASE WHEN k = 1 THEN 'suspended' ELSE 'running' END, 'i-' || fr.id || '-' || k
    FROM farm_roles fr
    JOIN images i ON i.cloud_location = fr.cloud_location AND i.account_id = ${BIG_ACCOUNT} AND i.name = ${names.older},
    generate_series(1, ${SERVERS_PER_FARM_ROLE}) k
    WHERE fr.account_id = ${BIG_ACCOUNT} AND fr.cloud_location LIKE 'measured-%'`.execute(tx);
}

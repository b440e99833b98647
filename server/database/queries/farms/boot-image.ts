import { sql } from 'kysely';
import type { Db } from '../../connection/connection.ts';

/** How a role came to have its image in a place. */
export interface RoleImageOrigin {
  at: Date;
  by: string;
  replacement_id: string | null;
  replacement_reason: string | null;
  rolls_back_id: string | null;
}

/**
 * The last change of a role's image in a place, and the replacement that it was part of.
 * @param location '' on clouds whose images have no location
 */
export async function findRoleImageOrigin(
  tx: Db,
  place: { roleId: number; platform: string; location: string },
): Promise<RoleImageOrigin | undefined> {
  const { rows } = await sql<RoleImageOrigin>`
    SELECT h.at, h.by, r.id AS replacement_id, r.reason AS replacement_reason, r.rolls_back_id
    FROM role_image_history h
    LEFT JOIN (replacement_roles rr JOIN replacements r ON r.id = rr.replacement_id)
      ON (rr.role_id, rr.cloud_platform, rr.cloud_location) = (h.role_id, h.cloud_platform, h.cloud_location)
        AND r.at = h.at
    WHERE h.role_id = ${place.roleId} AND h.cloud_platform = ${place.platform}
      AND h.cloud_location = ${place.location}
    ORDER BY h.id DESC LIMIT 1`.execute(tx);
  return rows[0];
}

/** How an observed group comes to what it starts servers from; '' where nothing starts any. */
export async function findBootWords(tx: Db, farmRoleId: number): Promise<string> {
  const words = tx
    .selectFrom('observed_farm_roles')
    .where('farm_role_id', '=', farmRoleId)
    .select('words');
  return (await words.executeTakeFirst())?.words ?? '';
}

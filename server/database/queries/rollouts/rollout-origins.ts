import { sql } from 'kysely';
import type { Db } from '../../connection/connection.ts';

/** A place of a role, with the live servers that a rollout launched there. */
export interface MovedPlace {
  role_id: number;
  role_name: string;
  cloud_platform: string;
  cloud_location: string;
  server_ids: string[];
  /** The replacement that put the image there which they run; none where something else did. */
  replacement_id: string | null;
}

/**
 * What a rollout has moved and can take back: its new servers that live and run what their role has now, by the
 * place of the role, with the replacement that the role got it by.
 */
export async function fetchMovedPlaces(tx: Db, rolloutId: string): Promise<MovedPlace[]> {
  const { rows } = await sql<MovedPlace>`
    WITH moved AS (
      SELECT fr.role_id, fr.cloud_platform, fr.image_location AS cloud_location,
        array_agg(s.id ORDER BY rs.position) AS server_ids
      FROM rollout_servers rs JOIN servers s ON s.id = rs.new_server_id
      JOIN server_groups g ON (g.farm_role_id, g.image_id) = (s.farm_role_id, s.image_id) AND NOT g.stale
      JOIN farm_roles fr ON fr.id = s.farm_role_id
      WHERE rs.rollout_id = ${rolloutId} AND s.status NOT IN ('pending_terminate', 'terminated', 'failed')
      GROUP BY 1, 2, 3)
    SELECT moved.*, r.name AS role_name, origin.replacement_id
    FROM moved JOIN roles r ON r.id = moved.role_id
    LEFT JOIN LATERAL (
      SELECT h.at FROM role_image_history h WHERE (h.role_id, h.cloud_platform, h.cloud_location)
        = (moved.role_id, moved.cloud_platform, moved.cloud_location) ORDER BY h.id DESC LIMIT 1) last ON true
    LEFT JOIN LATERAL (
      SELECT pr.replacement_id FROM replacement_roles pr JOIN replacements p ON p.id = pr.replacement_id
      WHERE (pr.role_id, pr.cloud_platform, pr.cloud_location)
        = (moved.role_id, moved.cloud_platform, moved.cloud_location) AND p.at = last.at LIMIT 1) origin ON true
    ORDER BY moved.role_id, moved.cloud_platform, moved.cloud_location`.execute(tx);
  return rows;
}

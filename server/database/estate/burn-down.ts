import { sql } from 'kysely';
import type { Db } from '../connection/connection.ts';

/** Since when the demo estate was counted, in days. */
const countedDays = 64;

/**
 * Burn-downs of the past, counted once a day: from when servers were launched and ended, what roles had then, and
 * what was deprecated by then. What has changed since the last of these days is noted, and counted next.
 */
export async function tellBurnDowns(tx: Db, now: Date): Promise<void> {
  await sql`
    CREATE TEMP TABLE counted ON COMMIT DROP AS
    SELECT m.day, s.farm_role_id, s.image_id, s.farm_id, s.account_id, s.environment_id, f.owner_id, fr.role_id,
      fr.cloud_platform, fr.cloud_location, facts.stale, facts.deprecated, count(*)::int AS servers
    FROM (SELECT day, ${now}::timestamptz - make_interval(days => day) AS at FROM generate_series(1, ${countedDays}) day) m
    JOIN servers s ON s.launched_at <= m.at AND coalesce(s.terminated_at > m.at, true) AND s.status <> 'failed'
    JOIN farms f ON f.id = s.farm_id JOIN farm_roles fr ON fr.id = s.farm_role_id JOIN images ran ON ran.id = s.image_id
    CROSS JOIN LATERAL (
      SELECT h.new_image_id FROM role_image_history h
      WHERE (h.role_id, h.cloud_platform, h.cloud_location) = (fr.role_id, fr.cloud_platform, fr.image_location)
        AND h.at <= m.at ORDER BY h.at DESC, h.id DESC LIMIT 1) held
    JOIN images had ON had.id = held.new_image_id
    CROSS JOIN LATERAL (
      SELECT (ran.cloud_platform, ran.cloud_image_id) <> (had.cloud_platform, had.cloud_image_id) AS stale,
        EXISTS (SELECT FROM images other WHERE other.cloud_image_id = ran.cloud_image_id
          AND (other.cloud_platform, other.cloud_location) = (ran.cloud_platform, ran.cloud_location)
          AND other.deprecated_at <= m.at AND (other.id = ran.id OR other.deleted_at IS NULL
            AND (other.account_id IS NULL OR other.account_id = s.account_id
              AND coalesce(other.environment_id = s.environment_id, true)))) AS deprecated) facts
    WHERE facts.stale OR facts.deprecated
    GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12`.execute(tx);
  await sql`
    INSERT INTO burn_down_series (farm_role_id, image_id, farm_id, account_id, environment_id, owner_id, role_id,
      cloud_platform, cloud_location, stale, deprecated, servers)
    SELECT farm_role_id, image_id, farm_id, account_id, environment_id, owner_id, role_id, cloud_platform,
      cloud_location, stale, deprecated, coalesce(sum(servers) FILTER (WHERE day = 1), 0)
    FROM counted GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 ORDER BY farm_role_id, min(-day)`.execute(
    tx,
  );
  await sql`
    INSERT INTO burn_down_points (series_id, change, at)
    SELECT id, change, ${now}::timestamptz - make_interval(days => day) FROM (
      SELECT series.id, d.day, coalesce(c.servers, 0)
        - lag(coalesce(c.servers, 0), 1, 0) OVER (PARTITION BY series.id ORDER BY d.day DESC) AS change
      FROM burn_down_series series CROSS JOIN generate_series(1, ${countedDays}) d (day)
      LEFT JOIN counted c USING (day, farm_role_id, image_id, owner_id, role_id, cloud_location, stale, deprecated)) told
    WHERE change <> 0`.execute(tx);
  await sql`UPDATE burn_down_state SET counted_at = ${now}::timestamptz - interval '1 day'`.execute(
    tx,
  );
  await sql`INSERT INTO burn_down_changes SELECT DISTINCT farm_role_id FROM burn_down_series`.execute(
    tx,
  );
}

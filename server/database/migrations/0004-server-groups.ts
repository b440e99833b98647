import { type Kysely, sql } from 'kysely';

/**
 * Live servers counted by farm role and image, kept up by triggers: what fleet reports read instead of
 * every server. A large fleet has a million servers in a hundred thousand groups. The invariant GRP-01
 * holds the table against the servers.
 *
 * What is live, stale and old: docs/domain.md, "Usage and staleness". Whoever loads or restores servers
 * as a whole may leave the triggers out and call `rebuild_server_groups()` at the end.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const text of [tableSql, judgeSql, serverTriggersSql, verdictTriggersSql, indexSql])
    await sql.raw(text).execute(db);
}

const tableSql = `
CREATE TABLE server_groups (
  farm_role_id integer NOT NULL,
  -- None while servers wait to be launched.
  image_id uuid REFERENCES images,
  farm_id integer NOT NULL,
  account_id integer NOT NULL,
  environment_id integer NOT NULL,
  servers integer NOT NULL,
  stale boolean NOT NULL DEFAULT false,
  deprecated boolean NOT NULL DEFAULT false,
  old boolean NOT NULL GENERATED ALWAYS AS (stale OR deprecated) STORED,
  -- From when the image is old there; null when it is not, or when that is not known.
  since timestamptz,
  -- What lists of groups break ties by.
  id text GENERATED ALWAYS AS (farm_role_id::text || ':' || image_id::text) STORED,
  UNIQUE NULLS NOT DISTINCT (farm_role_id, image_id),
  FOREIGN KEY (farm_role_id, farm_id, account_id, environment_id)
    REFERENCES farm_roles (id, farm_id, account_id, environment_id)
);
CREATE INDEX server_groups_image ON server_groups (image_id, account_id, environment_id, farm_id, servers);
CREATE INDEX server_groups_farm ON server_groups (farm_id);
CREATE INDEX server_groups_account ON server_groups (account_id, environment_id);
CREATE INDEX server_groups_environment ON server_groups (environment_id);
CREATE INDEX server_groups_old_servers ON server_groups (servers, id) WHERE old;
CREATE INDEX server_groups_old_since ON server_groups ((coalesce(since, '-infinity')), id) WHERE old;
`;

/** How a group is judged: by the cloud images of what runs and what the role has now, and its history. */
const judgeSql = `
CREATE VIEW server_group_verdicts AS
SELECT g.farm_role_id, g.image_id, facts.stale, ran.deprecated_at IS NOT NULL AS deprecated,
  least(ran.deprecated_at, CASE WHEN facts.stale THEN (
    SELECT history.at FROM role_image_history history
    WHERE history.role_id = fr.role_id AND history.cloud_platform = fr.cloud_platform
      AND history.cloud_location = fr.image_location AND history.old_image_id = g.image_id
    ORDER BY history.id DESC LIMIT 1) END) AS since
FROM server_groups g
JOIN farm_roles fr ON fr.id = g.farm_role_id
JOIN role_images role_image ON role_image.role_id = fr.role_id
  AND role_image.cloud_platform = fr.cloud_platform AND role_image.cloud_location = fr.image_location
JOIN images current ON current.id = role_image.image_id
JOIN images ran ON ran.id = g.image_id,
LATERAL (SELECT (ran.cloud_platform, ran.cloud_image_id) <> (current.cloud_platform, current.cloud_image_id)
  AS stale) facts;

CREATE FUNCTION judge_server_groups(farm_roles integer[]) RETURNS void LANGUAGE sql AS $$
  UPDATE server_groups g SET stale = v.stale, deprecated = v.deprecated, since = v.since
  FROM server_group_verdicts v
  WHERE v.farm_role_id = ANY (farm_roles) AND (v.farm_role_id, v.image_id) = (g.farm_role_id, g.image_id)
    AND (g.stale, g.deprecated, g.since) IS DISTINCT FROM (v.stale, v.deprecated, v.since)
$$;

CREATE FUNCTION rebuild_server_groups() RETURNS void LANGUAGE sql AS $$
  DELETE FROM server_groups;
  INSERT INTO server_groups (farm_role_id, image_id, farm_id, account_id, environment_id, servers)
  SELECT farm_role_id, image_id, farm_id, account_id, environment_id, count(*) FROM servers
  WHERE status NOT IN ('pending_terminate', 'terminated') GROUP BY 1, 2, 3, 4, 5;
  UPDATE server_groups g SET stale = v.stale, deprecated = v.deprecated, since = v.since
  FROM server_group_verdicts v
  WHERE (v.farm_role_id, v.image_id) = (g.farm_role_id, g.image_id) AND (v.stale OR v.deprecated);
$$;
`;

const serverTriggersSql = `
CREATE FUNCTION count_servers(ids integer[], images uuid[], changes integer[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO server_groups AS g (farm_role_id, image_id, farm_id, account_id, environment_id, servers)
  SELECT fr.id, c.image_id, fr.farm_id, fr.account_id, fr.environment_id, c.change
  FROM unnest(ids, images, changes) AS c (farm_role_id, image_id, change)
  JOIN farm_roles fr ON fr.id = c.farm_role_id
  ON CONFLICT (farm_role_id, image_id) DO UPDATE SET servers = g.servers + excluded.servers;
  DELETE FROM server_groups WHERE farm_role_id = ANY (ids) AND servers = 0;
  PERFORM judge_server_groups(ids);
END $$;

${countServersOn('insert', 'SELECT *, 1 AS change FROM new_rows', 'NEW TABLE AS new_rows')}
${countServersOn('delete', 'SELECT *, -1 AS change FROM old_rows', 'OLD TABLE AS old_rows')}
${countServersOn(
  'update',
  'SELECT *, 1 AS change FROM new_rows UNION ALL SELECT *, -1 FROM old_rows',
  'OLD TABLE AS old_rows NEW TABLE AS new_rows',
)}
`;

function countServersOn(event: 'insert' | 'update' | 'delete', rows: string, tables: string) {
  return `
CREATE FUNCTION count_servers_on_${event}() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE ids integer[]; images uuid[]; changes integer[];
BEGIN
  SELECT array_agg(farm_role_id), array_agg(image_id), array_agg(change) INTO ids, images, changes
  FROM (SELECT farm_role_id, image_id, sum(change)::integer AS change FROM (${rows}) changed
    WHERE status NOT IN ('pending_terminate', 'terminated') GROUP BY 1, 2 HAVING sum(change) <> 0) counted;
  IF ids IS NOT NULL THEN PERFORM count_servers(ids, images, changes); END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER count_servers_on_${event} AFTER ${event.toUpperCase()} ON servers
  REFERENCING ${tables} FOR EACH STATEMENT EXECUTE FUNCTION count_servers_on_${event}();`;
}

/** What changes a verdict: another image in a role, a deprecation, and history, which knows since when. */
const verdictTriggersSql = `
CREATE FUNCTION judge_changed_places() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM judge_server_groups(found.ids) FROM (
    SELECT array_agg(fr.id) AS ids FROM changed
    JOIN farm_roles fr ON (fr.role_id, fr.cloud_platform, fr.image_location)
      = (changed.role_id, changed.cloud_platform, changed.cloud_location)) found
  WHERE found.ids IS NOT NULL;
  RETURN NULL;
END $$;
${judgeOn('UPDATE', 'NEW', 'role_images')}
${judgeOn('INSERT', 'NEW', 'role_image_history')}
${judgeOn('UPDATE', 'NEW', 'role_image_history')}
${judgeOn('DELETE', 'OLD', 'role_image_history')}

CREATE FUNCTION judge_image() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM judge_server_groups(ARRAY(SELECT farm_role_id FROM server_groups WHERE image_id = NEW.id));
  RETURN NULL;
END $$;
CREATE TRIGGER judge_deprecated_image AFTER UPDATE OF deprecated_at ON images FOR EACH ROW
  WHEN (OLD.deprecated_at IS DISTINCT FROM NEW.deprecated_at) EXECUTE FUNCTION judge_image();

SELECT rebuild_server_groups();
`;

function judgeOn(
  event: 'INSERT' | 'UPDATE' | 'DELETE',
  rows: 'OLD' | 'NEW',
  table: string,
): string {
  return `CREATE TRIGGER judge_groups_on_${event.toLowerCase()} AFTER ${event} ON ${table}
  REFERENCING ${rows} TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION judge_changed_places();`;
}

/** The use of one image at an account or environment is counted from the index alone. */
const indexSql = `
DROP INDEX servers_image;
CREATE INDEX servers_image ON servers (image_id, status, account_id, environment_id, farm_id);
`;

import { type Kysely, sql } from 'kysely';

/**
 * Servers live: each step of each is written down, a launch may fail, and what a server still has to do in its
 * cloud is one job at a time. Farm roles remember why their servers do not come up.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const text of [serversSql, eventsSql, setbacksSql, jobsSql, groupsSql])
    await sql.raw(text).execute(db);
}

/** A server that failed never ran: it counts for nothing, and its number is free again. */
const serversSql = `
ALTER TABLE servers
  DROP CONSTRAINT servers_status_check,
  ADD CONSTRAINT servers_status_check CHECK (status IN ('pending_launch', 'pending', 'initializing', 'running',
    'resuming', 'pending_suspend', 'suspended', 'pending_terminate', 'terminated', 'failed')),
  DROP CONSTRAINT servers_image_once_started,
  ADD CONSTRAINT servers_image_once_started
    CHECK (image_id IS NOT NULL OR status IN ('pending_launch', 'terminated', 'failed'));
DROP INDEX servers_index;
CREATE UNIQUE INDEX servers_index ON servers (farm_role_id, server_index)
  WHERE status NOT IN ('terminated', 'failed');
-- Those on their way into another state: few, and looked for again and again.
CREATE INDEX servers_on_their_way ON servers (id) WHERE status IN ('pending_launch', 'pending', 'initializing',
  'resuming', 'pending_suspend', 'pending_terminate');
`;

const eventsSql = `
CREATE TABLE server_events (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  server_id uuid NOT NULL REFERENCES servers ON DELETE CASCADE,
  farm_id integer NOT NULL,
  account_id integer NOT NULL,
  at timestamptz NOT NULL,
  -- The state that it came into.
  status text NOT NULL,
  -- Who or what did it: a user's mail address, or a loop such as system:keeper.
  actor text NOT NULL,
  reason text NOT NULL,
  -- What the cloud said, where it said anything.
  cloud_words text
);
CREATE INDEX server_events_server ON server_events (server_id, at, id);
CREATE INDEX server_events_farm ON server_events (farm_id, at, id);
CREATE INDEX server_events_at ON server_events (at);
`;

const setbacksSql = `
CREATE TABLE farm_role_setbacks (
  farm_role_id integer PRIMARY KEY REFERENCES farm_roles ON DELETE CASCADE,
  -- Launches that failed one after the other.
  failures integer NOT NULL,
  at timestamptz NOT NULL,
  retry_at timestamptz NOT NULL,
  reason text NOT NULL
);
`;

/** At most one open job of a kind about one thing: whoever comes second finds it queued. */
const jobsSql = `
ALTER TABLE outbox ADD subject text;
CREATE UNIQUE INDEX outbox_open_subject ON outbox (kind, subject) WHERE done_at IS NULL AND subject IS NOT NULL;
CREATE INDEX outbox_done ON outbox (done_at) WHERE done_at IS NOT NULL;
`;

const ended = `('pending_terminate', 'terminated', 'failed')`;

/** As in 0004, with the launches that failed left out. */
const groupsSql = `
CREATE OR REPLACE FUNCTION rebuild_server_groups() RETURNS void LANGUAGE sql AS $$
  DELETE FROM server_groups;
  INSERT INTO server_groups (farm_role_id, image_id, farm_id, account_id, environment_id, servers)
  SELECT farm_role_id, image_id, farm_id, account_id, environment_id, count(*) FROM servers
  WHERE status NOT IN ${ended} GROUP BY 1, 2, 3, 4, 5;
  UPDATE server_groups g SET stale = v.stale, deprecated = v.deprecated, since = v.since
  FROM server_group_verdicts v
  WHERE (v.farm_role_id, v.image_id) = (g.farm_role_id, g.image_id) AND (v.stale OR v.deprecated);
$$;
${countServersOn('insert', 'SELECT *, 1 AS change FROM new_rows')}
${countServersOn('delete', 'SELECT *, -1 AS change FROM old_rows')}
${countServersOn('update', 'SELECT *, 1 AS change FROM new_rows UNION ALL SELECT *, -1 FROM old_rows')}
`;

function countServersOn(event: 'insert' | 'update' | 'delete', rows: string): string {
  return `
CREATE OR REPLACE FUNCTION count_servers_on_${event}() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE ids integer[]; images uuid[]; changes integer[];
BEGIN
  SELECT array_agg(farm_role_id), array_agg(image_id), array_agg(change) INTO ids, images, changes
  FROM (SELECT farm_role_id, image_id, sum(change)::integer AS change FROM (${rows}) changed
    WHERE status NOT IN ${ended} GROUP BY 1, 2 HAVING sum(change) <> 0) counted;
  IF ids IS NOT NULL THEN PERFORM count_servers(ids, images, changes); END IF;
  RETURN NULL;
END $$;`;
}

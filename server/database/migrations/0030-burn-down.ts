import { type Kysely, sql } from 'kysely';

/**
 * Servers on old images over time: docs/domain.md, "Burn-down". A series is what a group of `server_groups` was
 * when it was counted, and a point is by how much its count changed. Nothing in them refers to other tables, since
 * what was counted stays true when a farm, an image or an environment is gone.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const text of [tablesSql, triggersSql, beginSql]) await sql.raw(text).execute(db);
}

const tablesSql = `
CREATE TABLE burn_down_series (
  id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  farm_role_id integer NOT NULL,
  farm_id integer NOT NULL,
  account_id integer NOT NULL,
  environment_id integer NOT NULL,
  owner_id integer NOT NULL,
  role_id integer NOT NULL,
  image_id uuid NOT NULL,
  -- When it was last counted: the sum of its points.
  servers integer NOT NULL CHECK (servers >= 0),
  stale boolean NOT NULL,
  deprecated boolean NOT NULL,
  CHECK (stale OR deprecated),
  cloud_platform text NOT NULL,
  cloud_location text NOT NULL,
  UNIQUE (farm_role_id, image_id, owner_id, role_id, cloud_location, stale, deprecated)
);
CREATE INDEX burn_down_series_image ON burn_down_series (image_id, role_id);

CREATE TABLE burn_down_points (
  series_id integer NOT NULL REFERENCES burn_down_series,
  change integer NOT NULL CHECK (change <> 0),
  -- A moment at which everything was counted, whatever series.
  at timestamptz NOT NULL,
  PRIMARY KEY (at, series_id)
);
CREATE INDEX burn_down_points_series ON burn_down_points (series_id);

-- Farm roles of which something may have changed since they were last counted, each any number of times.
CREATE TABLE burn_down_changes (farm_role_id integer NOT NULL);

-- One row, which whoever counts or puts points together holds.
CREATE TABLE burn_down_state (
  one boolean PRIMARY KEY DEFAULT true CHECK (one),
  -- The last moment that has points.
  counted_at timestamptz NOT NULL DEFAULT '-infinity',
  -- Until when points are put together by the hour and by the day.
  hourly_until timestamptz NOT NULL DEFAULT '-infinity',
  daily_until timestamptz NOT NULL DEFAULT '-infinity'
);
INSERT INTO burn_down_state DEFAULT VALUES;
`;

/** Whatever changes a group, or what its series is called by, notes it in the transaction of the change. */
const triggersSql = `
${noteGroupsOn('insert', 'SELECT farm_role_id FROM new_rows WHERE new_rows.old', 'NEW TABLE AS new_rows')}
${noteGroupsOn('delete', 'SELECT farm_role_id FROM old_rows WHERE old_rows.old', 'OLD TABLE AS old_rows')}
${noteGroupsOn(
  'update',
  'SELECT farm_role_id FROM new_rows WHERE new_rows.old UNION SELECT farm_role_id FROM old_rows WHERE old_rows.old',
  'OLD TABLE AS old_rows NEW TABLE AS new_rows',
)}

CREATE FUNCTION note_burn_down_of_farm() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO burn_down_changes SELECT g.farm_role_id FROM server_groups g WHERE g.farm_id = NEW.id AND g.old;
  RETURN NULL;
END $$;
CREATE TRIGGER note_burn_down_of_owner AFTER UPDATE OF owner_id ON farms FOR EACH ROW
  WHEN (OLD.owner_id <> NEW.owner_id) EXECUTE FUNCTION note_burn_down_of_farm();

CREATE FUNCTION note_burn_down_of_farm_role() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO burn_down_changes SELECT g.farm_role_id FROM server_groups g WHERE g.farm_role_id = NEW.id AND g.old;
  RETURN NULL;
END $$;
CREATE TRIGGER note_burn_down_of_place AFTER UPDATE OF role_id, cloud_platform, cloud_location ON farm_roles
  FOR EACH ROW EXECUTE FUNCTION note_burn_down_of_farm_role();
`;

function noteGroupsOn(event: 'insert' | 'update' | 'delete', rows: string, tables: string): string {
  return `
CREATE FUNCTION note_burn_down_on_${event}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO burn_down_changes ${rows};
  RETURN NULL;
END $$;
CREATE TRIGGER note_burn_down_on_${event} AFTER ${event.toUpperCase()} ON server_groups
  REFERENCING ${tables} FOR EACH STATEMENT EXECUTE FUNCTION note_burn_down_on_${event}();`;
}

/** What is old already is counted for the first time. */
const beginSql = `INSERT INTO burn_down_changes SELECT farm_role_id FROM server_groups WHERE old`;

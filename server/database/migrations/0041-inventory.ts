import { type Kysely, sql } from 'kysely';

/**
 * What was found in clouds, and what of it was read when: docs/domain.md, "Inventory". Which facts a reading saw is
 * said once, by its place; a fact itself is written only when it changes.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw(text).execute(db);
}

const text = `
-- Whether the cloud has named the places that credentials reach.
CREATE TABLE inventory_reach (
  credentials_id uuid PRIMARY KEY,
  cloud_platform text NOT NULL,
  tried_at timestamptz NOT NULL,
  listed_at timestamptz,
  -- Why it has not, the last time.
  error text,
  UNIQUE (credentials_id, cloud_platform),
  FOREIGN KEY (credentials_id, cloud_platform) REFERENCES cloud_credentials (id, cloud_platform) ON DELETE CASCADE
);

-- Each of these places, and how its last reading went.
CREATE TABLE inventory_locations (
  credentials_id uuid NOT NULL,
  cloud_platform text NOT NULL,
  cloud_location text NOT NULL,
  account text NOT NULL,
  tried_at timestamptz,
  -- When the last reading that came to an end began: what was there before that, it has seen.
  read_at timestamptz,
  took_ms integer,
  error text,
  -- Parts that it could not read: [{part, words}].
  unread jsonb NOT NULL DEFAULT '[]',
  PRIMARY KEY (credentials_id, cloud_platform, cloud_location),
  FOREIGN KEY (credentials_id, cloud_platform) REFERENCES inventory_reach (credentials_id, cloud_platform)
    ON DELETE CASCADE
);

CREATE TABLE inventory_images (
  credentials_id uuid NOT NULL,
  cloud_platform text NOT NULL,
  cloud_location text NOT NULL,
  cloud_image_id text NOT NULL,
  -- The same for all credentials that find it.
  key uuid NOT NULL GENERATED ALWAYS AS
    (md5(cloud_platform || ' ' || cloud_location || ' ' || cloud_image_id)::uuid) STORED,
  name text NOT NULL,
  architecture text,
  size_gb integer,
  owner text NOT NULL,
  -- 'missing': something refers to it, and the cloud does not show it.
  state text NOT NULL CHECK (state IN ('available', 'pending', 'disabled', 'failed', 'missing')),
  created_at timestamptz,
  deprecated_at timestamptz,
  first_seen_at timestamptz NOT NULL,
  gone_at timestamptz,
  PRIMARY KEY (credentials_id, cloud_platform, cloud_location, cloud_image_id),
  FOREIGN KEY (credentials_id, cloud_platform, cloud_location) REFERENCES inventory_locations ON DELETE CASCADE
);
CREATE INDEX inventory_images_key ON inventory_images (key) WHERE gone_at IS NULL;

-- What refers to an image: a server, a group, a version of a template, a pointer.
CREATE TABLE inventory_references (
  credentials_id uuid NOT NULL,
  cloud_platform text NOT NULL,
  cloud_location text NOT NULL,
  kind text NOT NULL CHECK (kind IN ('server', 'group', 'template', 'pointer')),
  id text NOT NULL,
  -- '' where it cannot be told which one it is.
  cloud_image_id text NOT NULL,
  name text NOT NULL,
  -- A sentence after its name.
  how text NOT NULL,
  first_seen_at timestamptz NOT NULL,
  gone_at timestamptz,
  PRIMARY KEY (credentials_id, cloud_platform, cloud_location, kind, id, cloud_image_id),
  FOREIGN KEY (credentials_id, cloud_platform, cloud_location) REFERENCES inventory_locations ON DELETE CASCADE
);
CREATE INDEX inventory_references_image ON inventory_references (cloud_image_id, cloud_platform) WHERE gone_at IS NULL;

-- Images of which somebody said that they are not wanted in the catalogue, at a scope and below it, or took that back.
CREATE TABLE unwanted_cloud_images (
  scope text NOT NULL CHECK (scope IN ('scalr', 'account', 'environment')),
  account_id integer REFERENCES accounts ON DELETE CASCADE,
  environment_id integer,
  key uuid NOT NULL,
  unwanted boolean NOT NULL,
  version integer NOT NULL DEFAULT 1,
  marked_by text NOT NULL,
  marked_at timestamptz NOT NULL,
  FOREIGN KEY (environment_id, account_id) REFERENCES environments (id, account_id) ON DELETE CASCADE,
  CHECK ((scope = 'scalr') = (account_id IS NULL)),
  CHECK ((scope = 'environment') = (environment_id IS NOT NULL)),
  UNIQUE NULLS NOT DISTINCT (key, account_id, environment_id)
);

-- What an account of the simulated cloud has beside the servers that were launched there.
CREATE TABLE simulated_estate (
  account text NOT NULL,
  cloud_platform text NOT NULL,
  cloud_location text NOT NULL,
  kind text NOT NULL,
  id text NOT NULL,
  fact jsonb NOT NULL,
  PRIMARY KEY (account, cloud_platform, cloud_location, kind, id)
);
ALTER TABLE simulated_servers ADD account text NOT NULL DEFAULT '';
CREATE INDEX simulated_servers_account ON simulated_servers (account, cloud_platform, cloud_location, token)
  WHERE account <> '';
`;

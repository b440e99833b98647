import { type Kysely, sql } from 'kysely';

/** What the simulated cloud has: the same for every process, and there again after a restart. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw(cloudSql).execute(db);
}

/** Nothing refers to other tables: a cloud knows nothing of Slipway's. */
const cloudSql = `
CREATE TABLE simulated_servers (
  token text PRIMARY KEY,
  cloud_platform text NOT NULL,
  cloud_location text NOT NULL,
  cloud_server_id text NOT NULL,
  cloud_image_id text,
  instance_type text NOT NULL DEFAULT '',
  hostname text NOT NULL DEFAULT '',
  tags jsonb NOT NULL DEFAULT '{}',
  public_ip inet,
  private_ip inet,
  -- It is in the next state once that is due: nothing has to come by and write it down.
  state text NOT NULL CHECK (state IN ('pending', 'running', 'suspending', 'suspended', 'resuming', 'terminating',
    'terminated', 'failed')),
  next_state text CHECK (next_state IN ('running', 'suspended', 'terminated', 'failed')),
  due_at timestamptz,
  -- Why it fails, if it does.
  reason text,
  -- Each reboots it once.
  reboot_tokens text[] NOT NULL DEFAULT '{}',
  UNIQUE (cloud_platform, cloud_location, cloud_server_id),
  CHECK ((next_state IS NULL) = (due_at IS NULL))
);
CREATE INDEX simulated_servers_tags ON simulated_servers USING gin (tags jsonb_path_ops);

-- It knows every image; here is what was ever done with one.
CREATE TABLE simulated_images (
  cloud_platform text NOT NULL,
  cloud_location text NOT NULL,
  cloud_image_id text NOT NULL,
  name text,
  -- Of the job that had it copied, and when the copy is ready.
  copy_token text UNIQUE,
  ready_at timestamptz,
  is_missing boolean NOT NULL DEFAULT false,
  is_deprecated boolean NOT NULL DEFAULT false,
  PRIMARY KEY (cloud_platform, cloud_location, cloud_image_id),
  CHECK ((copy_token IS NULL) = (ready_at IS NULL))
);

-- What it is told to do badly, and where: '*' is everywhere.
CREATE TABLE simulated_faults (
  cloud_platform text NOT NULL DEFAULT '*',
  cloud_location text NOT NULL DEFAULT '*',
  kind text NOT NULL CHECK (kind IN ('no-capacity', 'image-missing', 'failing-servers', 'slow', 'flapping',
    'throttled')),
  probability double precision NOT NULL DEFAULT 1 CHECK (probability > 0 AND probability <= 1),
  seconds double precision NOT NULL DEFAULT 0 CHECK (seconds >= 0),
  PRIMARY KEY (cloud_platform, cloud_location, kind)
);
`;

import { type Kysely, sql } from 'kysely';

/** Names in clouds that stand for the images that Roles hold, as they are wanted and as they were last written. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw(text).execute(db);
}

const text = `
CREATE TABLE role_pointers (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  role_id integer NOT NULL,
  cloud_platform text NOT NULL,
  cloud_location text NOT NULL,
  credentials_id uuid NOT NULL REFERENCES cloud_credentials ON DELETE CASCADE,
  name text NOT NULL,
  -- The cloud image that it shall stand for; none where it shall go.
  wanted text,
  -- The one that it was last made to stand for.
  written text,
  written_at timestamptz,
  -- Why the cloud refused the last time.
  error text,
  failed_at timestamptz,
  CHECK ((error IS NULL) = (failed_at IS NULL)),
  CHECK (written IS NULL OR written_at IS NOT NULL),
  UNIQUE (role_id, cloud_platform, cloud_location, credentials_id)
);
CREATE INDEX role_pointers_credentials ON role_pointers (credentials_id);
`;

import { type Kysely, sql } from 'kysely';

/**
 * How Slipway speaks to clouds, which environment uses which credentials for a platform, and which credentials a
 * server was launched with: it is asked about with those, whatever its environment uses since.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw(text).execute(db);
}

const text = `
CREATE TABLE cloud_credentials (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  type text NOT NULL,
  cloud_platform text NOT NULL,
  name text NOT NULL,
  description text NOT NULL DEFAULT '',
  rights text[] NOT NULL DEFAULT '{}',
  -- Where the cloud is, and all else that may be read.
  settings jsonb NOT NULL DEFAULT '{}',
  -- The secret members, as JSON.
  sealed_secrets bytea,
  status text NOT NULL DEFAULT 'untested' CHECK (status IN ('untested', 'testing', 'working', 'failing')),
  -- What the last test found.
  test jsonb,
  contacted_at timestamptz,
  created_by text NOT NULL,
  added_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  version integer NOT NULL DEFAULT 1,
  scope text NOT NULL CHECK (scope IN ('scalr', 'account', 'environment')),
  account_id integer REFERENCES accounts,
  environment_id integer,
  FOREIGN KEY (environment_id, account_id) REFERENCES environments (id, account_id),
  CHECK ((scope = 'scalr') = (account_id IS NULL)),
  CHECK ((scope = 'environment') = (environment_id IS NOT NULL)),
  UNIQUE (id, cloud_platform),
  UNIQUE NULLS NOT DISTINCT (name, account_id, environment_id)
);
CREATE INDEX cloud_credentials_account ON cloud_credentials (account_id, environment_id);

CREATE TABLE environment_clouds (
  environment_id integer NOT NULL,
  account_id integer NOT NULL,
  cloud_platform text NOT NULL,
  credentials_id uuid NOT NULL,
  version integer NOT NULL DEFAULT 1,
  PRIMARY KEY (environment_id, cloud_platform),
  FOREIGN KEY (environment_id, account_id) REFERENCES environments (id, account_id) ON DELETE CASCADE,
  FOREIGN KEY (credentials_id, cloud_platform) REFERENCES cloud_credentials (id, cloud_platform)
);
CREATE INDEX environment_clouds_credentials ON environment_clouds (credentials_id);

ALTER TABLE servers ADD cloud_credentials_id uuid REFERENCES cloud_credentials ON DELETE SET NULL;
CREATE INDEX servers_cloud_credentials ON servers (cloud_credentials_id) WHERE cloud_credentials_id IS NOT NULL;
`;

import { type Kysely, sql } from 'kysely';

/** Farms can be locked, servers end before they began, and cost centers and projects share the bill. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const text of [farmsSql, serversSql, farmRolesSql, projectsSql, imagesSql])
    await sql.raw(text).execute(db);
}

const farmsSql = `
ALTER TABLE farms
  ADD locked_at timestamptz,
  ADD locked_by text,
  ADD lock_comment text,
  ADD unlock_permission text CHECK (unlock_permission IN ('anyone', 'owner', 'team')),
  ADD CHECK (num_nulls(locked_at, locked_by, lock_comment, unlock_permission) IN (0, 4));
`;

/** A server that was called off before it was launched has ended without an image. */
const serversSql = `
ALTER TABLE servers
  DROP CONSTRAINT servers_check,
  ADD CONSTRAINT servers_image_once_started CHECK (image_id IS NOT NULL OR status IN ('pending_launch', 'terminated'));
CREATE INDEX servers_public_ip ON servers (public_ip) WHERE public_ip IS NOT NULL;
CREATE INDEX servers_private_ip ON servers (private_ip) WHERE private_ip IS NOT NULL;
`;

/** Another role or place of a farm role changes what its servers are compared with. */
const farmRolesSql = `
CREATE FUNCTION judge_farm_role() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM judge_server_groups(ARRAY[NEW.id]);
  RETURN NULL;
END $$;
CREATE TRIGGER judge_changed_farm_role AFTER UPDATE OF role_id, cloud_platform, cloud_location ON farm_roles
  FOR EACH ROW EXECUTE FUNCTION judge_farm_role();
`;

const scopeColumns = `
  scope text NOT NULL CHECK (scope IN ('scalr', 'account', 'environment')),
  account_id integer REFERENCES accounts,
  environment_id integer,
  FOREIGN KEY (environment_id, account_id) REFERENCES environments (id, account_id),
  CHECK ((scope = 'scalr') = (account_id IS NULL)),
  CHECK ((scope = 'environment') = (environment_id IS NOT NULL))`;

/** Every database has one cost center, so that a project can be made at once. */
const projectsSql = `
CREATE TABLE cost_centers (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  name text NOT NULL,
  billing_code text NOT NULL,
  lead_email text NOT NULL DEFAULT '',
  description text NOT NULL DEFAULT '',
  added_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  ${scopeColumns},
  CHECK (scope <> 'environment'),
  UNIQUE NULLS NOT DISTINCT (name, account_id)
);
INSERT INTO cost_centers (id, name, billing_code, description, scope)
VALUES ('00000000-0000-4000-8000-000000000001', 'Default', 'default', 'For what is charged to nobody in particular.', 'scalr');

CREATE TABLE projects (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  name text NOT NULL,
  cost_center_id uuid NOT NULL REFERENCES cost_centers,
  billing_code text NOT NULL,
  lead_email text NOT NULL,
  description text NOT NULL DEFAULT '',
  created_by text NOT NULL,
  added_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  version integer NOT NULL DEFAULT 1,
  ${scopeColumns},
  CHECK (scope <> 'scalr'),
  UNIQUE NULLS NOT DISTINCT (name, account_id, environment_id)
);
CREATE INDEX projects_cost_center ON projects (cost_center_id);
ALTER TABLE farms ADD project_id uuid REFERENCES projects;
CREATE INDEX farms_project ON farms (project_id) WHERE project_id IS NOT NULL;
ALTER TABLE environments ADD cost_center_id uuid REFERENCES cost_centers;
`;

/** A copy exists here before its machine image is finished in the cloud. */
const imagesSql = `
ALTER TABLE images
  DROP CONSTRAINT images_status_check,
  ADD CONSTRAINT images_status_check CHECK (status IN ('active', 'pending_copy', 'pending_delete', 'failed'));
`;

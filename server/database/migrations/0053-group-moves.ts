import { type Kysely, sql } from 'kysely';

/** Groups of a cloud that a rollout moves: docs/domain.md, "Moving observed groups". */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw(groupsSql).execute(db);
}

/**
 * As with the servers of a rollout, they outlive what they name. The images are named by what the cloud calls them:
 * rows of images that stand for what was found come and go.
 */
const groupsSql = `
CREATE TABLE rollout_groups (
  rollout_id uuid NOT NULL REFERENCES rollouts ON DELETE CASCADE,
  farm_role_id integer NOT NULL,
  farm_id integer NOT NULL,
  account_id integer NOT NULL,
  environment_id integer NOT NULL,
  FOREIGN KEY (environment_id, account_id) REFERENCES environments (id, account_id) ON DELETE CASCADE,
  farm_name text NOT NULL,
  alias text NOT NULL,
  wave integer NOT NULL,
  -- Where it is, and what it is called there.
  credentials_id uuid NOT NULL,
  cloud_platform text NOT NULL,
  cloud_location text NOT NULL,
  group_id text NOT NULL,
  template_id text NOT NULL,
  -- The pointer that is moved; without one the template gets a new version.
  pointer_name text,
  -- What it started servers from before, and what it shall: id, name and cloudImageId.
  from_image jsonb NOT NULL,
  to_image jsonb NOT NULL,
  -- What is made in the cloud for it is made once.
  token uuid NOT NULL DEFAULT gen_random_uuid(),
  state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'moving', 'failed', 'moved', 'ended')),
  -- The cloud exchanges its servers by itself, or Slipway does where the cloud lets nobody ask for that.
  by_members boolean NOT NULL DEFAULT false,
  refresh_id text,
  -- One that Slipway has ended itself, since the rollout was paused or stopped.
  cancelled_refresh_id text,
  percentage integer NOT NULL DEFAULT 0,
  words text,
  -- Of the rollout that this one takes back, where it was under way.
  undone_refresh_id text,
  started_at timestamptz,
  ended_at timestamptz,
  PRIMARY KEY (rollout_id, farm_role_id),
  CHECK ((state IN ('moved', 'ended')) = (ended_at IS NOT NULL)),
  CHECK (state = 'waiting' OR state = 'ended' OR started_at IS NOT NULL)
);
CREATE INDEX rollout_groups_open ON rollout_groups (rollout_id, farm_id) WHERE state IN ('waiting', 'moving', 'failed');
CREATE INDEX rollout_groups_farm ON rollout_groups (farm_id, rollout_id);
CREATE INDEX rollout_groups_credentials ON rollout_groups (credentials_id, ended_at);
CREATE INDEX rollout_groups_environment ON rollout_groups (environment_id, rollout_id);
CREATE TRIGGER raise_fleet_on_update AFTER UPDATE ON rollout_groups
REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION raise_fleet_of_changed();
`;

import { type Kysely, sql } from 'kysely';

/** Servers are moved to the image that their roles have now, a few at a time: docs/domain.md, "Rollouts". */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const text of [rolloutsSql, serversSql, liveSql]) await sql.raw(text).execute(db);
}

const rolloutsSql = `
CREATE TABLE rollouts (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  scope text NOT NULL CHECK (scope IN ('scalr', 'account', 'environment')),
  account_id integer REFERENCES accounts ON DELETE CASCADE,
  environment_id integer,
  FOREIGN KEY (environment_id, account_id) REFERENCES environments (id, account_id) ON DELETE CASCADE,
  CHECK ((scope = 'scalr') = (account_id IS NULL)),
  CHECK ((scope = 'environment') = (environment_id IS NOT NULL)),
  state text NOT NULL CHECK (state IN ('planned', 'running', 'paused', 'stopped', 'done', 'cancelled')),
  -- What was asked for as it came, what that is called, and what it would have done then, server by server.
  wish jsonb NOT NULL,
  target jsonb NOT NULL,
  items jsonb NOT NULL,
  settings jsonb NOT NULL,
  replacement_id uuid,
  at timestamptz NOT NULL,
  by text NOT NULL,
  reason text,
  expires_at timestamptz NOT NULL,
  started_at timestamptz,
  started_by text,
  ended_at timestamptz,
  -- New servers that did not come up, since it was started or last resumed, and the cloud's last words.
  failures integer NOT NULL DEFAULT 0,
  cloud_words text,
  undoes_id uuid REFERENCES rollouts ON DELETE SET NULL,
  version integer NOT NULL DEFAULT 1,
  CHECK ((started_at IS NULL) = (started_by IS NULL)),
  CHECK (state IN ('planned', 'cancelled') OR started_at IS NOT NULL),
  CHECK ((state IN ('done', 'cancelled')) = (ended_at IS NOT NULL))
);
CREATE INDEX rollouts_scope ON rollouts (account_id, environment_id, at);
CREATE INDEX rollouts_at ON rollouts (at, id);
CREATE INDEX rollouts_running ON rollouts (id) WHERE state = 'running';
CREATE INDEX rollouts_replacement ON rollouts (replacement_id) WHERE replacement_id IS NOT NULL;
-- What was moved is moved back once.
CREATE UNIQUE INDEX rollouts_undoes ON rollouts (undoes_id) WHERE undoes_id IS NOT NULL;
CREATE INDEX rollouts_never_started ON rollouts (expires_at) WHERE started_at IS NULL;
`;

/** Pages that show a rollout are told of each step of it (docs/domain.md, "Live"). */
const liveSql = `
CREATE TRIGGER raise_fleet_on_update AFTER UPDATE ON rollout_servers
REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION raise_fleet_of_changed();
`;

/** They outlive the servers that they name, as a record of what was done. */
const serversSql = `
CREATE TABLE rollout_servers (
  rollout_id uuid NOT NULL REFERENCES rollouts ON DELETE CASCADE,
  server_id uuid NOT NULL,
  farm_id integer NOT NULL,
  farm_role_id integer NOT NULL,
  account_id integer NOT NULL,
  environment_id integer NOT NULL,
  FOREIGN KEY (environment_id, account_id) REFERENCES environments (id, account_id) ON DELETE CASCADE,
  hostname text NOT NULL,
  server_index integer NOT NULL,
  farm_name text NOT NULL,
  alias text NOT NULL,
  wave integer NOT NULL,
  position integer NOT NULL,
  state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'moving', 'baking', 'moved', 'skipped')),
  -- What came in its place; none while another has to be launched.
  new_server_id uuid,
  reason text,
  failures integer NOT NULL DEFAULT 0,
  failed_at timestamptz,
  cloud_words text,
  started_at timestamptz,
  -- Since when what came in its place runs.
  ran_at timestamptz,
  ended_at timestamptz,
  PRIMARY KEY (rollout_id, server_id),
  UNIQUE (rollout_id, position),
  CHECK ((state IN ('moved', 'skipped')) = (ended_at IS NOT NULL)),
  CHECK (state NOT IN ('moving', 'baking') OR started_at IS NOT NULL)
);
CREATE INDEX rollout_servers_open ON rollout_servers (rollout_id, wave, farm_id)
  WHERE state IN ('waiting', 'moving', 'baking');
CREATE INDEX rollout_servers_under_way ON rollout_servers (rollout_id, farm_id) WHERE state IN ('moving', 'baking');
-- A server comes in one place, and a farm is looked for by whatever else works on it.
CREATE UNIQUE INDEX rollout_servers_new ON rollout_servers (rollout_id, new_server_id) WHERE new_server_id IS NOT NULL;
CREATE INDEX rollout_servers_farm ON rollout_servers (farm_id, rollout_id);
CREATE INDEX rollout_servers_environment ON rollout_servers (environment_id, rollout_id);
CREATE INDEX rollout_servers_account ON rollout_servers (account_id, rollout_id);
`;

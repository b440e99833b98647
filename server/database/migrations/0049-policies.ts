import { type Kysely, sql } from 'kysely';

/** What shall become of images as time passes, what each evaluation of that found, and images that it leaves alone. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw(text).execute(db);
}

const text = `
ALTER TABLE images ADD protected_at timestamptz, ADD protected_by text, ADD protection_reason text,
  ADD CHECK ((protected_at IS NULL) = (protected_by IS NULL)),
  ADD CHECK (protection_reason IS NULL OR protected_at IS NOT NULL);

CREATE TABLE policies (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  kind text NOT NULL CHECK (kind IN ('deprecate', 'delete', 'names', 'roles')),
  name text NOT NULL,
  description text NOT NULL DEFAULT '',
  reach text NOT NULL DEFAULT 'scope' CHECK (reach IN ('scope', 'below')),
  rule jsonb NOT NULL,
  mode text NOT NULL DEFAULT 'audit' CHECK (mode IN ('audit', 'enforce')),
  mode_by text,
  mode_at timestamptz,
  -- When a loop last looked whether there is something to do.
  checked_at timestamptz,
  created_by text NOT NULL,
  added_at timestamptz NOT NULL,
  version integer NOT NULL DEFAULT 1,
  scope text NOT NULL CHECK (scope IN ('scalr', 'account', 'environment')),
  account_id integer REFERENCES accounts,
  environment_id integer,
  FOREIGN KEY (environment_id, account_id) REFERENCES environments (id, account_id),
  CHECK ((scope = 'scalr') = (account_id IS NULL)),
  CHECK ((scope = 'environment') = (environment_id IS NOT NULL)),
  CHECK ((mode_by IS NULL) = (mode_at IS NULL)),
  UNIQUE NULLS NOT DISTINCT (name, account_id, environment_id)
);
CREATE INDEX policies_scope ON policies (account_id, environment_id);

CREATE TABLE policy_evaluations (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  policy_id uuid NOT NULL REFERENCES policies ON DELETE CASCADE,
  at timestamptz NOT NULL,
  by text NOT NULL,
  rule jsonb NOT NULL,
  reach text NOT NULL,
  mode text NOT NULL CHECK (mode IN ('audit', 'enforce')),
  due integer NOT NULL,
  later integer NOT NULL,
  kept integer NOT NULL,
  -- Of one that was carried out.
  done integer,
  undone_at timestamptz,
  undone_by text,
  restored integer,
  CHECK (done IS NULL OR mode = 'enforce'),
  CHECK ((undone_at IS NULL) = (undone_by IS NULL) AND (undone_at IS NULL) = (restored IS NULL)),
  CHECK (undone_at IS NULL OR done IS NOT NULL)
);
CREATE INDEX policy_evaluations_policy ON policy_evaluations (policy_id, at);

CREATE TABLE policy_findings (
  evaluation_id uuid NOT NULL REFERENCES policy_evaluations ON DELETE CASCADE,
  position integer NOT NULL,
  kind text NOT NULL CHECK (kind IN ('image', 'imageSet', 'role')),
  object_id text NOT NULL,
  name text NOT NULL,
  scope text NOT NULL,
  account_id integer,
  environment_id integer,
  cloud_platform text,
  cloud_location text,
  verdict text NOT NULL CHECK (verdict IN ('due', 'later', 'kept')),
  due_at timestamptz,
  code text NOT NULL,
  why text NOT NULL,
  done boolean NOT NULL DEFAULT false,
  PRIMARY KEY (evaluation_id, position),
  CHECK ((verdict = 'kept') = (due_at IS NULL)),
  CHECK (NOT done OR verdict = 'due')
);

-- When something in a cloud that referred to an image was last seen, once it is forgotten itself.
CREATE TABLE cloud_image_uses (
  cloud_platform text NOT NULL,
  cloud_image_id text NOT NULL,
  last_seen_at timestamptz NOT NULL,
  PRIMARY KEY (cloud_platform, cloud_image_id)
);
`;

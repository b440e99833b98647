/** What happened, what is to be carried out, and the counters that order it. */
export const recordsSql = `
-- One counter per chain: 'corporate', or 'account:<id>'. Raised under the lock, so its order is commit order.
CREATE TABLE revisions (
  chain text PRIMARY KEY,
  revision bigint NOT NULL DEFAULT 0,
  hash bytea NOT NULL DEFAULT '\\x',
  at timestamptz NOT NULL DEFAULT clock_timestamp()
);
INSERT INTO revisions (chain) VALUES ('corporate');

CREATE TABLE operations_log (
  chain text NOT NULL REFERENCES revisions,
  revision bigint NOT NULL,
  at timestamptz NOT NULL,
  request_id uuid NOT NULL,
  operation text NOT NULL,
  actor text NOT NULL,
  credential text NOT NULL,
  origin text NOT NULL,
  scope text NOT NULL CHECK (scope IN ('scalr', 'account', 'environment')),
  account_id integer,
  environment_id integer,
  object text NOT NULL,
  reason text,
  before jsonb,
  after jsonb,
  undo jsonb,
  prev_hash bytea NOT NULL,
  hash bytea NOT NULL,
  PRIMARY KEY (chain, revision)
);
CREATE INDEX operations_log_object ON operations_log (object, at);

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;
END $$;
CREATE TRIGGER operations_log_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON operations_log
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Refusals for want of a right, written after the roll-back of what was refused.
CREATE TABLE denials (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  request_id uuid NOT NULL,
  operation text NOT NULL,
  actor text NOT NULL,
  credential text NOT NULL,
  origin text NOT NULL,
  scope text NOT NULL,
  account_id integer,
  environment_id integer,
  code text NOT NULL,
  message text NOT NULL
);

-- Effects outside the database: written with the work, carried out by a loop; the id is the client's token.
CREATE TABLE outbox (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  kind text NOT NULL,
  payload jsonb NOT NULL,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  attempts integer NOT NULL DEFAULT 0,
  next_attempt_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  done_at timestamptz,
  error text
);
CREATE INDEX outbox_waiting ON outbox (next_attempt_at) WHERE done_at IS NULL;
`;

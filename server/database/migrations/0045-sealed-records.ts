import { type Kysely, sql } from 'kysely';

/**
 * What a change of records past Slipway is noticed by: seals, which only whoever has the key for secrets can make,
 * the state that records begin with, and where they were cut (docs/decisions/0005-sealed-records.md).
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw(text).execute(db);
}

const text = `
ALTER TABLE operations_log ADD seal bytea;
ALTER TABLE sessions ADD seal bytea;
ALTER TABLE sign_in_links ADD seal bytea;
ALTER TABLE passwords ADD seal bytea;
ALTER TABLE user_identities ADD seal bytea;
ALTER TABLE answered_requests ADD seal bytea;

-- Sign-ins are a chain of their own, each sealed with the one before; an attempt has no number until it is settled.
ALTER TABLE sign_ins ADD number bigint, ADD seal bytea;
CREATE UNIQUE INDEX sign_ins_number ON sign_ins (number) WHERE number IS NOT NULL;

-- From when on records account for everything that is there. The last one counts.
CREATE TABLE record_begins (
  id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  by text NOT NULL,
  reason text NOT NULL,
  -- Where each chain stood: revision and hash by its name.
  heads jsonb NOT NULL,
  -- How many objects there were, and the digest of record_baseline.
  objects bigint NOT NULL,
  digest bytea NOT NULL,
  seal bytea NOT NULL
);
-- What was there then, as the log would have it.
CREATE TABLE record_baseline (
  object text PRIMARY KEY,
  state jsonb NOT NULL
);
-- Up to where old entries of a chain were deleted.
CREATE TABLE record_cuts (
  id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  chain text NOT NULL,
  revision bigint NOT NULL,
  hash bytea NOT NULL,
  -- Deleted with this cut, and with all of the chain.
  entries bigint NOT NULL,
  entries_in_all bigint NOT NULL,
  before timestamptz NOT NULL,
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  by text NOT NULL,
  seal bytea NOT NULL
);
CREATE INDEX record_cuts_chain ON record_cuts (chain, id DESC);
CREATE TRIGGER record_begins_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON record_begins
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER record_cuts_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON record_cuts
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
`;

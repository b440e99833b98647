import { type Kysely, sql } from 'kysely';

/**
 * What people know a session by, when whoever has it last showed that it is they, and what an API key is narrowed
 * to. A session lasts for 12 hours at most unless it is set otherwise, which holds for those from before, too.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw(text).execute(db);
}

const text = `
ALTER TABLE sessions
  -- Where it was last used from, and with which browser it began.
  ADD address text NOT NULL DEFAULT '',
  ADD user_agent text NOT NULL DEFAULT '',
  ADD confirmed_at timestamptz NOT NULL DEFAULT clock_timestamp();
UPDATE sessions SET confirmed_at = created_at, expires_at = least(expires_at, created_at + interval '12 hours');

ALTER TABLE api_keys
  ADD read_only boolean NOT NULL DEFAULT false,
  ADD expires_at timestamptz,
  ADD last_used_from text,
  -- What it reaches at most; Corporate is all that its user does.
  ADD scope text NOT NULL DEFAULT 'scalr' CHECK (scope IN ('scalr', 'account', 'environment')),
  ADD account_id integer REFERENCES accounts,
  ADD environment_id integer,
  ADD FOREIGN KEY (environment_id, account_id) REFERENCES environments (id, account_id),
  ADD CHECK ((scope = 'scalr') = (account_id IS NULL)),
  ADD CHECK ((scope = 'environment') = (environment_id IS NOT NULL));
CREATE INDEX api_keys_account ON api_keys (account_id, environment_id) WHERE account_id IS NOT NULL;
CREATE INDEX api_keys_created ON api_keys (created_at, id);

-- The functions that read the log take a session for somebody's own, as they do with a key.
DO $$
DECLARE
  reads text := pg_get_functiondef('follow_log'::regproc);
  links text := pg_get_functiondef('logged_links'::regproc);
BEGIN
  EXECUTE replace(reads, quote_literal('apiKey'), quote_literal('apiKey') || ', ' || quote_literal('session'));
  EXECUTE replace(links, 'WHEN ' || quote_literal('apiKey'),
    'WHEN ' || quote_literal('session') || ' THEN ARRAY[' || quote_literal('user:') || ' || (value #>> '
      || quote_literal('{user,id}') || ')] WHEN ' || quote_literal('apiKey'));
END $$;
`;

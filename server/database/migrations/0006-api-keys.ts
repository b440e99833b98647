import { type Kysely, sql } from 'kysely';

/** Keys that sign requests, and how often each did in the current minute. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`CREATE TABLE api_keys (
    id text PRIMARY KEY CHECK (id ~ '^APIK[A-Z2-7]{16}$'),
    user_id integer NOT NULL REFERENCES users,
    name text NOT NULL,
    active boolean NOT NULL DEFAULT true,
    sealed_secret bytea NOT NULL,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    last_used_at timestamptz
  )`.execute(db);
  await sql`CREATE INDEX api_keys_user ON api_keys (user_id)`.execute(db);
  // Unlogged: a crash may forget a minute's count, and the write costs little.
  await sql`CREATE UNLOGGED TABLE api_key_counters (
    key_id text PRIMARY KEY REFERENCES api_keys ON DELETE CASCADE,
    minute timestamptz NOT NULL,
    requests integer NOT NULL
  )`.execute(db);
}

import { type Kysely, sql } from 'kysely';

/** What a repeated request is answered: written in the transaction of its work, or not at all. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`CREATE TABLE answered_requests (
    user_id integer NOT NULL REFERENCES users,
    key text NOT NULL,
    request_hash bytea NOT NULL,
    answer text,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (user_id, key)
  )`.execute(db);
  await sql`CREATE INDEX answered_requests_at ON answered_requests (at)`.execute(db);
}

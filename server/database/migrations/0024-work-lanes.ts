import { type Kysely, sql } from 'kysely';

/**
 * Jobs of the outbox are done many at once: so many of each lane, which is whose credentials they use. What is
 * being done says until when nobody else takes it, so that it can be counted; the index serves the claim.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw(lanesSql).execute(db);
}

const lanesSql = `
ALTER TABLE outbox ADD lane text NOT NULL DEFAULT '', ADD leased_until timestamptz;
UPDATE outbox o SET lane = coalesce('account ' || i.account_id, 'corporate') || ' ' || i.cloud_platform
FROM images i WHERE o.done_at IS NULL AND i.id::text = o.payload ->> 'imageId';

DROP INDEX outbox_waiting;
CREATE INDEX outbox_waiting ON outbox (kind, lane, next_attempt_at) WHERE done_at IS NULL;
CREATE INDEX outbox_leased ON outbox (lane, leased_until) WHERE done_at IS NULL AND leased_until IS NOT NULL;

-- Lanes whose cloud was asked too often.
CREATE TABLE lane_rests (
  lane text PRIMARY KEY,
  rests_until timestamptz NOT NULL,
  rest_ms integer NOT NULL
);
`;

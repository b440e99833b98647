import { type RawBuilder, sql } from 'kysely';
import type { Db } from '../../connection/connection.ts';
import { takeClaimLock } from '../../connection/locks.ts';

/** One effect that is due outside the database. */
export interface OutboxJob {
  id: string;
  kind: string;
  /** Whose credentials it uses: jobs of one lane share the limits of their cloud. */
  lane: string;
  payload: unknown;
  /** This one included. */
  attempts: number;
}

const credentialsLane = 'credentials ';

/**
 * The lane of whoever asks a cloud: cloud credentials; where there are none, an account, or Corporate, on one
 * platform. The job is carried out with the credentials that its lane names.
 */
export function laneOf(of: {
  credentialsId: RawBuilder<unknown>;
  accountId: RawBuilder<unknown> | number | null;
  cloudPlatform: RawBuilder<unknown> | string;
}): RawBuilder<string> {
  return sql<string>`coalesce(${credentialsLane} || ${of.credentialsId}::text,
    coalesce('account ' || ${of.accountId}::text, 'corporate') || ' ' || ${of.cloudPlatform}::text)`;
}

/** The lane of cloud credentials themselves. */
export function laneOfCredentials(id: RawBuilder<unknown> | string): RawBuilder<string> {
  return sql<string>`(${credentialsLane}::text || ${id}::text)`;
}

/** The same, as text. */
export function laneNameOf(credentialsId: string): string {
  return credentialsLane + credentialsId;
}

/** The id of the credentials that a lane names, if it names any. */
export function credentialsOf(lane: string): string | undefined {
  return lane.startsWith(credentialsLane) ? lane.slice(credentialsLane.length) : undefined;
}

/** Asks the loop of a kind for an effect, once this transaction is committed. */
export async function queueJob(
  tx: Db,
  job: { kind: string; lane: RawBuilder<string>; payload: object; at: Date; subject?: string },
): Promise<void> {
  const { kind, lane, payload, at, subject } = job;
  await tx
    .insertInto('outbox')
    .values({
      kind,
      lane,
      payload: JSON.stringify(payload),
      created_at: at,
      next_attempt_at: at,
      ...(subject !== undefined && { subject }),
    })
    .execute();
}

export interface Claim {
  kinds: readonly string[];
  /** At most so many jobs. */
  limit: number;
  /** Of one lane, with all that are under way anywhere. */
  perLane: number;
  /** How long nobody else takes them. */
  leaseMs: number;
}

/**
 * Takes jobs that are due, so that no other process takes them for a while. Lanes take turns, those with the
 * fewest jobs under way first; in a lane, what has been due longest goes first. A process that is killed with a
 * job lets it become due again; so every effect must bear repetition.
 */
export async function claimJobs(db: Db, claim: Claim): Promise<OutboxJob[]> {
  if (claim.limit <= 0) return [];
  return db.transaction().execute(async (tx) => {
    await takeClaimLock(tx);
    return (await claimDue(claim).execute(tx)).rows;
  });
}

/** The moment at which this is asked, and, unlike the clock, one that an index can be searched for. */
const now = sql`statement_timestamp()`;

/** Steps from lane to lane through the index, instead of reading all that waits in each. */
function claimDue({ kinds, limit, perLane, leaseMs }: Claim) {
  const nextLane = (kind: RawBuilder<unknown>, after: RawBuilder<unknown>) => sql`(
    SELECT o.lane FROM outbox o WHERE o.kind = ${kind} AND o.done_at IS NULL ${after} ORDER BY o.lane LIMIT 1)`;
  return sql<OutboxJob>`
    WITH RECURSIVE waiting AS (
      SELECT kind, ${nextLane(sql`wanted.kind`, sql``)} AS lane FROM unnest(${kinds}::text[]) AS wanted (kind)
      UNION ALL
      SELECT kind, ${nextLane(sql`w.kind`, sql`AND o.lane > w.lane`)} FROM waiting w WHERE w.lane IS NOT NULL),
    open AS MATERIALIZED (
      SELECT lane, under_way FROM (SELECT DISTINCT lane FROM waiting WHERE lane IS NOT NULL) known
      CROSS JOIN LATERAL (SELECT count(*) AS under_way FROM outbox o WHERE o.lane = known.lane
        AND o.done_at IS NULL AND o.leased_until > ${now}) counted
      WHERE under_way < ${perLane}
        AND NOT EXISTS (SELECT FROM lane_rests r WHERE r.lane = known.lane AND r.rests_until > ${now})),
    queued AS (
      SELECT due.id, due.next_attempt_at, open.under_way
        + row_number() OVER (PARTITION BY lane ORDER BY due.next_attempt_at, due.id) AS place
      FROM open JOIN waiting w USING (lane) CROSS JOIN LATERAL (
        SELECT o.id, o.next_attempt_at FROM outbox o
        WHERE o.kind = w.kind AND o.lane = w.lane AND o.done_at IS NULL AND o.next_attempt_at <= ${now}
        ORDER BY o.next_attempt_at LIMIT ${perLane}) due),
    taken AS MATERIALIZED (
      SELECT o.id FROM outbox o
      WHERE o.id = ANY(ARRAY(SELECT id FROM queued WHERE place <= ${perLane}
          ORDER BY place, next_attempt_at, id LIMIT ${limit}))
        AND o.done_at IS NULL AND o.next_attempt_at <= ${now}
      FOR UPDATE SKIP LOCKED)
    UPDATE outbox SET attempts = attempts + 1, next_attempt_at = ${after(leaseMs)}, leased_until = ${after(leaseMs)}
    FROM taken WHERE outbox.id = taken.id
    RETURNING outbox.id, kind, lane, payload, attempts`;
}

/** Puts a claimed job off after an attempt that did not succeed. */
export async function postponeJob(
  db: Db,
  id: string,
  wait: { ms: number; error: string },
): Promise<void> {
  await sql`UPDATE outbox SET next_attempt_at = ${after(wait.ms)}, leased_until = NULL, error = ${wait.error}
    WHERE id = ${id} AND done_at IS NULL`.execute(db);
}

/** Gives a claimed job back that has not failed: it is due after a while, and the attempt does not count. */
export async function returnJob(db: Db, id: string, waitMs = 0, error?: string): Promise<void> {
  await sql`UPDATE outbox SET next_attempt_at = ${after(waitMs)}, leased_until = NULL, attempts = attempts - 1,
      error = ${error ?? null}
    WHERE id = ${id} AND done_at IS NULL`.execute(db);
}

/**
 * Settles a job for good.
 * @param error why it could not be carried out
 * @returns whether it was still open: of two processes that had it, one settles it
 */
export async function settleJob(tx: Db, id: string, at: Date, error?: string): Promise<boolean> {
  const row = await tx
    .updateTable('outbox')
    .set({ done_at: at, leased_until: null, error: error ?? null })
    .where('id', '=', id)
    .where('done_at', 'is', null)
    .returning('id')
    .executeTakeFirst();
  return row !== undefined;
}

const firstRestMs = 2_000;
const longestRestMs = 60_000;

/**
 * Lets a lane rest whose cloud was asked too often: twice as long as the last time, unless it has gone well for
 * as long as that since. What is told while it rests already was asked before, and counts once.
 */
export async function restLane(db: Db, lane: string): Promise<void> {
  const rest = sql`CASE WHEN clock_timestamp() > r.rests_until + make_interval(secs => r.rest_ms / 1000.0)
    THEN ${firstRestMs}::int ELSE least(r.rest_ms * 2, ${longestRestMs}::int) END`;
  await sql`INSERT INTO lane_rests AS r (lane, rests_until, rest_ms)
    VALUES (${lane}, ${after(firstRestMs)}, ${firstRestMs})
    ON CONFLICT (lane) DO UPDATE SET rest_ms = ${rest},
      rests_until = clock_timestamp() + make_interval(secs => (${rest}) / 1000.0)
    WHERE r.rests_until <= clock_timestamp()`.execute(db);
}

function after(ms: number) {
  return sql`clock_timestamp() + make_interval(secs => ${ms / 1000})`;
}

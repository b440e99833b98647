import { sql } from 'kysely';
import type { Db } from '../../connection/connection.ts';

/** How far one scope had moved. */
export interface Head {
  /** Null for Corporate. */
  accountId: number | null;
  revision: number;
  fleet: number;
  /** How many entries of its operations log were listed later than they were made. */
  followed: number;
}

/** Every scope at one moment, which is told by the numbers of transactions. */
export interface Sight {
  /** Whatever was changed by an earlier transaction is in it. */
  after: number;
  /** Nothing is in it that was changed by this transaction or a later one. */
  before: number;
  heads: Head[];
}

/** How far every scope has moved: one statement, so one moment. */
export async function fetchSight(db: Db): Promise<Sight> {
  const { rows } = await sql<Sight>`
    WITH now AS (SELECT pg_current_snapshot() AS snapshot)
    SELECT pg_snapshot_xmin(snapshot)::text::bigint AS after, pg_snapshot_xmax(snapshot)::text::bigint AS before,
      (SELECT coalesce(jsonb_agg(head), '[]') FROM (
        SELECT nullif(split_part(chain, ':', 2), '')::int AS "accountId", coalesce(max(revision), 0)::bigint AS revision,
          coalesce(sum(fleet), 0)::bigint AS fleet, coalesce(sum(followed), 0)::bigint AS followed
        FROM (
          SELECT chain, revision, NULL::bigint AS fleet, NULL::bigint AS followed FROM revisions
          UNION ALL
          SELECT 'account:' || account_id, NULL, revision, NULL FROM fleet_revisions
          UNION ALL
          SELECT chain, NULL, NULL, entries FROM operations_followed) moves
        GROUP BY chain) head) AS heads
    FROM now`.execute(db);
  const [sight] = rows;
  if (!sight) throw new Error('A statement without a table has one row');
  return sight;
}

/** More than anybody does between two looks; of more, nobody asks what it was. */
const mostEntries = 1_000;

/** From which revision of a scope to which, the first not included. */
export interface Step {
  accountId: number | null;
  from: number;
  to: number;
}

/** Which operations led from one revision to another; undefined for a scope where they are too many to tell. */
export async function fetchOperations(
  db: Db,
  steps: readonly Step[],
): Promise<Map<number | null, string[] | undefined>> {
  const short = steps.filter(({ from, to }) => to - from <= mostEntries);
  const found = new Map<number | null, string[] | undefined>(
    steps.map(({ accountId }) => [accountId, undefined]),
  );
  if (short.length === 0) return found;
  for (const { accountId } of short) found.set(accountId, []);
  const chains = short.map(({ accountId }) =>
    accountId === null ? 'corporate' : `account:${accountId}`,
  );
  const { rows } = await sql<{ nth: number; operation: string }>`
    SELECT DISTINCT wanted.nth, log.operation
    FROM unnest(${chains}::text[], ${short.map(({ from }) => from)}::bigint[], ${short.map(({ to }) => to)}::bigint[])
      WITH ORDINALITY AS wanted (chain, first, last, nth)
    JOIN operations_log log
      ON log.chain = wanted.chain AND log.revision > wanted.first AND log.revision <= wanted.last`.execute(
    db,
  );
  for (const { nth, operation } of rows) {
    const step = short[nth - 1];
    if (step) found.get(step.accountId)?.push(operation);
  }
  return found;
}

/**
 * Tells pages that the fleets of these accounts have changed. Changes of servers tell it by themselves; this is
 * for what else of a fleet changes without an operation, such as why a farm cannot launch.
 */
export async function raiseFleetRevisions(tx: Db, accountIds: readonly number[]): Promise<void> {
  await sql`SELECT raise_fleet_revisions(${[...accountIds]}::int[])`.execute(tx);
}

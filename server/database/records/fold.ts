import { sql } from 'kysely';
import type { Db } from '../connection/connection.ts';
import { mirroredKinds } from '../mirrors/mirrors.ts';

/** What an object of the log is named by, from one of its states; an image that was merged is what it became. */
const nameOf = (state: string) => `kind || ':' || CASE kind
  WHEN 'roleImage' THEN (${state} #>> '{role,id}') || '/' || coalesce(
    (SELECT into_id FROM merged WHERE from_id = ${state} #>> '{image,id}'), ${state} #>> '{image,id}')
  ELSE ${state} ->> 'id' END`;

/**
 * Folds the log into the state that it leads to, as a table `folded` of this transaction: for each object that is
 * there its name, its kind and its last state. It begins with what was there when records began, and takes what
 * chains tell in the order of time, each chain in its own order. What refers to an image that was merged refers to
 * what it became, which no entry says: docs/domain.md, "The operations log".
 * @param heads revision by chain that the baseline stands for; later entries are folded
 * @param until entries of this time and later are left out
 */
export async function foldLog(
  tx: Db,
  heads: ReadonlyMap<string, number>,
  until?: Date,
): Promise<void> {
  await sql`DROP TABLE IF EXISTS logged_parts, merged, folded`.execute(tx);
  await gatherParts(tx, heads, until);
  await gatherMerges(tx);
  await takeLast(tx);
  for (const { kind, mirror } of mirroredKinds)
    for (const path of mirror.without ?? [])
      await sql`UPDATE folded SET state = state #- ${`{${path}}`}::text[] WHERE kind = ${kind}`.execute(
        tx,
      );
  await followMerges(tx);
  await sql`CREATE INDEX ON folded (kind, object)`.execute(tx);
  await sql`ANALYZE folded`.execute(tx);
}

/** Everything that entries tell of objects that are compared: one row for each object of each entry. */
async function gatherParts(
  tx: Db,
  heads: ReadonlyMap<string, number>,
  until: Date | undefined,
): Promise<void> {
  const kinds = mirroredKinds.map(({ kind }) => kind);
  const [chains, revisions] = [[...heads.keys()], [...heads.values()]];
  await sql`
    CREATE TEMPORARY TABLE logged_parts ON COMMIT DROP AS
    WITH entry AS (
      SELECT l.chain, l.revision, max(l.at) OVER (PARTITION BY l.chain ORDER BY l.revision) AS at,
        l.object, l.before, l.after, l.others
      FROM operations_log l
      LEFT JOIN unnest(${chains}::text[], ${revisions}::bigint[]) head (chain, revision) USING (chain)
      WHERE l.shape > 1 AND l.revision > coalesce(head.revision, 0)
        ${until ? sql`AND l.at < ${until}` : sql``})
    SELECT at, chain, revision, nth, kind, before, after FROM (
      SELECT at, chain, revision, 0::bigint AS nth, split_part(object, ':', 1) AS kind, before, after FROM entry
      UNION ALL
      SELECT at, chain, revision, other.nth, split_part(other.part ->> 'object', ':', 1), other.part -> 'before',
        other.part -> 'after'
      FROM entry, jsonb_array_elements(others) WITH ORDINALITY other (part, nth)) part
    WHERE kind = ANY (${kinds}::text[])`.execute(tx);
}

/** Which image became which other one, at the end of all merges. */
async function gatherMerges(tx: Db): Promise<void> {
  await sql`
    CREATE TEMPORARY TABLE merged ON COMMIT DROP AS
    WITH RECURSIVE step AS (
      SELECT DISTINCT before ->> 'id' AS from_id, after ->> 'id' AS into_id FROM logged_parts
      WHERE kind = 'image' AND before ->> 'id' <> after ->> 'id'),
    way AS (
      SELECT from_id, into_id, 1 AS steps FROM step
      UNION ALL
      SELECT way.from_id, step.into_id, steps + 1 FROM way JOIN step ON step.from_id = way.into_id WHERE steps < 100)
    SELECT DISTINCT ON (from_id) from_id, into_id FROM way ORDER BY from_id, steps DESC`.execute(
    tx,
  );
  await sql`CREATE INDEX ON merged (from_id)`.execute(tx);
}

/** Of each object what was told of it last, unless that was its end. */
async function takeLast(tx: Db): Promise<void> {
  await sql`
    CREATE TEMPORARY TABLE folded ON COMMIT DROP AS
    WITH moment AS (
      SELECT ${sql.raw(nameOf('before'))} AS object, NULL AS origin, kind, at, chain, revision, nth, 0 AS turn
      FROM logged_parts
      WHERE before IS NOT NULL
      UNION ALL
      SELECT ${sql.raw(nameOf('after'))}, NULL, kind, at, chain, revision, nth, 1 FROM logged_parts
      WHERE after IS NOT NULL
      UNION ALL
      SELECT ${sql.raw(nameOf('state'))}, object, kind, '-infinity', NULL, 0, 0, 1
      FROM (SELECT object, split_part(object, ':', 1) AS kind, state FROM record_baseline) baseline),
    last AS (
      SELECT DISTINCT ON (object) * FROM moment ORDER BY object, at DESC, revision DESC, nth DESC, turn DESC)
    SELECT last.object, last.kind, coalesce(part.after, baseline.state) AS state
    FROM last
    LEFT JOIN logged_parts part ON (part.chain, part.revision, part.nth) = (last.chain, last.revision, last.nth)
    LEFT JOIN record_baseline baseline ON last.chain IS NULL AND baseline.object = last.origin
    WHERE last.turn = 1`.execute(tx);
}

async function followMerges(tx: Db): Promise<void> {
  await sql`
    UPDATE folded SET state = jsonb_set(state, '{image,id}', to_jsonb(split_part(object, '/', 2)))
    WHERE kind = 'roleImage'`.execute(tx);
  await sql`
    UPDATE folded f SET state = jsonb_set(f.state, '{deprecation,replacement,id}', to_jsonb(m.into_id))
    FROM merged m
    WHERE f.kind = 'image' AND f.state #>> '{deprecation,replacement,id}' = m.from_id
      -- It cannot recommend itself.
      AND f.object <> 'image:' || m.into_id`.execute(tx);
}

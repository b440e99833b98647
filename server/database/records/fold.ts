import { sql } from 'kysely';
import type { Db } from '../connection/connection.ts';
import { mirroredKinds } from '../mirrors/mirrors.ts';

/** What an object of the log is named by, from one of its states: with what is told of a moment as `kind`. */
const nameOf = (state: string) => `CASE WHEN ${state} IS NOT NULL THEN kind || ':' || CASE kind
  WHEN 'roleImage' THEN (${state} #>> '{role,id}') || '/' || (${state} #>> '{image,id}')
  ELSE ${state} ->> 'id' END END`;

/** A role image by what its image became: a name, with a `merged` of its image joined, or not. */
const resolved = (name: string) => `CASE WHEN merged.into_id IS NULL THEN ${name}
  ELSE split_part(${name}, '/', 1) || '/' || merged.into_id END`;
const mergedOf = (name: string) =>
  `LEFT JOIN merged ON kind = 'roleImage' AND merged.from_id = split_part(${name}, '/', 2)`;

/**
 * Folds the log into the state that it leads to, as a table `folded` of this transaction: for each object that is
 * there its name, its kind and its last state. It begins with what was there when records began, and takes what
 * chains tell in the order of time, each chain in its own order. What refers to an image that was merged refers to
 * what it became, which no entry says: docs/domain.md, "The operations log".
 * @param heads revision by chain that the baseline stands for; later entries are folded
 */
export async function foldLog(tx: Db, heads: ReadonlyMap<string, number>): Promise<void> {
  await sql`DROP TABLE IF EXISTS logged_parts, merged, last_parts, folded`.execute(tx);
  // What sorts and joins millions of rows for a moment may take the memory that it needs.
  await sql`SET LOCAL work_mem = '128MB'`.execute(tx);
  await gatherParts(tx, heads);
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

/**
 * Everything that entries tell of objects that are compared: one row for each object of each entry, by what it was
 * and is named. States stay where they are, since there are many of an object and the last one counts.
 */
async function gatherParts(tx: Db, heads: ReadonlyMap<string, number>): Promise<void> {
  const kinds = mirroredKinds.map(({ kind }) => kind);
  const [chains, revisions] = [[...heads.keys()], [...heads.values()]];
  await sql`
    CREATE TEMPORARY TABLE logged_parts ON COMMIT DROP AS
    WITH entry AS (
      SELECT l.chain, l.revision, max(l.at) OVER (PARTITION BY l.chain ORDER BY l.revision) AS at,
        l.object, l.before, l.after, l.others
      FROM operations_log l
      LEFT JOIN unnest(${chains}::text[], ${revisions}::bigint[]) head (chain, revision) USING (chain)
      WHERE l.shape > 1 AND l.revision > coalesce(head.revision, 0))
    SELECT at, chain, revision, nth, kind, ${sql.raw(nameOf('before'))} AS was, ${sql.raw(nameOf('after'))} AS now
    FROM (
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
      SELECT DISTINCT substr(was, 7) AS from_id, substr(now, 7) AS into_id FROM logged_parts
      WHERE kind = 'image' AND was <> now),
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
    CREATE TEMPORARY TABLE last_parts ON COMMIT DROP AS
    WITH moment AS (
      SELECT ${sql.raw(resolved('was'))} AS object, NULL AS origin, kind, at, chain, revision, nth, 0 AS turn
      FROM logged_parts ${sql.raw(mergedOf('was'))} WHERE was IS NOT NULL
      UNION ALL
      SELECT ${sql.raw(resolved('now'))}, NULL, kind, at, chain, revision, nth, 1
      FROM logged_parts ${sql.raw(mergedOf('now'))} WHERE now IS NOT NULL
      UNION ALL
      SELECT ${sql.raw(resolved('name'))}, name, kind, '-infinity', NULL, 0, 0, 1
      FROM (SELECT split_part(object, ':', 1) AS kind, object AS name FROM record_baseline) baseline
      ${sql.raw(mergedOf('name'))}),
    last AS (
      SELECT DISTINCT ON (object) * FROM moment ORDER BY object, at DESC, revision DESC, nth DESC, turn DESC)
    SELECT object, origin, kind, chain, revision, nth FROM last WHERE turn = 1`.execute(tx);
  await sql`ANALYZE last_parts`.execute(tx);
  await sql`
    CREATE TEMPORARY TABLE folded ON COMMIT DROP AS
    SELECT last.object, last.kind, l.after AS state FROM last_parts last
    JOIN operations_log l ON (l.chain, l.revision) = (last.chain, last.revision) WHERE last.nth = 0
    UNION ALL
    -- A list of thousands of objects is taken apart once.
    SELECT last.object, last.kind, other.part -> 'after'
    FROM (SELECT DISTINCT chain, revision FROM last_parts WHERE nth > 0) wanted
    JOIN operations_log l USING (chain, revision)
    CROSS JOIN LATERAL jsonb_array_elements(l.others) WITH ORDINALITY other (part, nth)
    JOIN last_parts last ON (last.chain, last.revision, last.nth) = (l.chain, l.revision, other.nth)
    UNION ALL
    SELECT last.object, last.kind, baseline.state FROM last_parts last
    JOIN record_baseline baseline ON baseline.object = last.origin`.execute(tx);
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
  // What went with its environment is recommended by nothing any more.
  for (const [kind, table] of [
    ['image', 'images'],
    ['role', 'roles'],
  ] as const)
    await sql`
      UPDATE folded f SET state = jsonb_set(f.state, '{deprecation,replacement}', 'null')
      WHERE f.kind = ${kind} AND f.state #>> '{deprecation,replacement,id}' IS NOT NULL AND NOT EXISTS (
        SELECT FROM ${sql.table(table)} x WHERE x.id::text = f.state #>> '{deprecation,replacement,id}')`.execute(
      tx,
    );
}

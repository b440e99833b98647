import { sql } from 'kysely';
import type { Db } from '../connection/connection.ts';
import { type MirroredKind, mirroredKinds } from '../mirrors/mirrors.ts';
import { foldLog } from './fold.ts';

/** An object that is not as the log leaves it. */
export interface StateProblem {
  object: string;
  problem: 'it is gone' | 'nobody recorded it' | 'it differs';
  /** Where it differs: what the log says and what is there, by member. */
  members: Record<string, { recorded: unknown; found: unknown }> | null;
}

const mostOfKind = 20;

/**
 * Folds the log and compares with the tables, kind by kind, in a transaction of the caller's that may write
 * temporary tables.
 * @param heads as for `foldLog`
 * @returns at most 20 objects of each kind
 */
export async function findStateProblems(
  tx: Db,
  heads: ReadonlyMap<string, number>,
): Promise<StateProblem[]> {
  await foldLog(tx, heads);
  const problems: StateProblem[] = [];
  for (const kind of mirroredKinds) problems.push(...(await compare(tx, kind)));
  return problems;
}

async function compare(tx: Db, { kind, mirror, select }: MirroredKind): Promise<StateProblem[]> {
  const mayGo = sql.raw(mirror.mayGo === undefined ? 'false' : `(${mirror.mayGo}) IS TRUE`);
  // Entries of older versions lack members that were added since: those are compared from the next change on.
  const { rows } = await sql<StateProblem>`
    WITH recorded AS (SELECT object, state, ${mayGo} AS may_go FROM folded WHERE kind = ${kind})
    SELECT coalesce(recorded.object, found.object) AS object, CASE
        WHEN found.object IS NULL THEN 'it is gone'
        WHEN recorded.object IS NULL THEN 'nobody recorded it'
        ELSE 'it differs' END AS problem,
      (SELECT jsonb_object_agg(m.key, jsonb_build_object('recorded', recorded.state -> m.key, 'found', m.value))
        FROM jsonb_each(found.state) m
        WHERE recorded.state ? m.key AND recorded.state -> m.key IS DISTINCT FROM m.value) AS members
    FROM recorded FULL JOIN (${sql.raw(select)}) found USING (object)
    WHERE (found.object IS NULL AND NOT recorded.may_go) OR recorded.object IS NULL
      OR (recorded.state || found.state <> recorded.state AND EXISTS (
        SELECT FROM jsonb_each(found.state) m
        WHERE recorded.state ? m.key AND recorded.state -> m.key IS DISTINCT FROM m.value))
    ORDER BY 1 LIMIT ${mostOfKind}`.execute(tx);
  return rows;
}

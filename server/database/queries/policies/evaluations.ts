import { type Insertable, type Selectable, sql } from 'kysely';
import type { Db } from '../../connection/connection.ts';
import type { Database } from '../../schema.ts';
import type { Finding } from '../../../domain/policies/findings.ts';
import { equal } from '../lists/equal.ts';
import { inOrder } from '../lists/in-order.ts';
import { naturally } from '../lists/natural-order.ts';
import { type ListPlan, parseSort } from '../lists/paging.ts';
import { matchesSearch, waysIn } from '../lists/search.ts';

export type EvaluationRow = Selectable<Database['policy_evaluations']>;

/** So many evaluations of a policy are kept: of those that changed nothing, and of those that were carried out. */
const mostKept = { looks: 10, runs: 100 };

/**
 * Keeps what an evaluation found, and forgets the oldest ones.
 * @param done the ids of what was carried out
 */
export async function insertEvaluation(
  tx: Db,
  values: Insertable<Database['policy_evaluations']>,
  findings: readonly Finding[],
  done: ReadonlySet<string> = new Set(),
): Promise<EvaluationRow> {
  const row = await tx
    .insertInto('policy_evaluations')
    .values(values)
    .returningAll()
    .executeTakeFirstOrThrow();
  const rows = findings.map(({ subject, verdict, dueAt, code, why }, position) => {
    const { kind, id: object_id, name, scope, account_id, environment_id } = subject;
    const { cloud_platform, cloud_location } = subject;
    const place = { scope, account_id, environment_id, cloud_platform, cloud_location };
    const said = { verdict, due_at: dueAt, code, why, done: done.has(object_id) };
    return { position, kind, object_id, name, ...place, ...said };
  });
  await sql`
    INSERT INTO policy_findings (evaluation_id, position, kind, object_id, name, scope, account_id, environment_id,
      cloud_platform, cloud_location, verdict, due_at, code, why, done)
    SELECT ${row.id}::uuid, f.* FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS f (position int, kind text,
      object_id text, name text, scope text, account_id int, environment_id int, cloud_platform text,
      cloud_location text, verdict text, due_at timestamptz, code text, why text, done boolean)`.execute(
    tx,
  );
  const [isOne, most] =
    values.done == null
      ? [sql`done IS NULL`, mostKept.looks]
      : [sql`done IS NOT NULL`, mostKept.runs];
  await sql`DELETE FROM policy_evaluations WHERE id IN (
    SELECT id FROM policy_evaluations WHERE policy_id = ${row.policy_id} AND ${isOne}
    ORDER BY at DESC, id OFFSET ${most})`.execute(tx);
  return row;
}

/** How to walk the evaluations of a policy. */
export function evaluationListPlan(policyId: string, sort: 'at' | '-at'): ListPlan {
  return {
    from: sql`policy_evaluations x`,
    branches: [sql`x.policy_id = ${policyId}`],
    where: [],
    key: sql`x.at`,
    keyType: 'timestamptz',
    id: sql`x.id`,
    idType: 'uuid',
    descending: parseSort(sort).descending,
  };
}

/** Evaluations by id, in the order of the ids. */
export async function fetchEvaluations(tx: Db, ids: readonly string[]): Promise<EvaluationRow[]> {
  if (ids.length === 0) return [];
  const rows = tx.selectFrom('policy_evaluations').where('id', 'in', ids).selectAll();
  return inOrder(ids, await rows.execute());
}

/** On which days (UTC) how much falls due. */
export async function fetchCalendar(
  tx: Db,
  { id, at }: EvaluationRow,
): Promise<{ day: string; count: number }[]> {
  const { rows } = await sql<{ day: string; count: number }>`
    SELECT to_char(greatest(f.due_at, ${at}) AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS day, count(*)::int AS count
    FROM policy_findings f WHERE f.evaluation_id = ${id} AND f.verdict <> 'kept' GROUP BY 1 ORDER BY 1`.execute(
    tx,
  );
  return rows;
}

export interface FindingRow extends Selectable<Database['policy_findings']> {
  account_name: string | null;
  environment_name: string | null;
}

export interface FindingFilters {
  query?: string | undefined;
  verdict?: string | undefined;
  dueFrom?: string | undefined;
  dueTo?: string | undefined;
  done?: boolean | undefined;
}

/** How to walk what an evaluation found: by name, or by when it falls due, and what does not last. */
export function findingListPlan(
  { id, at }: EvaluationRow,
  { query, dueFrom, dueTo, verdict, done }: FindingFilters,
  sort: 'due' | '-due' | 'name' | '-name',
): ListPlan {
  const sorted = parseSort(sort);
  // As the calendar has it: what is due already is of the day of the evaluation.
  const day = sql`(greatest(x.due_at, ${at}) AT TIME ZONE 'UTC')::date`;
  const never = sorted.descending ? sql`'-infinity'::timestamptz` : sql`'infinity'::timestamptz`;
  return {
    from: sql`policy_findings x`,
    branches: [sql`x.evaluation_id = ${id}`],
    where: [
      ...matchesSearch(query, waysIn('x.name')),
      ...equal('x', { verdict, done }),
      ...(dueFrom === undefined ? [] : [sql`x.due_at IS NOT NULL AND ${day} >= ${dueFrom}::date`]),
      ...(dueTo === undefined ? [] : [sql`x.due_at IS NOT NULL AND ${day} <= ${dueTo}::date`]),
    ],
    key: sorted.name === 'due' ? sql`coalesce(x.due_at, ${never})` : naturally(sql`x.name`),
    keyType: sorted.name === 'due' ? 'timestamptz' : 'text',
    id: sql`x.position`,
    idType: 'integer',
    descending: sorted.descending,
  };
}

/** Findings by their place, in the order of the places. */
export async function fetchFindings(
  tx: Db,
  evaluationId: string,
  positions: readonly number[],
): Promise<FindingRow[]> {
  const { rows } = await sql<FindingRow & { id: number }>`
    SELECT f.*, f.position AS id, a.name AS account_name, e.name AS environment_name
    FROM policy_findings f LEFT JOIN accounts a ON a.id = f.account_id
    LEFT JOIN environments e ON e.id = f.environment_id
    WHERE f.evaluation_id = ${evaluationId} AND f.position = ANY(${[...positions]}::int[])`.execute(
    tx,
  );
  return inOrder(positions, rows);
}

/** Of `f` (findings), where it is one: ids of others are no UUIDs. */
const imageOf = sql`CASE WHEN f.kind = 'image' THEN f.object_id::uuid END`;

/** The images that a run has deprecated and that are still as it left them: of nobody else since, and not deleted. */
export async function fetchUndoable(
  tx: Db,
  { id, at, by }: Pick<EvaluationRow, 'id' | 'at' | 'by'>,
): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    SELECT i.id FROM policy_findings f JOIN images i ON i.id = ${imageOf}
    WHERE f.evaluation_id = ${id} AND f.done AND f.kind = 'image' AND i.deleted_at IS NULL
      AND i.deprecated_at = ${at} AND i.deprecated_by = ${by} ORDER BY i.id`.execute(tx);
  return rows.map((row) => row.id);
}

/** How much could be undone of each of these runs. */
export async function countUndoable(tx: Db, ids: readonly string[]): Promise<Map<string, number>> {
  const { rows } = await sql<{ id: string; count: number }>`
    SELECT v.id, count(i.id)::int AS count FROM policy_evaluations v
    JOIN policy_findings f ON f.evaluation_id = v.id AND f.done AND f.kind = 'image'
    JOIN images i ON i.id = ${imageOf} AND i.deleted_at IS NULL AND i.deprecated_at = v.at
      AND i.deprecated_by = v.by
    WHERE v.id = ANY(${ids}::uuid[]) GROUP BY 1`.execute(tx);
  return new Map(rows.map((row) => [row.id, row.count]));
}

/** Notes that what a run did was undone. */
export async function noteUndone(
  tx: Db,
  id: string,
  undone: { at: Date; by: string; restored: number },
): Promise<EvaluationRow> {
  return tx
    .updateTable('policy_evaluations')
    .set({ undone_at: undone.at, undone_by: undone.by, restored: undone.restored })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow();
}

import { type Insertable, type RawBuilder, type Selectable, sql, type Updateable } from 'kysely';
import type { ScopeRef } from '#contract/scope.ts';
import type { Db } from '../../connection/connection.ts';
import type { Database } from '../../schema.ts';
import { equal } from '../lists/equal.ts';
import { inOrder } from '../lists/in-order.ts';
import type { ListPlan } from '../lists/paging.ts';
import { byNameOrAdded, type NameOrAdded } from '../lists/name-order.ts';
import { matchesSearch, waysIn } from '../lists/search.ts';
import { isSameName } from '../organisation/same-name.ts';
import { isAt, isVisible, visibleBranches } from '../organisation/visibility.ts';

export interface PolicyRow extends Selectable<Database['policies']> {
  account_name: string | null;
  environment_name: string | null;
  /** The latest of its rule as it is now. */
  evaluation_id: string | null;
  evaluated_at: Date | null;
  /** The latest that was carried out. */
  run_id: string | null;
  ran_at: Date | null;
}

/** A policy is seen where it is, and from below where it reaches. */
const isSeen = (alias: string, scope: ScopeRef): RawBuilder<boolean> =>
  sql<boolean>`((${isAt(alias, scope)}) OR (${sql.raw(alias)}.reach = 'below' AND ${isVisible(alias, scope)}))`;

async function selectPolicies(tx: Db, condition: RawBuilder<unknown>): Promise<PolicyRow[]> {
  const { rows } = await sql<PolicyRow>`
    SELECT p.*, a.name AS account_name, e.name AS environment_name, latest.id AS evaluation_id,
      latest.at AS evaluated_at, run.id AS run_id, run.at AS ran_at
    FROM policies p LEFT JOIN accounts a ON a.id = p.account_id LEFT JOIN environments e ON e.id = p.environment_id
    LEFT JOIN LATERAL (SELECT v.id, v.at FROM policy_evaluations v
      WHERE v.policy_id = p.id AND v.rule = p.rule AND v.reach = p.reach
      ORDER BY v.at DESC, v.id LIMIT 1) latest ON true
    LEFT JOIN LATERAL (SELECT v.id, v.at FROM policy_evaluations v WHERE v.policy_id = p.id AND v.done IS NOT NULL
      ORDER BY v.at DESC, v.id LIMIT 1) run ON true
    WHERE ${condition}`.execute(tx);
  return rows;
}

/** Policies by id, in the order of the ids. */
export async function fetchPolicies(tx: Db, ids: readonly string[]): Promise<PolicyRow[]> {
  if (ids.length === 0) return [];
  return inOrder(ids, await selectPolicies(tx, sql`p.id = ANY(${ids}::uuid[])`));
}

/** A policy that is at a scope, or above it and reaches it. */
export async function findSeenPolicy(
  tx: Db,
  scope: ScopeRef,
  id: string,
): Promise<PolicyRow | undefined> {
  const [row] = await selectPolicies(tx, sql`p.id = ${id} AND ${isSeen('p', scope)}`);
  return row;
}

export interface PolicyFilters {
  query?: string | undefined;
  kind?: string | undefined;
  mode?: string | undefined;
  scope?: ScopeRef['scope'] | undefined;
}

/** How to walk the policies that concern a scope. */
export function policyListPlan(
  scope: ScopeRef,
  { query, kind, mode, scope: only }: PolicyFilters,
  sort: NameOrAdded,
): ListPlan {
  return {
    from: sql`policies x`,
    branches: visibleBranches('x', scope, only),
    where: [
      isSeen('x', scope),
      ...matchesSearch(query, waysIn('x.name')),
      ...equal('x', { kind, mode }),
    ],
    ...byNameOrAdded(sort),
  };
}

/** Whether another policy at exactly this scope has the name. */
export async function isPolicyNamed(
  tx: Db,
  scope: ScopeRef,
  name: string,
  ownId?: string,
): Promise<boolean> {
  const same = isSameName({ id: 'p.id', name: 'p.name' }, name, ownId);
  const { rows } = await sql`
    SELECT FROM policies p WHERE ${same} AND ${isAt('p', scope)} LIMIT 1`.execute(tx);
  return rows.length > 0;
}

export async function insertPolicy(
  tx: Db,
  values: Insertable<Database['policies']>,
): Promise<string> {
  const { id } = await tx
    .insertInto('policies')
    .values(values)
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

/** Changes a policy and raises its version. */
export async function updatePolicy(
  tx: Db,
  id: string,
  columns: Updateable<Database['policies']>,
): Promise<void> {
  await tx
    .updateTable('policies')
    .set({ ...columns, version: sql`version + 1` })
    .where('id', '=', id)
    .execute();
}

/** Deletes a policy with its evaluations. */
export async function deletePolicyRow(tx: Db, id: string): Promise<void> {
  await tx.deleteFrom('policies').where('id', '=', id).execute();
}

/** How often a loop looks at each policy; see `findPoliciesToCheck`. */
export interface CheckTimes {
  /** Of those that are carried out. */
  everyMs: number;
  /** After so long every policy is evaluated anew, whatever its mode. */
  evaluateMs: number;
}

/** The policies that a loop is to look at now: those that nobody has looked at for long enough. */
export async function findPoliciesToCheck(
  db: Db,
  { everyMs, evaluateMs }: CheckTimes,
): Promise<{ id: string; isStale: boolean }[]> {
  const ago = (ms: number) => sql`clock_timestamp() - ${ms} * interval '1 millisecond'`;
  const isStale = sql`NOT EXISTS (SELECT FROM policy_evaluations v WHERE v.policy_id = p.id
    AND v.rule = p.rule AND v.reach = p.reach AND v.at > ${ago(evaluateMs)})`;
  const { rows } = await sql<{ id: string; isStale: boolean }>`
    SELECT p.id, ${isStale} AS "isStale" FROM policies p
    WHERE ${isStale} OR (p.mode = 'enforce' AND p.kind IN ('deprecate', 'delete')
      AND coalesce(p.checked_at < ${ago(everyMs)}, true))
    ORDER BY p.checked_at NULLS FIRST, p.id`.execute(db);
  return rows;
}

/** Notes that a loop has looked at a policy; with `again` it will at once. It is no change of the policy. */
export async function notePolicyCheck(
  db: Db,
  id: string,
  { again }: { again: boolean },
): Promise<void> {
  await db
    .updateTable('policies')
    .set({ checked_at: again ? null : sql<Date>`clock_timestamp()` })
    .where('id', '=', id)
    .execute();
}

/** The patterns that are enforced for names at a scope, of images or of Roles. */
export async function fetchNamePolicies(
  tx: Db,
  scope: ScopeRef,
  objects: 'images' | 'roles',
): Promise<{ name: string; template: string }[]> {
  const { rows } = await sql<{ name: string; template: string }>`
    SELECT p.name, p.rule ->> 'template' AS template FROM policies p
    WHERE p.kind = 'names' AND p.mode = 'enforce' AND p.rule ->> 'objects' IN (${objects}, 'both')
      AND ${isSeen('p', scope)} ORDER BY p.account_id NULLS FIRST, p.environment_id NULLS FIRST, p.id`.execute(
    tx,
  );
  return rows;
}

import { type Insertable, type RawBuilder, type Selectable, sql, type Updateable } from 'kysely';
import type { ScopeRef } from '#contract/scope.ts';
import type { Db } from '../../connection/connection.ts';
import { equal } from '../lists/equal.ts';
import { inOrder } from '../lists/in-order.ts';
import type { ListPlan } from '../lists/paging.ts';
import { byNameOrAdded, type NameOrAdded } from '../lists/name-order.ts';
import { matchesSearch, waysIn } from '../lists/search.ts';
import type { Database } from '../../schema.ts';
import { isSameName } from './same-name.ts';
import { isVisible, visibleBranches } from './visibility.ts';

export type ProjectRow = Selectable<Database['projects']>;
export type CostCenterRow = Selectable<Database['cost_centers']>;

/** A project if it is at `scope` or above it. */
export async function findVisibleProject(
  tx: Db,
  scope: ScopeRef,
  id: string,
): Promise<ProjectRow | undefined> {
  return selectVisibleProject(tx, scope, sql`p.id = ${id}`);
}

/** Whether a project of this name, other than `ownId`, is at `scope` or above it. */
export async function isProjectNameTaken(
  tx: Db,
  scope: ScopeRef,
  name: string,
  ownId?: string,
): Promise<boolean> {
  const same = isSameName({ id: 'p.id', name: 'p.name' }, name, ownId);
  return (await selectVisibleProject(tx, scope, same)) !== undefined;
}

async function selectVisibleProject(
  tx: Db,
  scope: ScopeRef,
  condition: RawBuilder<unknown>,
): Promise<ProjectRow | undefined> {
  const { rows } = await sql<ProjectRow>`
    SELECT p.* FROM projects p WHERE ${condition} AND ${isVisible('p', scope)} LIMIT 1`.execute(tx);
  return rows[0];
}

/** A cost center if it is at `scope` or above it. */
export async function findVisibleCostCenter(
  tx: Db,
  scope: ScopeRef,
  id: string,
): Promise<CostCenterRow | undefined> {
  const { rows } = await sql<CostCenterRow>`
    SELECT c.* FROM cost_centers c WHERE c.id = ${id} AND ${isVisible('c', scope)}`.execute(tx);
  return rows[0];
}

/** Projects or cost centers by id, in the order of the ids. */
export async function fetchProjects(tx: Db, ids: readonly string[]): Promise<ProjectRow[]> {
  if (ids.length === 0) return [];
  return inOrder(ids, await tx.selectFrom('projects').where('id', 'in', ids).selectAll().execute());
}

export async function fetchCostCenters(tx: Db, ids: readonly string[]): Promise<CostCenterRow[]> {
  if (ids.length === 0) return [];
  return inOrder(
    ids,
    await tx.selectFrom('cost_centers').where('id', 'in', ids).selectAll().execute(),
  );
}

/** What both lists can be narrowed by; all but `query` is exact. */
export interface BillingFilters {
  query?: string | undefined;
  id?: string | undefined;
  name?: string | undefined;
  billingCode?: string | undefined;
  costCenter?: string | undefined;
  scope?: ScopeRef['scope'] | undefined;
}

/** How to walk the projects or cost centers that a scope sees. */
export function billingListPlan(
  table: 'projects' | 'cost_centers',
  scope: ScopeRef,
  filters: BillingFilters,
  sort: NameOrAdded,
): ListPlan {
  const { query, id, name, billingCode, costCenter } = filters;
  return {
    from: sql`${sql.table(table)} x`,
    branches: visibleBranches('x', scope, filters.scope),
    where: [
      ...matchesSearch(query, waysIn('x.name')),
      ...equal('x', { id, name, billing_code: billingCode, cost_center_id: costCenter }),
    ],
    ...byNameOrAdded(sort),
  };
}

export async function insertProject(
  tx: Db,
  values: Insertable<Database['projects']>,
): Promise<ProjectRow> {
  return tx.insertInto('projects').values(values).returningAll().executeTakeFirstOrThrow();
}

/** Changes a project and raises its version. */
export async function updateProject(
  tx: Db,
  id: string,
  columns: Updateable<Database['projects']>,
): Promise<ProjectRow> {
  return tx
    .updateTable('projects')
    .set({ ...columns, version: sql`version + 1` })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** Only for a project that no farm is charged to. */
export async function deleteProjectRow(tx: Db, id: string): Promise<void> {
  await tx.deleteFrom('projects').where('id', '=', id).execute();
}

/** A farm that is charged to a project. */
export interface ChargedFarmRow {
  id: number;
  name: string;
  account_id: number;
  environment_id: number;
  total: number;
}

/** At most `limit` farms that are charged to a project, in the order of their ids. */
export async function fetchChargedFarms(
  tx: Db,
  id: string,
  limit: number,
): Promise<ChargedFarmRow[]> {
  const { rows } = await sql<ChargedFarmRow>`
    SELECT id, name, account_id, environment_id, (count(*) OVER ())::int AS total
    FROM farms WHERE project_id = ${id} ORDER BY id LIMIT ${limit}`.execute(tx);
  return rows;
}

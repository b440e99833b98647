import { type Selectable, sql } from 'kysely';
import type { ScopeRef } from '#contract/scope.ts';
import type { Db } from './connection.ts';
import type { Database } from './schema.ts';
import { isVisible } from './visibility.ts';

export type ProjectRow = Selectable<Database['projects']>;

/** A project if it is at `scope` or above it. */
export async function findVisibleProject(
  tx: Db,
  scope: ScopeRef,
  id: string,
): Promise<ProjectRow | undefined> {
  const { rows } = await sql<ProjectRow>`
    SELECT p.* FROM projects p WHERE p.id = ${id} AND ${isVisible('p', scope)}`.execute(tx);
  return rows[0];
}

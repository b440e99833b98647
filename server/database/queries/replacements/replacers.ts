import { sql } from 'kysely';
import type { ServiceInput } from '#contract/operations.ts';
import type { ScopeRef } from '#contract/scope.ts';
import type { Db } from '../../connection/connection.ts';
import { inOrder } from '../lists/in-order.ts';
import { naturally } from '../lists/natural-order.ts';
import { type ListPlan, parseSort } from '../lists/paging.ts';
import { matchesSearch, waysIn } from '../lists/search.ts';
import { replacementBranches } from './replacements.ts';

type Query = ServiceInput<'replacerList'>['query'];

export interface ReplacerRow {
  id: string;
  name: string | null;
}

/** How to walk those who have planned or made the replacements that a scope sees. */
export function replacerListPlan(scope: ScopeRef, { query, sort = 'name' }: Query): ListPlan {
  const seen = sql.join(
    replacementBranches(scope).map(
      (branch) => sql`SELECT p.by, p.planned_by FROM replacements p
      WHERE ${branch}`,
    ),
    sql` UNION `,
  );
  return {
    from: sql`(SELECT DISTINCT person.id, u.name FROM (${seen}) p
      CROSS JOIN LATERAL (VALUES (p.by), (p.planned_by)) person (id)
      LEFT JOIN users u ON u.email = person.id WHERE person.id IS NOT NULL) r`,
    branches: [sql`true`],
    where: matchesSearch(query, waysIn('r.name', 'r.id')),
    key: naturally(sql`r.id`),
    keyType: 'text',
    id: sql`r.id`,
    idType: 'text',
    descending: parseSort(sort).descending,
  };
}

/** People by what the replacements call them, in that order. */
export async function fetchReplacers(tx: Db, ids: readonly string[]): Promise<ReplacerRow[]> {
  const { rows } = await sql<ReplacerRow>`
    SELECT person.id, u.name FROM unnest(${ids}::text[]) person (id)
    LEFT JOIN users u ON u.email = person.id`.execute(tx);
  return inOrder(ids, rows);
}

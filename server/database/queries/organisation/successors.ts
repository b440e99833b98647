import { type RawBuilder, sql } from 'kysely';

/** Recommendations cannot form a circle, but nothing here relies on that. */
const longestChain = 100;

/**
 * What to use instead of the deprecated row `alias` of images or roles: the first in its chain of
 * recommendations that can still be put to use, as `{id, name}`; null where there is none
 * (docs/domain.md, "Deprecating an image").
 * @param isDeprecated whether the row of another alias is deprecated, for those who see `alias`
 */
export function usableSuccessor(
  table: 'images' | 'roles',
  alias: string,
  isDeprecated: (member: string) => RawBuilder<unknown>,
): RawBuilder<unknown> {
  const [members, origin] = [sql.table(table), sql.raw(alias)];
  return sql`CASE WHEN ${origin}.deprecation_replacement_id IS NOT NULL THEN (
    WITH RECURSIVE chain AS (
      SELECT s.id, s.name, s.deprecation_replacement_id AS next, ${isDeprecated('s')} AS deprecated, 1 AS step
      FROM ${members} s WHERE s.id = ${origin}.deprecation_replacement_id
      UNION ALL
      SELECT s.id, s.name, s.deprecation_replacement_id, ${isDeprecated('s')}, chain.step + 1
      FROM chain JOIN ${members} s ON s.id = chain.next
      WHERE chain.deprecated AND chain.step < ${longestChain})
    SELECT jsonb_build_object('id', id, 'name', name) FROM chain WHERE NOT deprecated LIMIT 1) END`;
}

import { type RawBuilder, sql } from 'kysely';
import type { ScopeRef } from '#contract/scope.ts';
import { isAt, isAtOrBelow } from './visibility.ts';

/**
 * When an image or a role was last used, as far as a viewer may know: at its own scope by whom it may be
 * used at all, elsewhere at and below the viewer's scope alone (docs/domain.md, "Visibility").
 * @param alias of `images` or `roles`
 */
export function lastUse(
  of: 'image' | 'role',
  alias: string,
  viewer: ScopeRef,
): RawBuilder<Date | null> {
  const a = sql.raw(alias);
  if (viewer.scope === 'scalr') return sql<Date | null>`${a}.last_used_at`;
  const [table, id] = [sql.table(`${of}_uses`), sql.raw(`${of}_id`)];
  return sql<Date | null>`CASE WHEN ${isAt(alias, viewer)} THEN ${a}.last_used_at
    ELSE (SELECT max(used.at) FROM ${table} used
      WHERE used.${id} = ${a}.id AND ${isAtOrBelow('used', viewer)}) END`;
}

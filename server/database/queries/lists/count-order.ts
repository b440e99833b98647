import { type RawBuilder, sql } from 'kysely';
import type { ListPlan } from './paging.ts';

/**
 * A sort by how many of something each row has. Every row is counted for it, so that it costs more than a
 * sort that an index has; what is counted is small (roles, groups of servers).
 * @param counts a SELECT of `id` and `count`; what it leaves out has none
 */
export function byCount(
  table: RawBuilder<unknown>,
  id: RawBuilder<unknown>,
  counts: RawBuilder<unknown>,
): Pick<ListPlan, 'from' | 'key' | 'keyType'> {
  return {
    from: sql`${table} LEFT JOIN (${counts}) counted ON counted.id = ${id}`,
    key: sql`coalesce(counted.count, 0)`,
    keyType: 'integer',
  };
}

/** The number of live servers, or of those on old images, of what a group of servers belongs to. */
export function sumOfServers(name: 'servers' | 'oldServers'): RawBuilder<unknown> {
  return name === 'servers'
    ? sql`sum(g.servers)::int`
    : sql`(sum(g.servers) FILTER (WHERE g.old))::int`;
}

import { type RawBuilder, sql } from 'kysely';
import type { ScopeRef } from '#contract/scope.ts';
import { imageWays } from './image-list.ts';
import type { ListPlan } from '../lists/paging.ts';
import { matchesSearch } from '../lists/search.ts';
import { isAt, isVisible, visibleScopes } from '../organisation/visibility.ts';

/** What a valid candidate must be: the rules of domain/image-candidates.ts as facts for SQL. */
export interface CandidateNeeds {
  old: { id: string; cloud_platform: string; cloud_location: string; architecture: string };
  /** Every OS that may stand in for the old one's (and the role's, when there is one). */
  osIds: readonly string[];
  /** The role that it is wanted for. */
  role?: { scope: ScopeRef; use_scalr_agent: boolean } | undefined;
}

export interface CandidateFilter {
  query?: string | undefined;
  valid?: boolean | undefined;
  /** Oldest first; newest first unless told. */
  oldestFirst: boolean;
}

/**
 * The walk over possible replacements that a scope sees, valid ones first. Without a search these are
 * the images in the old one's place; a search looks everywhere, so that it can say why not.
 */
export function planCandidateList(
  scope: ScopeRef,
  needs: CandidateNeeds,
  filter: CandidateFilter,
): ListPlan {
  const { old } = needs;
  const valid = isValidCandidate(needs);
  return {
    from: sql`images i`,
    branches: visibleScopes(scope).map((visible) => isAt('i', visible)),
    where: [
      sql`i.deleted_at IS NULL`,
      ...(filter.query
        ? matchesSearch(filter.query, imageWays)
        : [
            sql`i.cloud_platform = ${old.cloud_platform} AND i.cloud_location = ${old.cloud_location} AND i.id <> ${old.id}`,
          ]),
      ...(filter.valid === undefined ? [] : [sql`${valid} = ${filter.valid}`]),
    ],
    key: orderKey(valid, filter.oldestFirst),
    keyType: 'timestamptz',
    id: sql`i.id`,
    idType: 'uuid',
    descending: !filter.oldestFirst,
  };
}

/** The verdict of the domain as SQL; a test holds the two against each other. */
export function isValidCandidate({ old, osIds, role }: CandidateNeeds): RawBuilder<boolean> {
  const conditions = [
    sql`i.id <> ${old.id}`,
    sql`i.cloud_platform = ${old.cloud_platform}`,
    sql`i.cloud_location = ${old.cloud_location}`,
    sql`i.status = 'active'`,
    sql`i.deprecated_at IS NULL`,
    sql`i.os_id = ANY(${osIds}::text[])`,
    sql`i.architecture = ${old.architecture}`,
    ...(role ? [isVisible('i', role.scope)] : []),
    ...(role?.use_scalr_agent ? [sql`(i.scalr_agent_installed OR i.cloud_init_installed)`] : []),
  ];
  return sql<boolean>`(${sql.join(conditions, sql` AND `)})`;
}

/** One key for two orders: a valid image counts as a thousand years ahead in the direction of the walk. */
function orderKey(valid: RawBuilder<boolean>, oldestFirst: boolean): RawBuilder<unknown> {
  const ahead = sql.raw(oldestFirst ? '-' : '+');
  return sql`CASE WHEN ${valid} THEN i.added_at ${ahead} interval '1000 years' ELSE i.added_at END`;
}

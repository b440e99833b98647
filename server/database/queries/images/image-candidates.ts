import { type RawBuilder, sql } from 'kysely';
import type { ScopeRef } from '#contract/scope.ts';
import { imageWays } from './image-list.ts';
import { isDeprecatedAt } from './same-cloud-image.ts';
import type { ListPlan } from '../lists/paging.ts';
import { matchesSearch } from '../lists/search.ts';
import { isVisible, visibleBranches } from '../organisation/visibility.ts';

/** What a valid candidate must be: the rules of domain/image-candidates.ts as facts for SQL. */
export interface CandidateNeeds {
  old: {
    id: string;
    cloud_platform: string;
    cloud_location: string;
    architecture: string;
    os_id: string;
  };
  /** The old one's line. */
  line: string;
  /** Where it is wanted: what is deprecated there is no candidate. */
  at: ScopeRef;
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
 * The walk over possible replacements that a scope sees: valid ones of the same line, other valid ones, the rest. Without a search these are
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
    branches: visibleBranches('i', scope),
    where: [
      sql`i.deleted_at IS NULL`,
      ...(filter.query
        ? matchesSearch(filter.query, imageWays)
        : [
            sql`i.cloud_platform = ${old.cloud_platform} AND i.cloud_location = ${old.cloud_location} AND i.id <> ${old.id}`,
          ]),
      ...(filter.valid === undefined ? [] : [sql`${valid} = ${filter.valid}`]),
    ],
    key: orderKey(valid, isSameLine(needs), filter.oldestFirst),
    keyType: 'timestamptz',
    id: sql`i.id`,
    idType: 'uuid',
    descending: !filter.oldestFirst,
  };
}

/** The verdict of the domain as SQL; a test holds the two against each other. */
export function isValidCandidate({ old, at, osIds, role }: CandidateNeeds): RawBuilder<boolean> {
  const conditions = [
    sql`i.id <> ${old.id}`,
    sql`i.cloud_platform = ${old.cloud_platform}`,
    sql`i.cloud_location = ${old.cloud_location}`,
    sql`i.status = 'active'`,
    sql`NOT ${isDeprecatedAt('i', at)}`,
    sql`i.os_id = ANY(${osIds}::text[])`,
    sql`i.architecture = ${old.architecture}`,
    ...(role ? [isVisible('i', role.scope)] : []),
    ...(role?.use_scalr_agent ? [sql`(i.scalr_agent_installed OR i.cloud_init_installed)`] : []),
  ];
  return sql<boolean>`(${sql.join(conditions, sql` AND `)})`;
}

function isSameLine({ old, line }: CandidateNeeds): RawBuilder<boolean> {
  return sql<boolean>`(i.os_id = ${old.os_id} AND i.line = ${line})`;
}

/**
 * One key for three orders: a valid image counts as a thousand years ahead in the direction of the walk,
 * and one of the same line as a thousand more.
 */
function orderKey(
  valid: RawBuilder<boolean>,
  sameLine: RawBuilder<boolean>,
  oldestFirst: boolean,
): RawBuilder<unknown> {
  const ahead = sql.raw(oldestFirst ? '-' : '+');
  return sql`CASE WHEN NOT ${valid} THEN i.added_at
    ELSE i.added_at ${ahead} CASE WHEN ${sameLine} THEN interval '2000 years' ELSE interval '1000 years' END END`;
}

import { type RawBuilder, sql } from 'kysely';
import type { ScopeRef } from '#contract/scope.ts';
import { imageWays } from '../images/image-list.ts';
import { type ListPlan, parseSort } from '../lists/paging.ts';
import { matchesSearch } from '../lists/search.ts';
import { replacementBranches } from './replacements.ts';

interface ReplacementFilters {
  query?: string | undefined;
  oldImage?: string | undefined;
  newImage?: string | undefined;
  /** Either of them. */
  image?: string | undefined;
  rolledBack?: boolean | undefined;
}

/** How to walk the replacements that a scope sees. */
export function replacementListPlan(
  scope: ScopeRef,
  { query, oldImage, newImage, image, rolledBack }: ReplacementFilters,
  sort: 'at' | '-at',
): ListPlan {
  return {
    from: sql`replacements p`,
    branches: replacementBranches(scope),
    where: [
      ...matchesSearch(query, imageWays).map(ofImages),
      ...(oldImage ? [sql`p.old_image_id = ${oldImage}`] : []),
      ...(newImage ? [sql`p.new_image_id = ${newImage}`] : []),
      ...(image ? [sql`${image} IN (p.old_image_id, p.new_image_id)`] : []),
      ...(rolledBack === undefined
        ? []
        : [
            sql`EXISTS (SELECT FROM replacements back WHERE back.rolls_back_id = p.id) = ${rolledBack}`,
          ]),
    ],
    key: sql`p.at`,
    keyType: 'timestamptz',
    id: sql`p.id`,
    idType: 'uuid',
    descending: parseSort(sort).descending,
  };
}

/** One of the two images is found. As an array, they are looked up in the indexes of replacements. */
function ofImages(found: RawBuilder<unknown>): RawBuilder<unknown> {
  const ids = sql`ARRAY(SELECT i.id FROM images i WHERE i.deleted_at IS NULL AND ${found})`;
  return sql`(p.old_image_id = ANY(${ids}) OR p.new_image_id = ANY(${ids}))`;
}

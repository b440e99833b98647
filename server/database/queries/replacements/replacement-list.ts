import { sql } from 'kysely';
import type { ScopeRef } from '#contract/scope.ts';
import { type ListPlan, parseSort } from '../lists/paging.ts';
import { replacementBranches } from './replacements.ts';

interface ReplacementFilters {
  oldImage?: string | undefined;
  newImage?: string | undefined;
  /** Either of them. */
  image?: string | undefined;
  rolledBack?: boolean | undefined;
}

/** How to walk the replacements that a scope sees. */
export function replacementListPlan(
  scope: ScopeRef,
  { oldImage, newImage, image, rolledBack }: ReplacementFilters,
  sort: 'at' | '-at',
): ListPlan {
  return {
    from: sql`replacements p`,
    branches: replacementBranches(scope),
    where: [
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

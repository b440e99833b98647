import { type RawBuilder, sql } from 'kysely';
import type { ServiceInput } from '#contract/operations.ts';
import type { ScopeRef } from '#contract/scope.ts';
import { conditionsOnImages } from '../images/image-list.ts';
import { equal } from '../lists/equal.ts';
import { naturally } from '../lists/natural-order.ts';
import { type ListPlan, parseSort } from '../lists/paging.ts';
import { isAt, isVisible, visibleBranches, visibleScopes } from '../organisation/visibility.ts';

type ImageSetListQuery = ServiceInput<'imageSetList'>['query'];

/** The walk over the sets that a scope sees, of which at least one image is what is looked for. */
export function planImageSetList(scope: ScopeRef, query: ImageSetListQuery): ListPlan {
  const { scope: only, id, newest, line, sort, ...filter } = query;
  const { name, descending } = parseSort(sort ?? 'added');
  return {
    from: name === 'os' ? sql`image_sets s JOIN os ON os.id = s.os_id` : sql`image_sets s`,
    branches: visibleBranches('s', scope, only),
    where: [
      ...equal('s', { id, line }),
      ...(newest === undefined ? [] : [sql`${isNewest(scope)} = ${newest}`]),
      ...holdsImage(scope, filter),
    ],
    ...sorts[name],
    id: sql`s.id`,
    idType: 'integer',
    descending,
  };
}

const sorts: Record<'added' | 'name' | 'os', Pick<ListPlan, 'key' | 'keyType'>> = {
  added: { key: sql`s.added_at`, keyType: 'timestamptz' },
  name: { key: naturally(sql`s.name`), keyType: 'text' },
  os: { key: naturally(sql`os.name`), keyType: 'text' },
};

/** Looked up by image, so that what finds images fast finds sets fast. */
function holdsImage(scope: ScopeRef, filter: Parameters<typeof conditionsOnImages>[1]) {
  const conditions = conditionsOnImages(scope, filter);
  if (conditions.length === 0) return [];
  return [
    sql`s.id IN (SELECT i.set_id FROM images i
      WHERE ${sql.join([sql`i.deleted_at IS NULL`, isVisible('i', scope), ...conditions], sql` AND `)})`,
  ];
}

/**
 * Nothing later of the line that can be used is visible, and it can be used itself. All that are so are
 * found in one pass: to ask for each set whether there is a later one takes as many looks as there are sets.
 */
function isNewest(scope: ScopeRef): RawBuilder<boolean> {
  const usable = visibleScopes(scope).map(
    (visible) => sql`SELECT n.id, n.os_id, n.line, n.version FROM image_sets n
      WHERE ${isAt('n', visible)} AND n.usable`,
  );
  return sql<boolean>`(s.id = ANY(ARRAY(
    SELECT ranked.id FROM (
      SELECT n.id, rank() OVER (PARTITION BY n.os_id, n.line ORDER BY n.version DESC) AS place
      FROM (${sql.join(usable, sql` UNION ALL `)}) n) ranked
    WHERE ranked.place = 1)))`;
}

/**
 * The sets of the line of `s` that are later, can be used and are visible at a scope: one branch for each
 * visible scope, as the index has them. Versions are compared number by number (docs/domain.md, "Image sets").
 */
export function newerSets(scope: ScopeRef, columns: RawBuilder<unknown>): RawBuilder<unknown> {
  const branches = visibleScopes(scope).map(
    (visible) => sql`SELECT ${columns} FROM image_sets n
      WHERE ${isAt('n', visible)} AND n.os_id = s.os_id AND n.line = s.line AND n.version > s.version
        AND n.usable`,
  );
  return sql.join(branches, sql` UNION ALL `);
}

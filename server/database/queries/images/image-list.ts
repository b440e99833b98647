import { type RawBuilder, sql } from 'kysely';
import type { ServiceInput } from '#contract/operations.ts';
import type { ScopeRef } from '#contract/scope.ts';
import { type ListPlan, parseSort } from '../lists/paging.ts';
import { matchesSearch, type Ways, waysIn } from '../lists/search.ts';
import { isAt, isAtOrBelow, visibleScopes } from '../organisation/visibility.ts';

type ImageListQuery = ServiceInput<'imageList'>['query'];

/** The walk over the images that a scope sees: one ordered branch per visible scope. */
export function planImageList(scope: ScopeRef, query: ImageListQuery): ListPlan {
  const { name, descending } = parseSort(query.sort ?? 'added');
  const scopes = visibleScopes(scope).filter(
    (visible) => query.scope === undefined || visible.scope === query.scope,
  );
  return {
    from: sorts[name].from ?? sql`images i`,
    branches: scopes.length > 0 ? scopes.map((visible) => isAt('i', visible)) : [sql`false`],
    where: [
      sql`i.deleted_at IS NULL`,
      ...conditionsOnColumns(query),
      ...conditionsOnUse(scope, query),
    ],
    key: sorts[name].key,
    keyType: sorts[name].keyType,
    id: sql`i.id`,
    idType: 'uuid',
    descending,
  };
}

interface SortPlan extends Pick<ListPlan, 'key' | 'keyType'> {
  from?: RawBuilder<unknown>;
}

const sorts: Record<'added' | 'name' | 'lastUsed' | 'cloudLocation' | 'os', SortPlan> = {
  added: { key: sql`i.added_at`, keyType: 'timestamptz' },
  name: { key: sql`i.name`, keyType: 'text' },
  // Never used sorts before everything that was.
  lastUsed: { key: sql`coalesce(i.last_used_at, '-infinity')`, keyType: 'timestamptz' },
  cloudLocation: { key: sql`i.cloud_location`, keyType: 'text' },
  os: {
    from: sql`images i JOIN os ON os.id = i.os_id`,
    key: sql`os.name`,
    keyType: 'text',
  },
};

function conditionsOnColumns(query: ImageListQuery): RawBuilder<unknown>[] {
  const equal: [string, string | boolean | undefined][] = [
    ['id', query.id],
    ['name', query.name],
    ['cloud_image_id', query.cloudImageId],
    ['cloud_platform', query.cloudPlatform],
    ['cloud_location', query.cloudLocation],
    ['architecture', query.architecture],
    ['os_id', query.os],
    ['status', query.status],
    ['source', query.source],
    ['scalr_agent_installed', query.scalrAgentInstalled],
    ['cloud_init_installed', query.cloudInitInstalled],
  ];
  return [
    ...equal.flatMap(([column, value]) =>
      value === undefined ? [] : [sql`i.${sql.ref(column)} = ${value}`],
    ),
    ...matchesSearch(query.query, imageWays),
    ...(query.deprecated === undefined
      ? []
      : [sql`(i.deprecated_at IS NOT NULL) = ${query.deprecated}`]),
  ];
}

/** `i` has a word in its name, its cloud image id or its description, or it is its id. */
export const imageWays: Ways = (term) => [
  ...waysIn('i.name', 'i.cloud_image_id', 'i.description')(term),
  ...(term.uuid === undefined ? [] : [sql`i.id = ${term.uuid}`]),
];

/**
 * Held by a role or run by a live server at or below the scope: the same that usage counts. Worded so that
 * indexes alone answer it, whatever the statistics say: an array of roles counts as short, and OFFSET 0
 * keeps an EXISTS a question that is asked image by image.
 */
function conditionsOnUse(scope: ScopeRef, query: ImageListQuery): RawBuilder<unknown>[] {
  if (query.inUse === undefined) return [];
  // A deleted role holds no image (INV-06), so that Corporate need not look at roles.
  const held =
    scope.scope === 'scalr'
      ? sql`EXISTS (SELECT FROM role_images ri WHERE ri.image_id = i.id OFFSET 0)`
      : sql`i.id IN (SELECT DISTINCT ri.image_id FROM role_images ri
          WHERE ri.role_id = ANY(ARRAY(SELECT r.id FROM roles r WHERE ${isAtOrBelow('r', scope)})))`;
  const used = sql`(${held} OR i.id IN (SELECT DISTINCT g.image_id FROM server_groups g
    WHERE g.image_id IS NOT NULL AND ${isAtOrBelow('g', scope)}))`;
  return [query.inUse ? used : sql`NOT ${used}`];
}

import { type RawBuilder, sql } from 'kysely';
import type { ServiceInput } from '#contract/operations.ts';
import type { ScopeRef } from '#contract/scope.ts';
import { imagesThen } from '../../records/images-then.ts';
import { isSameCloudImage } from './same-cloud-image.ts';
import { byCount, sumOfServers } from '../lists/count-order.ts';
import { equal } from '../lists/equal.ts';
import { naturally } from '../lists/natural-order.ts';
import { type ListPlan, parseSort } from '../lists/paging.ts';
import { lastUse } from '../organisation/last-use.ts';
import { matchesSearch, type Ways, waysIn } from '../lists/search.ts';
import { isAtOrBelow, visibleBranches } from '../organisation/visibility.ts';

type ImageListQuery = ServiceInput<'imageList'>['query'];
/** What images are found by: `i` in a query. */
export type ImageFilter = Omit<
  ImageListQuery,
  'sort' | 'include' | 'pageNum' | 'maxResults' | 'cursor' | 'scope' | 'at'
>;

/**
 * The walk over the images that a scope sees: one ordered branch per visible scope. With `at` it is over those that
 * were there at that moment, as they were.
 */
export function planImageList(scope: ScopeRef, query: ImageListQuery): ListPlan {
  const { name, descending } = parseSort(query.sort ?? 'added');
  const { from = sql`images i`, ...sort } = sortPlan(scope, name);
  return {
    from,
    ...sort,
    ...(query.at !== undefined && { shared: [imagesThen(scope, new Date(query.at))] }),
    branches: visibleBranches('i', scope, query.scope),
    where: [sql`i.deleted_at IS NULL`, ...conditionsOnImages(scope, query)],
    id: sql`i.id`,
    idType: 'uuid',
    descending,
  };
}

/** `i` is what is looked for, and, where use is asked for, used at or below a scope. */
export function conditionsOnImages(scope: ScopeRef, filter: ImageFilter): RawBuilder<unknown>[] {
  return [...conditionsOnColumns(filter), ...conditionsOnUse(scope, filter)];
}

interface SortPlan extends Pick<ListPlan, 'key' | 'keyType'> {
  from?: RawBuilder<unknown>;
}

type Column = 'added' | 'name' | 'lastUsed' | 'cloudLocation' | 'os';

const sortsFrom = (scope: ScopeRef): Record<Column, SortPlan> => ({
  added: { key: sql`i.added_at`, keyType: 'timestamptz' },
  name: { key: naturally(sql`i.name`), keyType: 'text' },
  // Never used sorts before everything that was.
  lastUsed: {
    key: sql`coalesce(${lastUse('image', 'i', scope)}, '-infinity')`,
    keyType: 'timestamptz',
  },
  cloudLocation: { key: naturally(sql`i.cloud_location`), keyType: 'text' },
  os: {
    from: sql`images i JOIN os ON os.id = i.os_id`,
    key: naturally(sql`os.name`),
    keyType: 'text',
  },
});

function sortPlan(scope: ScopeRef, name: Column | 'roles' | 'servers'): SortPlan {
  if (name === 'roles')
    return byCount(
      sql`images i`,
      sql`i.id`,
      sql`SELECT same.id, count(*)::int AS count
        FROM role_images ri JOIN roles r ON r.id = ri.role_id ${everyRegistrationOf('ri')}
        WHERE r.deleted_at IS NULL AND ${isAtOrBelow('r', scope)} GROUP BY 1`,
    );
  if (name === 'servers')
    return byCount(
      sql`images i`,
      sql`i.id`,
      sql`SELECT same.id, ${sumOfServers(name)} AS count
        FROM server_groups g ${everyRegistrationOf('g')}
        WHERE ${isAtOrBelow('g', scope)} GROUP BY 1`,
    );
  return sortsFrom(scope)[name];
}

/** What uses one registration of a cloud image counts for each of them, as usage counts. */
function everyRegistrationOf(user: string): RawBuilder<unknown> {
  return sql`JOIN images used ON used.id = ${sql.ref(`${user}.image_id`)}
    JOIN images same ON ${isSameCloudImage('same', 'used')} AND same.deleted_at IS NULL`;
}

function conditionsOnColumns(query: ImageFilter): RawBuilder<unknown>[] {
  return [
    ...equal('i', {
      id: query.id,
      set_id: query.set,
      name: query.name,
      cloud_image_id: query.cloudImageId,
      cloud_platform: query.cloudPlatform,
      cloud_location: query.cloudLocation,
      architecture: query.architecture,
      os_id: query.os,
      status: query.status,
      source: query.source,
      scalr_agent_installed: query.scalrAgentInstalled,
      cloud_init_installed: query.cloudInitInstalled,
    }),
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
 * Held by a role or run by a live server at or below the scope, by whichever registration of its cloud
 * image: the same that usage counts. Worded so that indexes alone answer it, whatever the statistics say:
 * arrays count as short, and OFFSET 0 keeps an EXISTS a question that is asked image by image.
 */
function conditionsOnUse(scope: ScopeRef, query: ImageFilter): RawBuilder<unknown>[] {
  if (query.inUse === undefined) return [];
  // A deleted role holds no image (INV-06), so that Corporate need not look at roles.
  const held =
    scope.scope === 'scalr'
      ? sql`EXISTS (SELECT FROM images u JOIN role_images ri ON ri.image_id = u.id
          WHERE ${isSameCloudImage('u', 'i')} AND u.deleted_at IS NULL OFFSET 0)`
      : isAmong(sql`SELECT DISTINCT ri.image_id FROM role_images ri
          WHERE ri.role_id = ANY(ARRAY(SELECT r.id FROM roles r WHERE ${isAtOrBelow('r', scope)}))`);
  const runs = isAmong(sql`SELECT DISTINCT g.image_id FROM server_groups g
    WHERE g.image_id IS NOT NULL AND ${isAtOrBelow('g', scope)}`);
  return [query.inUse ? sql`(${held} OR ${runs})` : sql`NOT (${held} OR ${runs})`];
}

/** `i` is the cloud image of one of these images. False for what the cloud has not made yet. */
function isAmong(imageIds: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`coalesce((i.cloud_image_id, i.cloud_platform, i.cloud_location) IN (
    SELECT u.cloud_image_id, u.cloud_platform, u.cloud_location FROM images u
    WHERE u.id = ANY(ARRAY(${imageIds}))), false)`;
}

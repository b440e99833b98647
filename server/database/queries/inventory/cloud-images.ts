import { type RawBuilder, type Selectable, sql } from 'kysely';
import type { UseVerdict } from '#contract/inventory/cloud-images.ts';
import type { ScopeRef } from '#contract/scope.ts';
import type { Db } from '../../connection/connection.ts';
import { isThere } from '../farms/usage.ts';
import { startsFrom } from '../images/image-usage.ts';
import { equal } from '../lists/equal.ts';
import { inOrder } from '../lists/in-order.ts';
import { naturally } from '../lists/natural-order.ts';
import { type ListPlan, parseSort } from '../lists/paging.ts';
import { matchesSearch, waysIn } from '../lists/search.ts';
import { isObserved } from '../observed-farms/observed-as.ts';
import { isAtOrBelow, isVisible } from '../organisation/visibility.ts';
import type { Database } from '../../schema.ts';

/** `alias` (credentials, Roles ...) is what a scope sees, above or below itself. */
export function isInReach(alias: string, scope: ScopeRef): RawBuilder<boolean> {
  return sql<boolean>`(${isVisible(alias, scope)} OR ${isAtOrBelow(alias, scope)})`;
}

/** The images that credentials in reach found, once each: as those have it that are shown it at all. */
function foundImages(scope: ScopeRef, which = sql`true`): RawBuilder<unknown> {
  return sql`(SELECT DISTINCT ON (f.key) f.* FROM inventory_images f
    JOIN cloud_credentials c ON c.id = f.credentials_id
    WHERE f.gone_at IS NULL AND ${isInReach('c', scope)} AND ${which}
    ORDER BY f.key, f.state = 'missing', f.first_seen_at, f.credentials_id)`;
}

/**
 * `i` (images) is registered as the found image `x`: by its id, or by a pointer that means it now, as LXD's aliases do.
 * Some platforms have no locations for images. The ids are made one array, which an index on images finds them by;
 * connected by OR, each image of Slipway's would be looked at for each that was found.
 */
const isRegisteredAs = sql`(i.deleted_at IS NULL AND i.cloud_platform = x.cloud_platform
  AND i.cloud_location IN (x.cloud_location, '') AND i.cloud_image_id <> ''
  AND i.cloud_image_id = ANY (ARRAY(SELECT x.cloud_image_id UNION SELECT p.id FROM inventory_references p
    WHERE p.cloud_image_id = x.cloud_image_id AND p.kind = 'pointer'
      AND p.cloud_platform = x.cloud_platform AND p.cloud_location = x.cloud_location AND p.gone_at IS NULL)))`;

/**
 * Something in a cloud refers to `x`. Whatever place it is at: two places that have an image of the same id have the
 * same image, as LXD's do, which are named by their content.
 */
const refersTo = sql`r.cloud_image_id = x.cloud_image_id AND r.cloud_platform = x.cloud_platform
  AND r.gone_at IS NULL`;

/**
 * The registrations of `x`, looked for once, before what holds them: until a new database is analyzed, PostgreSQL takes
 * every order for as good, and looked for them again for each role.
 */
const registered = sql`(WITH own AS MATERIALIZED (SELECT i.id FROM images i WHERE ${isRegisteredAs}) SELECT id FROM own) i`;

/** Slipway's own that hold or run `x`, wherever they are. */
const holdingRoles = sql`SELECT ro.id, ro.name, ro.scope, ro.account_id, ro.environment_id
  FROM ${registered} JOIN role_images ri ON ri.image_id = i.id JOIN roles ro ON ro.id = ri.role_id
  WHERE ro.deleted_at IS NULL`;
const runningFarms = sql`
  SELECT fa.id, fa.name, 'environment' AS scope, fa.account_id, fa.environment_id FROM farms fa WHERE NOT ${isObserved('fa.id')} AND fa.id IN (
    SELECT s.farm_id FROM ${registered} JOIN servers s ON s.image_id = i.id WHERE ${isThere('s')}
    UNION
    SELECT fr.farm_id FROM ${registered} JOIN role_images ri ON ri.image_id = i.id JOIN farm_roles fr ON ${startsFrom})`;

const isUsed = sql`(EXISTS (SELECT FROM inventory_references r WHERE ${refersTo})
  OR EXISTS (${holdingRoles}) OR EXISTS (${runningFarms}))`;
const isRegistered = (scope: ScopeRef) =>
  sql`EXISTS (SELECT FROM images i WHERE ${isRegisteredAs} AND ${isInReach('i', scope)})`;
const isRunning = sql`EXISTS (SELECT FROM inventory_references r WHERE ${refersTo} AND r.kind = 'server')`;
const isUnwanted = (scope: ScopeRef) =>
  sql`EXISTS (SELECT FROM unwanted_cloud_images u WHERE u.key = x.key AND u.unwanted AND ${isVisible('u', scope)})`;

interface CloudImageFilters {
  query?: string | undefined;
  cloudPlatform?: string | undefined;
  cloudLocation?: string | undefined;
  use?: UseVerdict | undefined;
  registered?: boolean | undefined;
  running?: boolean | undefined;
  unwanted?: boolean | undefined;
}

/**
 * How to walk the images that were found.
 * @param wholePlatforms those of which everything in reach was read, so that what is not found is not there
 */
export function cloudImageListPlan(
  scope: ScopeRef,
  filters: CloudImageFilters,
  sort: 'name' | '-name' | 'created' | '-created',
  wholePlatforms: readonly string[],
): ListPlan {
  const { query, cloudPlatform, cloudLocation, use, registered, running, unwanted } = filters;
  const sorted = parseSort(sort);
  const isSo = (wanted: boolean | undefined, condition: RawBuilder<unknown>) =>
    wanted === undefined ? [] : [wanted ? condition : sql`NOT ${condition}`];
  const isWhole = sql`x.cloud_platform = ANY(${wholePlatforms}::text[])`;
  return {
    from: sql`${foundImages(scope)} x`,
    branches: [sql`true`],
    where: [
      ...matchesSearch(query, waysIn('x.name', 'x.cloud_image_id')),
      ...equal('x', { cloud_platform: cloudPlatform, cloud_location: cloudLocation }),
      ...isSo(use === undefined ? undefined : use === 'inUse', isUsed),
      ...isSo(use === undefined || use === 'inUse' ? undefined : use === 'unused', isWhole),
      ...isSo(registered, isRegistered(scope)),
      ...isSo(running, isRunning),
      ...isSo(unwanted, isUnwanted(scope)),
    ],
    key:
      sorted.name === 'name'
        ? naturally(sql`x.name`)
        : sql`coalesce(x.created_at, '-infinity'::timestamptz)`,
    keyType: sorted.name === 'name' ? 'text' : 'timestamptz',
    id: sql`x.key`,
    idType: 'uuid',
    descending: sorted.descending,
  };
}

export type CloudImageRow = Selectable<Database['inventory_images']> & {
  id: string;
  credentials: { id: string; name: string }[];
  registrations: {
    id: string;
    name: string;
    scope: ScopeRef['scope'];
    account_id: number | null;
    environment_id: number | null;
  }[];
  unwanted: boolean;
  /** Rises with every mark that is seen here. */
  version: number;
  servers: number;
  groups: number;
  templates: number;
  pointers: number;
  roles: number;
  farms: number;
  hidden: number;
};

/** Found images by their keys, in the order of these, with how much refers to each, wherever that is. */
export async function fetchCloudImages(
  tx: Db,
  scope: ScopeRef,
  keys: readonly string[],
): Promise<CloudImageRow[]> {
  if (keys.length === 0) return [];
  const { rows } = await sql<CloudImageRow>`
    SELECT x.key AS id, x.*, ${isUnwanted(scope)} AS unwanted,
      1 + (SELECT coalesce(sum(u.version), 0)::int FROM unwanted_cloud_images u
        WHERE u.key = x.key AND ${isVisible('u', scope)}) AS version,
      coalesce((SELECT jsonb_agg(jsonb_build_object('id', c.id, 'name', c.name) ORDER BY c.name, c.id)
        FROM inventory_images other JOIN cloud_credentials c ON c.id = other.credentials_id
        WHERE other.key = x.key AND other.gone_at IS NULL AND ${isInReach('c', scope)}), '[]') AS credentials,
      coalesce((SELECT jsonb_agg(jsonb_build_object('id', i.id, 'name', i.name, 'scope', i.scope,
          'account_id', i.account_id, 'environment_id', i.environment_id) ORDER BY i.added_at, i.id)
        FROM images i WHERE ${isRegisteredAs} AND ${isInReach('i', scope)}), '[]') AS registrations,
      referring.*, holding.roles, running.farms, referring.unseen + holding.unseen + running.unseen AS hidden
    FROM ${foundImages(scope, sql`f.key = ANY(${keys}::uuid[])`)} x,
      LATERAL (SELECT ${countsByKind}, count(DISTINCT (r.kind, r.cloud_location, r.id))
          FILTER (WHERE NOT ${isInReach('c', scope)})::int AS unseen
        FROM inventory_references r JOIN cloud_credentials c ON c.id = r.credentials_id WHERE ${refersTo}) referring,
      LATERAL (SELECT count(DISTINCT held.id)::int AS roles, ${countUnseen('held', scope)} AS unseen
        FROM (${holdingRoles}) held) holding,
      LATERAL (SELECT count(DISTINCT ran.id)::int AS farms, ${countUnseen('ran', scope)} AS unseen
        FROM (${runningFarms}) ran) running`.execute(tx);
  return inOrder(keys, rows);
}

/** When found images were last seen to be there, by their keys. */
export async function fetchReadTimes(tx: Db, keys: readonly string[]): Promise<Map<string, Date>> {
  const { rows } = await sql<{ key: string; read_at: Date }>`
    SELECT f.key, max(l.read_at) AS read_at FROM inventory_images f
    JOIN inventory_locations l ON (l.credentials_id, l.cloud_platform, l.cloud_location)
      = (f.credentials_id, f.cloud_platform, f.cloud_location)
    WHERE f.key = ANY(${keys}::uuid[]) AND f.gone_at IS NULL AND l.read_at IS NOT NULL GROUP BY 1`.execute(
    tx,
  );
  return new Map(rows.map((row) => [row.key, row.read_at]));
}

/** The same thing that several credentials find is one. */
const countsByKind = sql.join(
  (['server', 'group', 'template', 'pointer'] as const).map(
    (kind) =>
      sql`count(DISTINCT (r.cloud_location, r.id)) FILTER (WHERE r.kind = ${sql.lit(kind)})::int AS ${sql.id(`${kind}s`)}`,
  ),
);

const countUnseen = (alias: string, scope: ScopeRef) =>
  sql`count(DISTINCT ${sql.raw(alias)}.id) FILTER (WHERE NOT ${isInReach(alias, scope)})::int`;

/** How to walk what refers to an image, as far as a scope sees it. */
export function cloudImageReferencePlan(
  scope: ScopeRef,
  key: string,
  { kind, descending }: { kind: string | undefined; descending: boolean },
): ListPlan {
  return {
    from: sql`(${referencesOf(scope, sql`= ${key}`)}) x`,
    branches: [sql`true`],
    where: [...equal('x', { kind })],
    key: naturally(sql`x.name`),
    keyType: 'text',
    id: sql`x.id`,
    idType: 'text',
    descending,
  };
}

export interface CloudImageReferenceRow {
  id: string;
  kind: 'server' | 'group' | 'template' | 'pointer' | 'role' | 'farm';
  name: string;
  how: string;
  cloud_location: string | null;
  credentials_id: string | null;
  credentials_name: string | null;
  object_id: number | null;
  scope: ScopeRef['scope'] | null;
  account_id: number | null;
  environment_id: number | null;
  since: Date | null;
}

export async function fetchCloudImageReferences(
  tx: Db,
  scope: ScopeRef,
  key: string,
  ids: readonly string[],
): Promise<CloudImageReferenceRow[]> {
  if (ids.length === 0) return [];
  const { rows } = await sql<CloudImageReferenceRow>`
    SELECT * FROM (${referencesOf(scope, sql`= ${key}`)}) every WHERE id = ANY(${ids}::text[])`.execute(
    tx,
  );
  return inOrder(ids, rows);
}

function referencesOf(scope: ScopeRef, isWanted: RawBuilder<unknown>): RawBuilder<unknown> {
  const wanted = sql`${foundImages(scope, sql`f.key ${isWanted}`)} x`;
  const own = (kind: 'role' | 'farm', rows: RawBuilder<unknown>, how: string) => sql`
    SELECT DISTINCT ${sql.lit(kind)} || ' ' || o.id, ${sql.lit(kind)}, o.name, ${sql.lit(how)}, NULL::text, NULL::uuid,
      NULL::text, o.id, o.scope, o.account_id, o.environment_id, NULL::timestamptz
    FROM ${wanted}, LATERAL (${rows}) o WHERE ${isInReach('o', scope)}`;
  return sql`
    SELECT r.kind || ' ' || r.credentials_id || ' ' || r.cloud_location || ' ' || r.id AS id, r.kind, r.name, r.how,
      r.cloud_location, c.id AS credentials_id, c.name AS credentials_name, NULL::int AS object_id,
      NULL::text AS scope, NULL::int AS account_id, NULL::int AS environment_id, r.first_seen_at AS since
    FROM ${wanted} JOIN inventory_references r ON ${refersTo} JOIN cloud_credentials c ON c.id = r.credentials_id
    WHERE ${isInReach('c', scope)}
    UNION ALL ${own('role', holdingRoles, 'holds it')}
    UNION ALL ${own('farm', runningFarms, 'runs it, or would start it')}`;
}

type Mark = Pick<
  Selectable<Database['unwanted_cloud_images']>,
  'scope' | 'account_id' | 'environment_id'
>;

/** Says at exactly a scope whether an image is wanted. */
export async function markCloudImage(
  tx: Db,
  mark: Mark & { key: string; unwanted: boolean; marked_by: string; marked_at: Date },
): Promise<void> {
  const { unwanted, marked_by, marked_at } = mark;
  await tx
    .insertInto('unwanted_cloud_images')
    .values(mark)
    .onConflict((known) =>
      known.columns(['key', 'account_id', 'environment_id']).doUpdateSet({
        unwanted,
        marked_by,
        marked_at,
        version: sql`unwanted_cloud_images.version + 1`,
      }),
    )
    .execute();
}

/** The scope of the mark that is seen from a scope, the highest first. */
export async function findUnwantedMark(
  tx: Db,
  scope: ScopeRef,
  key: string,
): Promise<Mark | undefined> {
  const { rows } = await sql<Mark>`
    SELECT scope, account_id, environment_id FROM unwanted_cloud_images u
    WHERE u.key = ${key} AND u.unwanted AND ${isVisible('u', scope)}
    ORDER BY account_id IS NOT NULL, environment_id IS NOT NULL LIMIT 1`.execute(tx);
  return rows[0];
}

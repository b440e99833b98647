import { type RawBuilder, sql } from 'kysely';
import type { ScopeRef } from '#contract/scope.ts';
import type { DeletableImage } from '../../../domain/policies/delete.ts';
import type { NamedSubject, RoleWithOldImage } from '../../../domain/policies/reports.ts';
import type { PolicyImage } from '../../../domain/policies/standing.ts';
import type { Db } from '../../connection/connection.ts';
import { attachedTo } from '../clouds/environment-clouds.ts';
import { isThere } from '../farms/usage.ts';
import { startsFrom } from '../images/image-usage.ts';
import { imageCopyKind } from '../images/image-copies.ts';
import { isDeprecatedAt, isSameCloudImage } from '../images/same-cloud-image.ts';
import { isInReach } from '../inventory/cloud-images.ts';
import { isAt, isAtOrBelow } from '../organisation/visibility.ts';

// What policies decide by: docs/domain.md, "Policies". All of a scope at once, since where an image stands in its line
// takes the whole line.

/** Where a policy looks. */
export interface Reach {
  scope: ScopeRef;
  reach: 'scope' | 'below';
}

const isReached = (alias: string, { scope, reach }: Reach): RawBuilder<boolean> =>
  reach === 'below' ? isAtOrBelow(alias, scope) : isAt(alias, scope);

const subject = sql`i.id, i.name, i.scope, i.account_id, i.environment_id, i.cloud_platform, i.cloud_location,
  'image' AS kind, i.os_id, i.architecture, i.status, i.added_at, ${isDeprecatedAt('i', 'i')} AS is_deprecated,
  (i.protected_at IS NOT NULL OR EXISTS (SELECT FROM images other WHERE ${isSameCloudImage('other', 'i')}
    AND other.deleted_at IS NULL AND other.protected_at IS NOT NULL)) AS is_protected`;

/** All images that a policy looks at, by their names. */
export async function fetchPolicyImages(tx: Db, reach: Reach): Promise<PolicyImage[]> {
  const { rows } = await sql<PolicyImage>`
    SELECT ${subject} FROM images i WHERE i.deleted_at IS NULL AND ${isReached('i', reach)}
    ORDER BY i.name, i.id`.execute(tx);
  return rows;
}

/** For each image `m`, the live registrations of its cloud image `s`, at every scope. */
const registrations = sql`registrations AS MATERIALIZED (
  SELECT m.id AS of_id, s.id FROM mine m JOIN images s ON s.deleted_at IS NULL AND (s.id = m.id OR ${isSameCloudImage('s', 'm')}))`;

/** The same thing that several credentials find is one. */
const countsByKind = sql.join(
  (['server', 'group', 'template', 'pointer'] as const).map(
    (kind) =>
      sql`count(DISTINCT (r.cloud_location, r.id)) FILTER (WHERE r.gone_at IS NULL AND r.kind = ${sql.lit(kind)})::int
        AS ${sql.id(`${kind}s`)}`,
  ),
);

/** What uses each of `mine` in Slipway, at every scope, and when the last of it ended. */
const usesInSlipway = sql`
  held AS (
    SELECT r.of_id, count(DISTINCT ri.role_id)::int AS roles FROM registrations r
    JOIN role_images ri ON ri.image_id = r.id GROUP BY 1),
  starting AS (
    SELECT r.of_id, fr.farm_id FROM registrations r JOIN role_images ri ON ri.image_id = r.id
    JOIN farm_roles fr ON ${startsFrom}),
  running AS (
    SELECT r.of_id, s.farm_id, count(*) FILTER (WHERE ${isThere('s')})::int AS servers,
      max(s.terminated_at) AS ended_at
    FROM registrations r JOIN servers s ON s.image_id = r.id GROUP BY 1, 2),
  ran AS (
    SELECT of_id, sum(servers)::int AS servers, max(ended_at) AS ended_at FROM running GROUP BY 1),
  farms AS (
    SELECT of_id, count(DISTINCT farm_id)::int AS farms FROM (
      SELECT of_id, farm_id FROM starting UNION SELECT of_id, farm_id FROM running WHERE servers > 0) f GROUP BY 1),
  left_roles AS (
    SELECT r.of_id, max(h.at) AS at FROM registrations r JOIN (
      SELECT old_image_id AS image_id, at FROM role_image_history UNION ALL
      SELECT new_image_id, at FROM role_image_history) h ON h.image_id = r.id GROUP BY 1),
  others AS (SELECT of_id, count(*)::int - 1 AS others FROM registrations GROUP BY 1),
  copies AS (
    SELECT r.of_id, count(*)::int AS copies FROM outbox o JOIN registrations r ON r.id::text = o.payload ->> 'sourceId'
    WHERE o.kind = ${sql.lit(imageCopyKind)} AND o.done_at IS NULL GROUP BY 1)`;

/** What refers to each of `mine` in clouds, and when the last of it was seen. */
const usesInClouds = sql`
  meant AS (
    -- An image that is registered by a name of its cloud, as on LXD, is what the name means.
    SELECT id, cloud_platform, cloud_image_id FROM mine WHERE cloud_image_id <> ''
    UNION
    SELECT m.id, m.cloud_platform, p.cloud_image_id FROM mine m JOIN inventory_references p
      ON p.kind = 'pointer' AND p.id = m.cloud_image_id AND p.cloud_platform = m.cloud_platform AND p.gone_at IS NULL),
  referred AS (
    SELECT x.id, ${countsByKind}, max(r.gone_at) AS gone_at
    FROM meant x JOIN inventory_references r
      ON r.cloud_image_id = x.cloud_image_id AND r.cloud_platform = x.cloud_platform
    GROUP BY 1),
  forgotten AS (
    SELECT x.id, max(u.last_seen_at) AS at FROM meant x JOIN cloud_image_uses u
      ON u.cloud_image_id = x.cloud_image_id AND u.cloud_platform = x.cloud_platform GROUP BY 1)`;

/**
 * The same with everything that uses them, at every scope and in every cloud that was read, and since when nothing has.
 * What nobody looked at counts as used until credentials were there to look with.
 */
export async function fetchDeletableImages(tx: Db, reach: Reach): Promise<DeletableImage[]> {
  const { rows } = await sql<DeletableRow>`
    WITH mine AS MATERIALIZED (
      SELECT i.* FROM images i WHERE i.deleted_at IS NULL AND ${isReached('i', reach)}),
    ${registrations},
    ${usesInSlipway}, ${usesInClouds},
    looked AS (
      SELECT c.cloud_platform, max(c.added_at) AS at FROM cloud_credentials c
      WHERE ${isInReach('c', reach.scope)} GROUP BY 1)
    SELECT ${subject}, coalesce(i.cloud_image_id, '') AS cloud_image_id,
      coalesce(held.roles, 0) AS roles, coalesce(ran.servers, 0) AS servers, coalesce(farms.farms, 0) AS farms,
      coalesce(copies.copies, 0) AS "unfinishedCopies",
      coalesce(others.others, 0) AS "otherRegistrations",
      cc.name AS credentials_name, cc.rights AS cloud_rights,
      coalesce(referred.servers, 0) AS server_references, coalesce(referred.groups, 0) AS groups,
      coalesce(referred.templates, 0) AS templates, coalesce(referred.pointers, 0) AS pointers,
      greatest(i.added_at, i.last_used_at, ran.ended_at, left_roles.at, referred.gone_at, forgotten.at, looked.at)
        AS unused_since
    FROM mine i
    LEFT JOIN held ON held.of_id = i.id LEFT JOIN ran ON ran.of_id = i.id LEFT JOIN farms ON farms.of_id = i.id
    LEFT JOIN left_roles ON left_roles.of_id = i.id LEFT JOIN copies ON copies.of_id = i.id
    LEFT JOIN others ON others.of_id = i.id LEFT JOIN referred ON referred.id = i.id LEFT JOIN forgotten ON forgotten.id = i.id
    LEFT JOIN looked ON looked.cloud_platform = i.cloud_platform
    LEFT JOIN cloud_credentials cc ON cc.id = ${attachedTo('i')}
    ORDER BY i.name, i.id`.execute(tx);
  return rows.map(toDeletable);
}

interface DeletableRow extends Omit<DeletableImage, 'references'> {
  farms: number;
  server_references: number;
  groups: number;
  templates: number;
  pointers: number;
}

function toDeletable(row: DeletableRow): DeletableImage {
  const { farms, server_references: server, groups, templates, pointers, ...image } = row;
  const { roles: role } = image;
  return {
    ...image,
    references: {
      server,
      group: groups,
      template: templates,
      pointer: pointers,
      role,
      farm: farms,
    },
  };
}

/** Versions of images, Roles, or both, by their names. */
export async function fetchNamed(
  tx: Db,
  reach: Reach,
  objects: 'images' | 'roles' | 'both',
): Promise<NamedSubject[]> {
  const members = sql`x.id::text AS id, x.name, x.scope, x.account_id, x.environment_id, NULL AS cloud_platform,
    NULL AS cloud_location, x.added_at`;
  const sets = sql`SELECT 'imageSet' AS kind, ${members} FROM image_sets x WHERE ${isReached('x', reach)}`;
  const roles = sql`SELECT 'role' AS kind, ${members} FROM roles x
    WHERE x.deleted_at IS NULL AND ${isReached('x', reach)}`;
  const which = { images: [sets], roles: [roles], both: [sets, roles] }[objects];
  const { rows } = await sql<NamedSubject>`
    SELECT * FROM (${sql.join(which, sql` UNION ALL `)}) named ORDER BY name, id`.execute(tx);
  return rows;
}

/** Roles and the images that they hold which are deprecated in their scope, since when the first of these was. */
export async function fetchRolesWithOldImages(tx: Db, reach: Reach): Promise<RoleWithOldImage[]> {
  const { rows } = await sql<RoleWithOldImage>`
    SELECT 'role' AS kind, x.id::text AS id, x.name, x.scope, x.account_id, x.environment_id, ri.cloud_platform,
      ri.cloud_location, i.name AS image_name,
      (SELECT min(other.deprecated_at) FROM images other WHERE other.deleted_at IS NULL
        AND (other.id = i.id OR ${isSameCloudImage('other', 'i')}) AND ${isSeenFromRole}) AS deprecated_at
    FROM roles x JOIN role_images ri ON ri.role_id = x.id JOIN images i ON i.id = ri.image_id
    WHERE x.deleted_at IS NULL AND ${isReached('x', reach)} AND ${isDeprecatedAt('i', 'x')}
    ORDER BY x.name, x.id, ri.cloud_platform, ri.cloud_location`.execute(tx);
  return rows;
}

const isSeenFromRole = sql`(other.account_id IS NULL OR other.account_id = x.account_id
  AND (other.environment_id IS NULL OR other.environment_id = x.environment_id))`;

/** What in clouds refers to the machine image of an image now, by kind: asked again just before it is deleted there. */
export async function countReferences(
  db: Db,
  image: { cloudPlatform: string; cloudImageId: string },
): Promise<Record<'server' | 'group' | 'template' | 'pointer', number>> {
  const { rows } = await sql<Record<'servers' | 'groups' | 'templates' | 'pointers', number>>`
    SELECT ${countsByKind} FROM inventory_references r
    WHERE r.cloud_platform = ${image.cloudPlatform} AND r.cloud_image_id = ${image.cloudImageId}`.execute(
    db,
  );
  const [found] = rows;
  if (!found) throw new Error('An aggregate answers one row');
  const { servers, groups, templates, pointers } = found;
  return { server: servers, group: groups, template: templates, pointer: pointers };
}

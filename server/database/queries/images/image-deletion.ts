import { type RawBuilder, sql } from 'kysely';
import type { Scope } from '#contract/scope.ts';
import type { CredentialsInUse } from '../../../domain/credentials/cloud-credentials.ts';
import type { ScopedRow } from '../../../domain/scopes.ts';
import type { Db } from '../../connection/connection.ts';
import { attachedTo } from '../clouds/environment-clouds.ts';
import { isThere } from '../farms/usage.ts';
import { isObserved } from '../observed-farms/observed-as.ts';
import { isInAccountOf } from '../observed-farms/same-account.ts';
import { imageCopyKind } from './image-copies.ts';

/** All that stands in the way of deleting an image, at every scope. */
export interface DeletionUseRow extends CredentialsInUse {
  id: string;
  roles: number;
  /** Observed ones that would start servers from it. */
  groups: number;
  servers: number;
  references: number;
  unfinishedCopies: number;
  otherRegistrations: number;
}

/** For each image, what stands in the way of deleting it. */
export async function countDeletionUse(
  tx: Db,
  ids: readonly string[],
): Promise<Map<string, DeletionUseRow>> {
  const { rows } = await sql<DeletionUseRow>`
    SELECT i.id,
      (SELECT count(*) FROM role_images ri WHERE ri.image_id = i.id AND NOT ${isFound('ri')}) AS roles,
      (SELECT count(*) FROM role_images ri WHERE ri.image_id = i.id AND ${isFound('ri')}) AS groups,
      (SELECT count(*) FROM inventory_references r JOIN cloud_credentials c ON c.id = r.credentials_id
        WHERE ${isReference}) AS references,
      (SELECT count(*) FROM servers s WHERE s.image_id = i.id AND ${isThere('s')}) AS servers,
      (SELECT count(*) FROM ${unfinishedCopies} WHERE ${isUnfinishedCopy}
        AND o.payload ->> 'sourceId' = i.id::text) AS "unfinishedCopies",
      (SELECT count(*) FROM images other WHERE ${isOtherRegistration}) AS "otherRegistrations",
      cc.name AS credentials_name, cc.rights AS cloud_rights
    FROM images i LEFT JOIN cloud_credentials cc ON cc.id = ${attachedTo('i')} WHERE i.id = ANY(${ids}::uuid[])`.execute(
    tx,
  );
  return new Map(rows.map((row) => [row.id, row]));
}

/** The Role stands for what an observed group starts servers from. */
const isFound = (alias: string) =>
  sql`EXISTS (SELECT FROM roles found WHERE found.id = ${sql.raw(alias)}.role_id AND found.found_at IS NOT NULL)`;

/**
 * `r` (inventory_references) refers to the machine image of `i`, with whichever credentials that was found. A server that is
 * counted as one of `i`, or that has ended since it was seen, is no news; and an alias of LXD's is a name of the image
 * itself, which goes with it.
 */
const isReference = sql`r.cloud_image_id = i.cloud_image_id AND r.cloud_platform = i.cloud_platform
  AND r.gone_at IS NULL AND NOT (r.cloud_platform = 'lxd' AND r.kind = 'pointer')
  AND NOT (r.kind = 'server' AND EXISTS (SELECT FROM servers known
    WHERE known.cloud_server_id = r.id AND known.cloud_platform = r.cloud_platform
      AND known.cloud_location = r.cloud_location AND known.image_id = i.id
      AND ${isInAccountOf('known', sql`r.credentials_id`)}
      AND (${isThere('known')} OR known.terminated_at >= (SELECT l.read_at FROM inventory_locations l
        WHERE (l.credentials_id, l.cloud_platform, l.cloud_location)
          = (r.credentials_id, r.cloud_platform, r.cloud_location)))))`;

const unfinishedCopies = sql`outbox o JOIN images copy ON copy.id = (o.payload ->> 'imageId')::uuid`;
const isUnfinishedCopy = sql`o.kind = ${sql.lit(imageCopyKind)} AND o.done_at IS NULL`;

const isOtherRegistration = sql`other.cloud_image_id = i.cloud_image_id
  AND other.cloud_platform = i.cloud_platform AND other.cloud_location = i.cloud_location
  AND other.deleted_at IS NULL AND other.id <> i.id`;

/** One object that uses an image, with the scope that says who may see it. */
export interface BlockerRow {
  type: 'role' | 'farmRole' | 'server' | 'image' | 'replacement' | 'cloudReference';
  id: string;
  /** The image that it stands in the way of. */
  image_id: string;
  name: string;
  scope: Scope;
  account_id: number | null;
  environment_id: number | null;
  farm_id: number | null;
  farm_name: string | null;
  /** Of its account or environment; null at Corporate. */
  scope_name: string | null;
  /** How many of this type there are, listed or not. */
  total: number;
  /** Of what uses an image: what clearing it takes. Null for all else. */
  clearing?: {
    /** The role whose image it is. */
    role?: number;
    /** Where that role lives, if that is not where the blocker does. */
    home?: ScopedRow;
    /** A farm role needs the image there, so that it can only be replaced. */
    needed?: boolean;
    /** It is ending already. */
    ending?: boolean;
    /** Something else runs it: it is cleared in its cloud. */
    observed?: boolean;
    /** What it does with the image, in a cloud. */
    how?: string;
    /** It is another registration of the cloud image, which is to be deleted as well. */
    registration?: boolean;
  } | null;
}

/** What clearing takes, for each type of what uses an image. */
const clearing = {
  role: sql`jsonb_build_object('role', x.id::integer, 'needed', EXISTS (
    SELECT FROM role_images ri JOIN farm_roles fr ON fr.role_id = ri.role_id
      AND fr.cloud_platform = ri.cloud_platform AND fr.image_location = ri.cloud_location
    WHERE ri.role_id = x.id::integer AND ri.image_id = x.image_id))`,
  farmRole: sql`(SELECT jsonb_build_object('role', r.id, 'observed', r.found_at IS NOT NULL, 'home', jsonb_build_object('scope', r.scope,
      'account_id', r.account_id, 'environment_id', r.environment_id))
    FROM farm_roles fr JOIN roles r ON r.id = fr.role_id WHERE fr.id = x.id::integer)`,
  server: sql`(SELECT jsonb_build_object('ending', s.status = 'pending_terminate', 'observed', ${isObserved('s.farm_id')})
    FROM servers s WHERE s.id = x.id::uuid)`,
  copy: sql`'{}'::jsonb`,
  registration: sql`'{"registration": true}'::jsonb`,
};

/**
 * The roles, farm roles and servers that use images, and copies that are still being made of them, at every
 * scope; at most `limit` of each type, in the order of their ids.
 */
export async function fetchUsers(
  tx: Db,
  ids: readonly string[],
  limit: number,
): Promise<BlockerRow[]> {
  const wanted = sql`ANY(${ids}::uuid[])`;
  const roles = sql`
    SELECT r.id, ri.image_id, r.name, r.scope, r.account_id, r.environment_id, NULL::integer AS farm_id
    FROM role_images ri JOIN roles r ON r.id = ri.role_id AND r.found_at IS NULL WHERE ri.image_id = ${wanted}`;
  const farmRoles = sql`
    SELECT fr.id, ri.image_id, fr.alias AS name, 'environment' AS scope, fr.account_id, fr.environment_id, fr.farm_id
    FROM role_images ri JOIN farm_roles fr ON fr.role_id = ri.role_id
      AND fr.cloud_platform = ri.cloud_platform AND fr.image_location = ri.cloud_location
    WHERE ri.image_id = ${wanted}`;
  const servers = sql`
    SELECT s.id, s.image_id, coalesce(nullif(s.hostname, ''), s.cloud_server_id, s.id::text) AS name,
      'environment' AS scope, s.account_id, s.environment_id, s.farm_id
    FROM servers s WHERE s.image_id = ${wanted} AND ${isThere('s')}`;
  const copies = sql`
    SELECT copy.id, (o.payload ->> 'sourceId')::uuid AS image_id, copy.name, copy.scope, copy.account_id,
      copy.environment_id, NULL::integer AS farm_id
    FROM ${unfinishedCopies} WHERE ${isUnfinishedCopy} AND o.payload ->> 'sourceId' = ANY(${ids}::text[])`;
  const { rows } = await sql<BlockerRow>`${sql.join(
    [
      listed('role', roles, limit, clearing.role),
      listed('farmRole', farmRoles, limit, clearing.farmRole),
      listed('server', servers, limit, clearing.server),
      listed('image', copies, limit, clearing.copy),
    ],
    sql` UNION ALL `,
  )}`.execute(tx);
  return rows;
}

/** What was found in clouds and refers to the machine images of images, with whichever credentials; at most `limit`. */
export async function fetchCloudReferences(
  tx: Db,
  ids: readonly string[],
  limit: number,
): Promise<BlockerRow[]> {
  const references = sql`
    SELECT DISTINCT ON (r.cloud_location, r.kind, r.id) found.key AS id, i.id AS image_id,
      concat(r.kind, ' ', r.name) AS name, c.scope, c.account_id, c.environment_id, NULL::integer AS farm_id, r.how
    FROM images i JOIN inventory_references r ON ${isReference}
    JOIN cloud_credentials c ON c.id = r.credentials_id
    JOIN inventory_images found ON found.gone_at IS NULL AND (found.credentials_id, found.cloud_platform, found.cloud_location,
      found.cloud_image_id) = (r.credentials_id, r.cloud_platform, r.cloud_location, r.cloud_image_id)
    WHERE i.id = ANY(${ids}::uuid[]) ORDER BY r.cloud_location, r.kind, r.id`;
  const how = sql`jsonb_build_object('how', x.how)`;
  const { rows } =
    await sql<BlockerRow>`${listed('cloudReference', references, limit, how, sql`b.how,`)}`.execute(
      tx,
    );
  return rows;
}

/** Other live registrations of the cloud images of images, at every scope; at most `limit`. */
export async function fetchOtherRegistrations(
  tx: Db,
  ids: readonly string[],
  limit: number,
): Promise<BlockerRow[]> {
  const others = sql`
    SELECT other.id, i.id AS image_id, other.name, other.scope, other.account_id, other.environment_id,
      NULL::integer AS farm_id
    FROM images i JOIN images other ON ${isOtherRegistration} WHERE i.id = ANY(${ids}::uuid[])`;
  const { rows } =
    await sql<BlockerRow>`${listed('image', others, limit, clearing.registration)}`.execute(tx);
  return rows;
}

/**
 * Rows of one type as blockers, in the order of their ids; at most `limit`.
 * @param extra what clearing each row `x` takes
 * @param columns of the rows that it is made of
 */
export function listed(
  type: string,
  rows: RawBuilder<unknown>,
  limit: number,
  extra = sql`NULL::jsonb`,
  columns = sql``,
): RawBuilder<unknown> {
  // Of thousands, only what is listed has its names looked up.
  return sql`(SELECT x.*, ${extra} AS clearing FROM (
    SELECT ${columns} ${type} AS type, b.id::text AS id, b.image_id, b.name, b.scope, b.account_id, b.environment_id,
      b.farm_id, f.name AS farm_name, coalesce(e.name, a.name) AS scope_name, b.total
    FROM (SELECT *, count(*) OVER () AS total FROM (${rows}) found ORDER BY id, image_id LIMIT ${limit}) b
      LEFT JOIN farms f ON f.id = b.farm_id LEFT JOIN accounts a ON a.id = b.account_id
      LEFT JOIN environments e ON e.id = b.environment_id ORDER BY b.id, b.image_id) x)`;
}

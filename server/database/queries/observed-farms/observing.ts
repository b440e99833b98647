import { sql } from 'kysely';
import type { Db } from '../../connection/connection.ts';
import type { InventoryPlace } from '../inventory/inventory-place.ts';
import { isThere } from '../farms/usage.ts';
import { isInAccountOf } from './same-account.ts';

// What is asked before farms are written that something else runs: docs/domain.md, "Observed farms".

/** Where the farms of one place belong, and who owns those that do not say it. */
export interface Observing {
  account_id: number;
  environment_id: number;
  /** The account of the cloud. */
  account: string;
  farm_tag: string | null;
  owner_tag: string;
  owner_id: number;
}

/**
 * The environment that uses the credentials for their platform; of several the one that is there longest. Without a
 * tag that says otherwise its farms are owned by whoever added the credentials, or else by an administrator.
 * @returns undefined where no environment uses them, or the place is not reached any more
 */
export async function findObserving(db: Db, place: InventoryPlace): Promise<Observing | undefined> {
  const { rows } = await sql<Observing>`
    SELECT ec.account_id, ec.environment_id, l.account, c.farm_tag, c.owner_tag,
      coalesce((SELECT u.id FROM users u WHERE u.email = c.created_by AND u.status = 'active'
          AND EXISTS (SELECT FROM held_grants h WHERE h.user_id = u.id
            AND (h.scope = 'scalr' OR h.account_id = ec.account_id))),
        (SELECT u.id FROM users u JOIN held_grants h ON h.user_id = u.id
          WHERE u.status = 'active' AND h.role = 'administrator'
            AND (h.scope = 'scalr' OR h.account_id = ec.account_id AND h.environment_id IS NULL)
          ORDER BY h.account_id NULLS LAST, u.id LIMIT 1)) AS owner_id
    FROM inventory_locations l
    JOIN cloud_credentials c ON c.id = l.credentials_id
    JOIN environment_clouds ec ON ec.credentials_id = l.credentials_id AND ec.cloud_platform = l.cloud_platform
    WHERE l.credentials_id = ${place.credentialsId} AND l.cloud_platform = ${place.cloudPlatform}
      AND l.cloud_location = ${place.cloudLocation}
    ORDER BY ec.environment_id LIMIT 1`.execute(db);
  const [row] = rows;
  return row && row.owner_id !== null ? row : undefined;
}

/** The users whose e-mail address or whole name a tag says, of those who can see the environment. */
export async function findTaggedOwners(
  db: Db,
  { account_id: accountId, environment_id: environmentId }: Observing,
  tags: readonly string[],
): Promise<Map<string, number>> {
  if (tags.length === 0) return new Map();
  const { rows } = await sql<{ tag: string; id: number }>`
    SELECT DISTINCT ON (tag) tag, u.id FROM unnest(${tags}::text[]) AS tag
    JOIN users u ON u.status = 'active' AND (lower(u.email) = lower(tag) OR u.name = tag)
    WHERE EXISTS (SELECT FROM held_grants h WHERE h.user_id = u.id AND (h.scope = 'scalr'
      OR h.account_id = ${accountId} AND (h.environment_id IS NULL OR h.environment_id = ${environmentId})))
    ORDER BY tag, lower(u.email) <> lower(tag), u.id`.execute(db);
  return new Map(rows.map(({ tag, id }) => [tag, id]));
}

/**
 * Of servers that were found, those that Slipway has in farms of its own.
 * @param tokens what they were launched with, as their tags say, where the answer of the cloud was not noted yet
 */
export async function findOwnServers(
  db: Db,
  { credentialsId, cloudPlatform, cloudLocation }: InventoryPlace,
  ids: readonly string[],
  tokens: readonly string[],
): Promise<Set<string>> {
  const isManaged = sql`${isThere('s')} AND NOT EXISTS (SELECT FROM observed_farms o WHERE o.farm_id = s.farm_id)`;
  const { rows } = await sql<{ id: string }>`
    SELECT s.cloud_server_id AS id FROM servers s WHERE s.cloud_server_id = ANY(${ids}::text[])
      AND s.cloud_platform = ${cloudPlatform} AND s.cloud_location = ${cloudLocation} AND ${isManaged}
      AND ${isInAccountOf('s', sql`${credentialsId}::uuid`)}
    UNION ALL SELECT s.id::text FROM servers s WHERE s.id = ANY(${tokens}::uuid[]) AND ${isManaged}`.execute(
    db,
  );
  return new Set(rows.map(({ id }) => id));
}

/** The images of the catalogue that these cloud images are for an environment, the nearest of each. */
export async function findRegistered(
  db: Db,
  { cloudPlatform, cloudLocation }: InventoryPlace,
  {
    account_id: accountId,
    environment_id: environmentId,
  }: Pick<Observing, 'account_id' | 'environment_id'>,
  cloudImageIds: readonly string[],
): Promise<Map<string, string>> {
  const { rows } = await sql<{ cloud_image_id: string; id: string }>`
    SELECT DISTINCT ON (i.cloud_image_id) i.cloud_image_id, i.id FROM images i
    WHERE i.cloud_image_id = ANY(${cloudImageIds}::text[]) AND i.cloud_platform = ${cloudPlatform}
      AND i.cloud_location = ${cloudLocation} AND i.deleted_at IS NULL AND i.status = 'active'
      AND (i.account_id IS NULL OR i.account_id = ${accountId}
        AND (i.environment_id IS NULL OR i.environment_id = ${environmentId}))
    ORDER BY i.cloud_image_id, i.environment_id NULLS LAST, i.account_id NULLS LAST`.execute(db);
  return new Map(rows.map((row) => [row.cloud_image_id, row.id]));
}

/** A farm that is known at a place, with whichever credentials it was found. */
export interface KnownFarm {
  farm_id: number;
  environment_id: number;
  credentials_id: string;
  kind: string;
  key: string;
  digest: string;
}

export async function fetchKnownFarms(
  db: Db,
  { cloudPlatform, cloudLocation }: InventoryPlace,
  account: string,
): Promise<KnownFarm[]> {
  const { rows } = await sql<KnownFarm>`
    SELECT o.farm_id, f.environment_id, o.credentials_id, o.kind, o.key, o.digest
    FROM observed_farms o JOIN farms f ON f.id = o.farm_id
    WHERE o.cloud_platform = ${cloudPlatform} AND o.cloud_location = ${cloudLocation} AND o.account = ${account}
    ORDER BY o.farm_id`.execute(db);
  return rows;
}

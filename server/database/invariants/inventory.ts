import type { Invariant } from './invariant.ts';

/** SQL: two aliases are of one place. */
const isAtSamePlace = (one: string, other: string) =>
  `(${one}.credentials_id = ${other}.credentials_id AND ${one}.cloud_platform = ${other}.cloud_platform
    AND ${one}.cloud_location = ${other}.cloud_location)`;

/** What was found in clouds. */
export const inventoryInvariants: Invariant[] = [
  {
    id: 'FND-01',
    guarantee: 'an image that something refers to is among those that were found at the same place',
    sql: `
      SELECT r.credentials_id, r.cloud_location, r.kind, r.id, r.cloud_image_id FROM inventory_references r
      WHERE r.gone_at IS NULL AND r.cloud_image_id <> '' AND NOT EXISTS (
        SELECT FROM inventory_images i WHERE i.gone_at IS NULL AND i.cloud_image_id = r.cloud_image_id
          AND ${isAtSamePlace('i', 'r')})`,
  },
  {
    id: 'FND-02',
    guarantee: 'what was found at a place was found by a reading that came to an end',
    sql: `
      SELECT l.credentials_id, l.cloud_location, l.account FROM inventory_locations l
      WHERE (l.read_at IS NULL OR l.took_ms IS NULL OR l.tried_at IS NULL) AND (
        EXISTS (SELECT FROM inventory_images i WHERE ${isAtSamePlace('i', 'l')})
        OR EXISTS (SELECT FROM inventory_references r WHERE ${isAtSamePlace('r', 'l')}))`,
  },
  {
    id: 'FND-03',
    guarantee: 'places that are read were named by their cloud, or it says why it names none',
    sql: `
      SELECT r.credentials_id, r.tried_at FROM inventory_reach r
      WHERE r.listed_at IS NULL AND (r.error IS NULL OR EXISTS (
        SELECT FROM inventory_locations l WHERE l.credentials_id = r.credentials_id))`,
  },
  {
    id: 'FND-04',
    guarantee: 'what was found belongs to credentials that are there, at a place that they reach',
    sql: ['inventory_images', 'inventory_references']
      .map(
        (table) => `
        SELECT '${table}' AS "table", x.credentials_id, x.cloud_platform, x.cloud_location, x.cloud_image_id
        FROM ${table} x WHERE NOT EXISTS (
          SELECT FROM inventory_locations l JOIN cloud_credentials c ON c.id = l.credentials_id
            AND c.cloud_platform = l.cloud_platform
          WHERE ${isAtSamePlace('l', 'x')})`,
      )
      .join(' UNION ALL '),
  },
  {
    id: 'FND-05',
    guarantee: 'a mark that an image is not wanted is at a scope that is there',
    sql: `
      SELECT u.key, u.scope, u.account_id, u.environment_id FROM unwanted_cloud_images u
      WHERE u.environment_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM environments e WHERE e.id = u.environment_id AND e.account_id = u.account_id)`,
  },
  {
    id: 'OBS-01',
    guarantee: 'what was found and is not in the catalogue is in observed farms alone',
    sql: `
      SELECT 'farm role' AS what, fr.id::text FROM farm_roles fr JOIN roles r ON r.id = fr.role_id
      WHERE (r.found_at IS NOT NULL) <> EXISTS (SELECT FROM observed_farms o WHERE o.farm_id = fr.farm_id)
      UNION ALL
      SELECT 'server', s.id::text FROM images i JOIN servers s ON s.image_id = i.id
      WHERE i.found_at IS NOT NULL AND NOT EXISTS (SELECT FROM observed_farms o WHERE o.farm_id = s.farm_id)
      UNION ALL
      SELECT 'role', ri.role_id::text FROM images i JOIN role_images ri ON ri.image_id = i.id
        JOIN roles r ON r.id = ri.role_id
      WHERE i.found_at IS NOT NULL AND r.found_at IS NULL`,
  },
  {
    id: 'OBS-02',
    guarantee: 'nothing is kept, launched or ended in an observed farm by Slipway',
    sql: `
      SELECT 'farm role' AS what, fr.id::text FROM farm_roles fr JOIN observed_farms o USING (farm_id)
      WHERE fr.scaling_enabled
      UNION ALL
      SELECT 'farm', f.id::text FROM farms f JOIN observed_farms o ON o.farm_id = f.id
      WHERE f.status <> 'running' OR f.locked_at IS NOT NULL
      UNION ALL
      SELECT 'job', j.id::text FROM outbox j JOIN servers s ON s.id::text = j.subject
        JOIN observed_farms o ON o.farm_id = s.farm_id
      WHERE j.done_at IS NULL`,
  },
  {
    id: 'OBS-03',
    guarantee: 'an observed farm is in an environment that uses the credentials that found it',
    sql: `
      SELECT f.id, f.environment_id, o.credentials_id FROM observed_farms o JOIN farms f ON f.id = o.farm_id
      WHERE NOT EXISTS (SELECT FROM environment_clouds ec WHERE ec.environment_id = f.environment_id
        AND ec.credentials_id = o.credentials_id AND ec.cloud_platform = o.cloud_platform)`,
  },
  {
    id: 'OBS-04',
    guarantee: 'a server that was found is in one farm, as is one that Slipway launched',
    sql: `
      SELECT s.cloud_platform, s.cloud_location, s.cloud_server_id, count(*) FROM servers s
      JOIN observed_farms o ON o.farm_id = s.farm_id
      WHERE s.status NOT IN ('terminated', 'failed') GROUP BY 1, 2, 3, o.account HAVING count(*) > 1`,
  },
  {
    id: 'OBS-05',
    guarantee:
      'what observed farms run is the image of the catalogue where their environment sees one',
    sql: `
      SELECT i.id, i.cloud_image_id, own.id AS registered FROM images i
      JOIN images own ON (own.cloud_image_id, own.cloud_platform, own.cloud_location)
        = (i.cloud_image_id, i.cloud_platform, i.cloud_location) AND own.deleted_at IS NULL AND own.status = 'active'
        AND (own.account_id IS NULL OR own.account_id = i.account_id
          AND (own.environment_id IS NULL OR own.environment_id = i.environment_id))
      WHERE i.found_at IS NOT NULL AND (
        EXISTS (SELECT FROM servers s WHERE s.image_id = i.id AND s.status NOT IN ('terminated', 'failed'))
        OR EXISTS (SELECT FROM role_images ri WHERE ri.image_id = i.id))`,
  },
];

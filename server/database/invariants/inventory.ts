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
];

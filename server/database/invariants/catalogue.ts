import { type Invariant, isVisible } from './invariant.ts';

const link = `
  role_images ri JOIN roles r ON r.id = ri.role_id JOIN images i ON i.id = ri.image_id`;
const named = `ri.role_id, r.name AS role, ri.image_id, i.name AS image`;
const place = `role_id, cloud_platform, cloud_location`;

/** What joins roles and images, and what both may be. */
export const catalogueInvariants: Invariant[] = [
  {
    id: 'INV-05',
    guarantee: 'a role has at most one image per platform and location',
    sql: `SELECT ${place}, count(*) FROM role_images GROUP BY 1, 2, 3 HAVING count(*) > 1`,
  },
  {
    id: 'INV-05b',
    guarantee: 'a role image is where its image is',
    sql: `
      SELECT ${named}, ri.cloud_platform, ri.cloud_location FROM ${link}
      WHERE (ri.cloud_platform, ri.cloud_location) <> (i.cloud_platform, i.cloud_location)`,
  },
  {
    id: 'INV-05c',
    guarantee: 'an image on gce or azure has no location',
    sql: `
      SELECT id, cloud_platform, cloud_location FROM images
      WHERE cloud_platform IN ('gce', 'azure') AND cloud_location <> ''`,
  },
  {
    id: 'INV-06',
    guarantee: 'a role image joins a role and an image that both exist',
    sql: `
      SELECT ri.role_id, ri.image_id, r.deleted_at AS role_deleted, i.deleted_at AS image_deleted
      FROM role_images ri LEFT JOIN roles r ON r.id = ri.role_id LEFT JOIN images i ON i.id = ri.image_id
      WHERE r.id IS NULL OR i.id IS NULL OR r.deleted_at IS NOT NULL AND r.found_at IS NULL
        OR i.deleted_at IS NOT NULL AND (i.found_at IS NULL OR r.found_at IS NULL)`,
  },
  {
    id: 'INV-07',
    guarantee: 'a role uses images of its own scope or above, in its own account',
    sql: `SELECT ${named}, r.scope AS role_scope, i.scope AS image_scope FROM ${link} WHERE NOT ${isVisible('i', 'r')}`,
  },
  {
    id: 'INV-10',
    guarantee: "an image has its role's operating system: the same family and generation",
    sql: `
      SELECT ${named}, r.os_id AS role_os, i.os_id AS image_os
      FROM ${link} JOIN os a ON a.id = r.os_id JOIN os b ON b.id = i.os_id
      WHERE b.family IS NOT NULL AND b.generation IS NOT NULL
        AND (a.family, a.generation) IS DISTINCT FROM (b.family, b.generation)`,
  },
  {
    id: 'INV-11',
    guarantee: 'a role that needs the agent has images with the agent or cloud-init',
    sql: `
      SELECT ${named} FROM ${link}
      WHERE r.use_scalr_agent AND NOT i.scalr_agent_installed AND NOT i.cloud_init_installed`,
  },
  {
    id: 'INV-12',
    guarantee: 'a role uses active images only: none that failed or is being deleted',
    sql: `SELECT ${named}, i.status FROM ${link} WHERE i.status <> 'active'`,
  },
  {
    id: 'INV-15',
    guarantee: 'no deprecated image enters a role, unless the role had it there before',
    sql: `
      SELECT ${named}, ri.added_at, registered.deprecated_at FROM ${link}
      -- Any registration of the cloud image that the role sees counts.
      JOIN images registered
        ON (registered.cloud_image_id, registered.cloud_platform, registered.cloud_location)
          = (i.cloud_image_id, i.cloud_platform, i.cloud_location)
        AND (registered.id = i.id OR registered.deleted_at IS NULL)
        AND (registered.account_id IS NULL OR registered.account_id = r.account_id
          AND (registered.environment_id IS NULL OR registered.environment_id = r.environment_id))
      WHERE r.found_at IS NULL AND ri.added_at > registered.deprecated_at AND NOT EXISTS (
        SELECT FROM role_image_history h JOIN images held ON held.id = h.old_image_id
        WHERE (h.role_id, h.cloud_platform, h.cloud_location) = (ri.role_id, ri.cloud_platform, ri.cloud_location)
          AND (held.cloud_image_id, held.cloud_platform, held.cloud_location)
            = (i.cloud_image_id, i.cloud_platform, i.cloud_location))`,
  },
  {
    id: 'SET-01',
    guarantee: 'an image is in the set of its name and OS at its scope',
    sql: `
      SELECT i.id, i.name, i.set_id, s.name AS set FROM images i LEFT JOIN image_sets s ON s.id = i.set_id
      WHERE i.deleted_at IS NULL AND (i.name, i.os_id, i.scope, i.account_id, i.environment_id)
        IS DISTINCT FROM (s.name, s.os_id, s.scope, s.account_id, s.environment_id)`,
  },
  {
    id: 'SET-03',
    guarantee: 'an image set can be used if one of its images can',
    sql: `
      SELECT s.id, s.name, s.usable FROM image_sets s WHERE s.usable <> EXISTS (
        SELECT FROM images i WHERE i.set_id = s.id AND i.status = 'active' AND i.deprecated_at IS NULL)`,
  },
  {
    id: 'SET-02',
    guarantee: 'no image set is empty',
    sql: `SELECT s.id, s.name FROM image_sets s WHERE NOT EXISTS (SELECT FROM images i WHERE i.set_id = s.id)`,
  },
  {
    id: 'INV-19',
    guarantee: "the last entry of a role's image history says what the role has now",
    sql: `
      SELECT h.${place.replaceAll(', ', ', h.')}, h.new_image_id AS in_history, ri.image_id AS in_role
      FROM (
        SELECT DISTINCT ON (${place}) ${place}, new_image_id FROM role_image_history
        ORDER BY ${place}, id DESC) h
      JOIN roles r ON r.id = h.role_id AND r.deleted_at IS NULL
      LEFT JOIN role_images ri USING (${place})
      WHERE h.new_image_id IS DISTINCT FROM ri.image_id`,
  },
  {
    id: 'INV-19b',
    guarantee: "each entry of a role's image history begins where the one before ended",
    sql: `
      SELECT * FROM (
        SELECT id, ${place}, old_image_id, lag(new_image_id) OVER places AS before,
          lag(id) OVER places IS NULL AS first
        FROM role_image_history WINDOW places AS (PARTITION BY ${place} ORDER BY id)) h
      WHERE NOT first AND old_image_id IS DISTINCT FROM before`,
  },
  {
    id: 'INV-19c',
    guarantee: "each entry of a role's image history names a role and images that are there",
    sql: `
      SELECT h.id, h.${place.replaceAll(', ', ', h.')}, h.old_image_id, h.new_image_id FROM role_image_history h
      WHERE NOT EXISTS (SELECT FROM roles r WHERE r.id = h.role_id)
        OR h.old_image_id IS NOT NULL AND NOT EXISTS (SELECT FROM images i WHERE i.id = h.old_image_id)
        OR h.new_image_id IS NOT NULL AND NOT EXISTS (SELECT FROM images i WHERE i.id = h.new_image_id)`,
  },
];

/** The platforms whose driver publishes pointers. */
const platforms = `('ec2')`;

/** SQL: whether credentials may publish pointers. */
export const hasPointerRight = (credentials: string) =>
  `'publishPointers' = ANY(${credentials}.rights)`;

/**
 * SQL: each place of a Role, with the credentials of every environment that sees the Role and has the right on, and the
 * image that it holds there. What was only found counts as deleted.
 */
export const desiredPointers = `
  SELECT DISTINCT ri.role_id, ri.cloud_platform, ri.cloud_location, c.id AS credentials_id, i.cloud_image_id
  FROM role_images ri JOIN roles r ON r.id = ri.role_id JOIN images i ON i.id = ri.image_id
  JOIN environment_clouds ec ON ec.cloud_platform = ri.cloud_platform
    AND (r.account_id IS NULL OR r.account_id = ec.account_id)
    AND (r.environment_id IS NULL OR r.environment_id = ec.environment_id)
  JOIN cloud_credentials c ON c.id = ec.credentials_id
  WHERE ${hasPointerRight('c')} AND ri.cloud_platform IN ${platforms} AND r.deleted_at IS NULL AND i.cloud_image_id <> ''`;

/**
 * SQL: a text that is another one whenever pointers may have to move: changes leave entries, those of credentials and
 * of what environments use too.
 */
export const pointerMark = `(SELECT coalesce(sum(revision), 0) FROM revisions) || ':' ||
  (SELECT count(*) FROM cloud_credentials c WHERE ${hasPointerRight('c')}) || ':' ||
  (SELECT count(*) FROM role_pointers)`;

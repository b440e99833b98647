import { type RawBuilder, sql } from 'kysely';

/** Two aliases of images are the same machine image, perhaps registered at different scopes. */
export function isSameCloudImage(one: string, other: string): RawBuilder<boolean> {
  const [a, b] = [sql.raw(one), sql.raw(other)];
  return sql<boolean>`(${a}.cloud_image_id = ${b}.cloud_image_id AND ${a}.cloud_platform = ${b}.cloud_platform
    AND ${a}.cloud_location = ${b}.cloud_location)`;
}

/** `seen` lives where everyone who sees `from` sees it: at the scope of `from` or above. */
function isAtOrAbove(seen: string, from: string): RawBuilder<boolean> {
  const [a, b] = [sql.raw(seen), sql.raw(from)];
  return sql<boolean>`(${a}.account_id IS NULL OR ${a}.account_id = ${b}.account_id
    AND (${a}.environment_id IS NULL OR ${a}.environment_id = ${b}.environment_id))`;
}

/**
 * Whether the image `image` is deprecated where `from` (with account_id and environment_id) lives: it is,
 * or another registration of its cloud image that is seen there is (docs/domain.md, "One machine image,
 * several registrations").
 */
export function isDeprecatedAt(image: string, from: string): RawBuilder<boolean> {
  return sql<boolean>`(${sql.raw(image)}.deprecated_at IS NOT NULL OR EXISTS (
    SELECT FROM images other WHERE other.deleted_at IS NULL AND other.deprecated_at IS NOT NULL
      AND ${isSameCloudImage('other', image)} AND ${isAtOrAbove('other', from)}))`;
}

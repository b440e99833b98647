import { type RawBuilder, sql } from 'kysely';
import type { ScopeRef } from '#contract/scope.ts';
import { isVisible } from '../organisation/visibility.ts';

// One machine image may be registered at several scopes: docs/domain.md, "One machine image, several registrations".

/** Two aliases of images are the same machine image, perhaps registered at different scopes. */
export function isSameCloudImage(one: string, other: string): RawBuilder<boolean> {
  const [a, b] = [sql.raw(one), sql.raw(other)];
  return sql<boolean>`(${a}.cloud_image_id = ${b}.cloud_image_id AND ${a}.cloud_platform = ${b}.cloud_platform
    AND ${a}.cloud_location = ${b}.cloud_location)`;
}

/**
 * The ids of all live registrations of images' cloud images: an array, so that indexes are used for each.
 * @param ids of the images, or a column that holds the id of one
 */
export function registrationsOf(
  ...ids: readonly string[] | readonly [RawBuilder<string>]
): RawBuilder<string[]> {
  const [id] = ids;
  const wanted = typeof id === 'object' ? sql`${id}` : sql`ANY(${ids}::uuid[])`;
  return sql<
    string[]
  >`ARRAY(SELECT same.id FROM images of_id JOIN images same ON ${isSameCloudImage('same', 'of_id')}
    AND same.deleted_at IS NULL WHERE of_id.id = ${wanted})`;
}

/** The same of every image of a set: what uses one of these uses the set. */
function registrationsOfSet(id: number): RawBuilder<string[]> {
  return sql<
    string[]
  >`ARRAY(SELECT same.id FROM images of_set JOIN images same ON ${isSameCloudImage('same', 'of_set')}
    AND same.deleted_at IS NULL WHERE of_set.set_id = ${id})`;
}

/** What a list is narrowed to what uses: for each that is asked for, the ids of its registrations. */
export function registrationsWanted({
  image,
  imageSet,
}: {
  image?: string | undefined;
  imageSet?: number | undefined;
}): RawBuilder<string[]>[] {
  return [
    ...(image === undefined ? [] : [registrationsOf(image)]),
    ...(imageSet === undefined ? [] : [registrationsOfSet(imageSet)]),
  ];
}

/** `seen` lives where everyone who sees `from` sees it: at the scope of `from` or above. */
function isAtOrAbove(seen: string, from: string): RawBuilder<boolean> {
  const [a, b] = [sql.raw(seen), sql.raw(from)];
  return sql<boolean>`(${a}.account_id IS NULL OR ${a}.account_id = ${b}.account_id
    AND (${a}.environment_id IS NULL OR ${a}.environment_id = ${b}.environment_id))`;
}

/** `other` is another live registration of the cloud image of `image`, and deprecated. */
function isOtherDeprecated(image: string): RawBuilder<boolean> {
  return sql<boolean>`other.deleted_at IS NULL AND other.deprecated_at IS NOT NULL
    AND ${isSameCloudImage('other', image)} AND other.id <> ${sql.raw(image)}.id`;
}

/**
 * Whether the image `image` is deprecated at a scope: it is, or another registration that is seen there.
 * @param from the scope, or an alias with the account_id and environment_id of something that lives there
 */
export function isDeprecatedAt(image: string, from: string | ScopeRef): RawBuilder<boolean> {
  const isSeen = typeof from === 'string' ? isAtOrAbove('other', from) : isVisible('other', from);
  return sql<boolean>`(${sql.raw(image)}.deprecated_at IS NOT NULL OR EXISTS (
    SELECT FROM images other WHERE ${isOtherDeprecated(image)} AND ${isSeen}))`;
}

/**
 * The other registrations of `image` that are deprecated and that somebody can see beside it, the highest
 * first: what domain/deprecations.ts decides by.
 * @param except an alias of images that is left out
 */
export function otherDeprecations(image: string, except = image): RawBuilder<unknown> {
  return sql`coalesce((
    SELECT jsonb_agg(jsonb_build_object('id', other.id, 'name', other.name, 'scope', other.scope,
      'account_id', other.account_id, 'environment_id', other.environment_id,
      'at', other.deprecated_at, 'by', other.deprecated_by, 'reason', other.deprecation_reason)
      ORDER BY other.environment_id NULLS FIRST, other.account_id NULLS FIRST)
    FROM images other WHERE ${isOtherDeprecated(image)} AND other.id <> ${sql.raw(except)}.id
      AND (${isAtOrAbove('other', image)} OR ${isAtOrAbove(image, 'other')})), '[]')`;
}

import type { Insertable } from 'kysely';
import type { Scope } from '#contract/scope.ts';
import type { Database } from '../schema.ts';
import { createClock, stableUuid } from './deterministic.ts';
import { type EstateImage, publisherOf } from './images.ts';
import { isVisibleFrom, type ScopeName, scopeColumns } from './organisation.ts';
import { type EstateRole, findImage, imageAt } from './roles.ts';
import { deprecatedImages, deprecatedRoles, type ReplacementSpec, replacements } from './story.ts';

type ReplacementRow = Insertable<Database['replacements']>;
type ReplacementPairRow = Insertable<Database['replacement_pairs']>;
type ReplacementRoleRow = Insertable<Database['replacement_roles']>;

export interface Replay {
  replacements: ReplacementRow[];
  replacementPairs: ReplacementPairRow[];
  replacementRoles: ReplacementRoleRow[];
}

/** Carries out the story on images and roles, in the order of time, and returns its records. */
export function replayStory(now: Date, images: EstateImage[], roles: EstateRole[]): Replay {
  const records: Replay = { replacements: [], replacementPairs: [], replacementRoles: [] };
  for (const spec of replacements) replay(now, records, images, roles, spec);
  for (const spec of deprecatedImages) {
    for (const image of images) {
      if (image.scopeName !== spec.scope || image.row.name !== spec.name) continue;
      const successor = findCounterpart(images, spec.scope, spec.successor, image);
      deprecate(now, image, spec, successor?.row.id ?? null);
    }
  }
  deprecateRoles(now, roles);
  return records;
}

/** Images that a replacement at a scope may take out: of that name, and visible there. */
function isNamed(image: EstateImage, scope: ScopeName, name: string): boolean {
  return image.row.name === name && isVisibleFrom(image.scopeName, scope);
}

/** What a replacement does in one place and for one architecture. */
interface Pair {
  oldImage: EstateImage;
  newImage: EstateImage;
  inReach: EstateRole[];
}

/** Replaces a version in all its places at once, where a role uses it or it is to be deprecated. */
function replay(
  now: Date,
  records: Replay,
  images: EstateImage[],
  roles: EstateRole[],
  spec: ReplacementSpec,
): void {
  const pairs = images
    .filter((image) => isNamed(image, spec.scope, spec.from))
    .flatMap((oldImage): Pair[] => {
      const inReach = roles.filter((role) => isReached(role, spec, oldImage));
      if (inReach.length === 0 && !spec.deprecate) return [];
      const newImage = findCounterpart(images, spec.scope, spec.to, oldImage);
      return newImage ? [{ oldImage, newImage, inReach }] : [];
    });
  record(now, records, spec, pairs, spec.daysAgo, null);
  for (const { oldImage, newImage } of spec.deprecate ? pairs : [])
    deprecate(now, oldImage, spec, newImage.row.id);
  if (spec.rolledBackDaysAgo === undefined) return;
  const back = pairs.map(({ oldImage, newImage, inReach }) => ({
    oldImage: newImage,
    newImage: oldImage,
    inReach,
  }));
  record(now, records, spec, back, spec.rolledBackDaysAgo, replacementId(spec, spec.daysAgo));
}

function isReached(role: EstateRole, spec: ReplacementSpec, { place, row }: EstateImage): boolean {
  return (
    reaches(spec.scope, role.spec.scope) &&
    role.spec.daysAgo > spec.daysAgo &&
    role.timeline.has(place) &&
    imageAt(role, place, spec.daysAgo).row === row
  );
}

/** The image of another name for the same place and architecture. */
function findCounterpart(
  images: EstateImage[],
  from: ScopeName,
  name: string,
  { row, place }: EstateImage,
): EstateImage | undefined {
  return findImage(images, from, name, row.architecture, place);
}

/** Corporate replacements reached Corporate roles only; those of an account also its environments. */
function reaches(scope: ScopeName, roleScope: ScopeName): boolean {
  return scope === 'corporate' ? roleScope === scope : isVisibleFrom(scope, roleScope);
}

function record(
  now: Date,
  records: Replay,
  spec: ReplacementSpec,
  pairs: readonly Pair[],
  daysAgo: number,
  rollsBackId: string | null,
): void {
  const id = replacementId(spec, daysAgo);
  const reach: Scope[] = spec.scope === 'corporate' ? ['scalr'] : ['account', 'environment'];
  records.replacements.push({
    id,
    ...scopeColumns(spec.scope),
    reach,
    at: createClock(now)(daysAgo),
    by: publisherOf(spec.scope),
    reason: rollsBackId ? 'Connections broke under load: back to stable.' : spec.reason,
    rolls_back_id: rollsBackId,
    completes: rollsBackId !== null,
    version: rollsBackId === null && spec.rolledBackDaysAgo !== undefined ? 2 : 1,
  });
  for (const pair of pairs) recordPair(records, pair, id, daysAgo, !rollsBackId && spec.deprecate);
}

function recordPair(
  records: Replay,
  { oldImage, newImage, inReach }: Pair,
  replacement_id: string,
  daysAgo: number,
  deprecates = false,
): void {
  const images = { old_image_id: oldImage.row.id, new_image_id: newImage.row.id };
  records.replacementPairs.push({ replacement_id, ...images, deprecated_old_image: deprecates });
  const { cloud_platform, cloud_location } = oldImage.row;
  for (const role of inReach) {
    role.timeline.get(oldImage.place)?.push({ daysAgo, image: newImage });
    records.replacementRoles.push({
      replacement_id,
      role_id: role.id,
      cloud_platform,
      cloud_location,
      ...images,
    });
  }
}

/** The id of a replacement, from what it did. */
function replacementId({ scope, from, to }: ReplacementSpec, daysAgo: number): string {
  return stableUuid(`replacement ${scope} ${from} ${to} ${daysAgo}`);
}

function deprecate(
  now: Date,
  image: EstateImage,
  { daysAgo, reason }: { daysAgo: number; reason: string },
  replacement: string | null,
): void {
  image.row.deprecated_at = createClock(now)(daysAgo);
  image.row.deprecated_by = publisherOf(image.scopeName);
  image.row.deprecation_reason = reason;
  image.row.deprecation_replacement_id = replacement;
}

function deprecateRoles(now: Date, roles: EstateRole[]): void {
  for (const spec of deprecatedRoles) {
    const role = roles.find((candidate) => candidate.spec.name === spec.name);
    const successor = roles.find((candidate) => candidate.spec.name === spec.successor);
    if (!role || !successor) throw new Error(`The estate lacks ${spec.name} or ${spec.successor}.`);
    role.row.deprecated_at = createClock(now)(spec.daysAgo);
    role.row.deprecated_by = publisherOf(role.spec.scope);
    role.row.deprecation_reason = spec.reason;
    role.row.deprecation_replacement_id = successor.id;
  }
}

import type { Insertable } from 'kysely';
import type { Scope } from '#contract/scope.ts';
import type { Database } from '../schema.ts';
import { createClock } from './deterministic.ts';
import { type EstateImage, publisherOf } from './images.ts';
import { isVisibleFrom, type ScopeName, scopeColumns } from './organisation.ts';
import { type EstateRole, findImage, imageAt, replacementId } from './roles.ts';
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
  for (const spec of replacements) {
    for (const oldImage of images.filter((image) => isNamed(image, spec.scope, spec.from))) {
      replay(now, records, images, roles, spec, oldImage);
    }
  }
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

function replay(
  now: Date,
  records: Replay,
  images: EstateImage[],
  roles: EstateRole[],
  spec: ReplacementSpec,
  oldImage: EstateImage,
): void {
  const { place } = oldImage;
  const inReach = roles.filter(
    (role) =>
      reaches(spec.scope, role.spec.scope) &&
      role.spec.daysAgo > spec.daysAgo &&
      role.timeline.has(place) &&
      imageAt(role, place, spec.daysAgo) === oldImage,
  );
  if (inReach.length === 0 && !spec.deprecate) return;
  const newImage = findCounterpart(images, spec.scope, spec.to, oldImage);
  if (!newImage) return;
  record(now, records, spec, inReach, oldImage, newImage, spec.daysAgo, null);
  if (spec.deprecate) deprecate(now, oldImage, spec, newImage.row.id);
  if (spec.rolledBackDaysAgo === undefined) return;
  const undone = replacementId(oldImage, newImage, spec.daysAgo);
  record(now, records, spec, inReach, newImage, oldImage, spec.rolledBackDaysAgo, undone);
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
  inReach: EstateRole[],
  oldImage: EstateImage,
  newImage: EstateImage,
  daysAgo: number,
  rollsBackId: string | null,
): void {
  const id = replacementId(oldImage, newImage, daysAgo);
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
  records.replacementPairs.push({
    replacement_id: id,
    old_image_id: oldImage.row.id,
    new_image_id: newImage.row.id,
    deprecated_old_image: rollsBackId === null && spec.deprecate === true,
  });
  for (const role of inReach) {
    role.timeline.get(oldImage.place)?.push({ daysAgo, image: newImage });
    records.replacementRoles.push({
      replacement_id: id,
      role_id: role.id,
      cloud_platform: oldImage.row.cloud_platform,
      cloud_location: oldImage.row.cloud_location,
      old_image_id: oldImage.row.id,
      new_image_id: newImage.row.id,
    });
  }
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

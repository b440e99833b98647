import type { Insertable } from 'kysely';
import type { Database } from '../schema.ts';
import { createClock } from './deterministic.ts';
import type { Architecture, Place } from './fcos-images.ts';
import { type EstateImage, publisherOf } from './images.ts';
import { isVisibleFrom, type ScopeName, scopeColumns } from './organisation.ts';
import { readTable } from './table.ts';

/** A role as it was created; replacements come later in the story. */
interface RoleSpec {
  scope: ScopeName;
  name: string;
  category: number;
  /** Name of the image that it was created with, in each of its places. */
  image: string;
  architecture: Architecture;
  places: Place[];
  /** Created this many days before the estate was loaded. */
  daysAgo: number;
  description: string;
  quickStart: boolean;
}

export interface EstateRole {
  id: number;
  spec: RoleSpec;
  row: Insertable<Database['roles']> & { id: number };
  /** Which image the role has had at each place, oldest first. */
  timeline: Map<Place, { daysAgo: number; image: EstateImage }[]>;
}

/** The publishing script of Scalr's own tutorial names its role by number: here it runs as it is. */
const givenNumbers: Record<string, number> = { 'ubuntu-16-04': 83045 };

/** All roles of the estate with the images they were created with. */
export function planRoles(now: Date, images: EstateImage[]): EstateRole[] {
  return readRoles().map((spec, index) =>
    planRole(now, images, spec, givenNumbers[spec.name] ?? index + 1),
  );
}

const columns = [
  'scope',
  'name',
  'category',
  'architecture',
  'quick',
  'days',
  'image',
  'description',
  'places',
] as const;

function readRoles(): RoleSpec[] {
  return readTable('roles.txt', columns).map((row) => ({
    scope: row.scope,
    name: row.name,
    category: Number(row.category),
    image: row.image,
    architecture: row.architecture as Architecture,
    places: row.places.split(' '),
    daysAgo: Number(row.days),
    description: row.description,
    quickStart: row.quick === 'yes',
  }));
}

function planRole(now: Date, images: EstateImage[], spec: RoleSpec, id: number): EstateRole {
  const timeline: EstateRole['timeline'] = new Map();
  for (const place of spec.places) {
    const image = findImage(images, spec.scope, spec.image, spec.architecture, place);
    if (!image) throw new Error(`Role ${spec.name} has no ${spec.image} at ${place}.`);
    timeline.set(place, [{ daysAgo: spec.daysAgo, image }]);
  }
  const [first] = [...timeline.values()].flat();
  if (!first) throw new Error(`Role ${spec.name} has no place.`);
  const agent = first.image.row.scalr_agent_installed === true;
  const row = {
    id,
    name: spec.name,
    description: spec.description,
    ...scopeColumns(spec.scope),
    category_id: spec.category,
    os_id: first.image.row.os_id,
    quick_start: spec.quickStart,
    use_scalr_agent: agent,
    builtin_automation: agent ? ['base'] : [],
    created_by: publisherOf(spec.scope),
    added_at: createClock(now)(spec.daysAgo),
  };
  return { id, spec, row, timeline };
}

/** The image of that name, architecture and place that is visible from a scope; the nearest one wins. */
export function findImage(
  images: EstateImage[],
  from: ScopeName,
  name: string,
  architecture: Architecture,
  place: Place,
): EstateImage | undefined {
  const visible = images.filter(
    (image) =>
      image.row.name === name &&
      image.row.architecture === architecture &&
      image.place === place &&
      isVisibleFrom(image.scopeName, from),
  );
  return visible.sort((a, b) => b.scopeName.length - a.scopeName.length)[0];
}

/** The image a role had at a place at a time; the same question the launch of a server asks. */
export function imageAt(role: EstateRole, place: Place, daysAgo: number): EstateImage {
  const entry = role.timeline.get(place)?.findLast((candidate) => candidate.daysAgo >= daysAgo);
  if (!entry)
    throw new Error(`Role ${role.spec.name} had no image at ${place} ${daysAgo} days ago.`);
  return entry.image;
}

/** Role images as they stand after the story, and every change that led there. */
export function planRoleImages(now: Date, roles: EstateRole[]) {
  const ago = createClock(now);
  const current: Insertable<Database['role_images']>[] = [];
  const history: (Insertable<Database['role_image_history']> & { at: Date })[] = [];
  for (const role of roles) {
    for (const entries of role.timeline.values()) {
      entries.forEach(({ daysAgo, image }, index) => {
        const { cloud_platform, cloud_location } = image.row;
        const at = ago(daysAgo);
        const by = publisherOf(role.spec.scope);
        const where = { role_id: role.id, cloud_platform, cloud_location };
        const old_image_id = entries[index - 1]?.image.row.id ?? null;
        history.push({ ...where, old_image_id, new_image_id: image.row.id, at, by });
        if (index < entries.length - 1) return;
        current.push({ ...where, image_id: image.row.id, added_at: at, added_by: by });
      });
    }
  }
  history.sort((a, b) => +a.at - +b.at);
  return { current, history };
}

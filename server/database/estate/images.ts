import type { Insertable } from 'kysely';
import type { Database } from '../schema.ts';
import { createClock, daysBetween, stableUuid } from './deterministic.ts';
import {
  type Architecture,
  type FcosRelease,
  type Place,
  readFcosReleases,
} from './fcos-images.ts';
import { fcosSets } from './images-fcos.ts';
import { inventedSets } from './images-invented.ts';
import { type ScopeName, scopeColumns } from './organisation.ts';

/** What the story needs of an image, beside the row that it becomes. */
export interface EstateImage {
  scopeName: ScopeName;
  place: Place;
  /** When it was registered, in days before the estate was loaded. */
  daysAgo: number;
  row: Insertable<Database['images']> & { id: string; name: string; architecture: Architecture };
}

/** The newest release of the extract counts as registered this long ago: see README.md. */
const newestReleaseDaysAgo = 2;

/** All images of the estate as they were registered; the story then deprecates and deletes some. */
export function planImages(now: Date): EstateImage[] {
  return [...planFcosImages(now), ...planInventedImages(now)];
}

function planFcosImages(now: Date): EstateImage[] {
  const releases = new Map(readFcosReleases().map((release) => [release.release, release]));
  const newest = new Date(Math.max(...[...releases.values()].map(({ published }) => +published)));
  return fcosSets.flatMap((set) => {
    const release = releases.get(set.release);
    if (!release) throw new Error(`The image extract lacks release ${set.release}.`);
    const registered = daysBetween(release.published, newest) + newestReleaseDaysAgo;
    return set.places.map((place) =>
      planImage(now, {
        scopeName: set.scope,
        place,
        daysAgo: set.daysAgo ?? registered,
        name: fcosName(set.release),
        cloudImageId: cloudImageId(release, set.architecture, place),
        osId: 'fedora-coreos',
        architecture: set.architecture,
        sizeGb: 10,
        agent: false,
        description: `${capitalized(release.stream)} stream: Fedora CoreOS ${release.release}, published ${release.published.toISOString().slice(0, 10)}.`,
      }),
    );
  });
}

function capitalized(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

/** Names cannot hold dots: `44.20260707.3.1` becomes `fcos-44-20260707-3-1`. */
export function fcosName(release: string): string {
  return `fcos-${release.replaceAll('.', '-')}`;
}

function cloudImageId(release: FcosRelease, architecture: Architecture, place: Place): string {
  const id = release.images.get(architecture)?.get(place);
  if (!id) throw new Error(`${release.release} was not published for ${architecture} at ${place}.`);
  return id;
}

function planInventedImages(now: Date): EstateImage[] {
  let count = 0;
  return inventedSets.flatMap((set) =>
    set.places.map((place) => {
      count += 1;
      const number = String(count).padStart(4, '0');
      return planImage(now, {
        scopeName: set.scope,
        place,
        daysAgo: set.daysAgo,
        name: set.name,
        // No cloud hands out an id of this shape, so that nobody takes it for a real image.
        cloudImageId:
          place === 'gce'
            ? `invented-for-demo/${set.name}-${number}`
            : `ami-0000000000000${number}`,
        osId: set.osId,
        architecture: 'x86_64',
        sizeGb: 20,
        agent: set.agent ?? true,
        source: set.source,
        description: `${set.about} Invented for the demonstration: no cloud has an image with this id.`,
      });
    }),
  );
}

interface ImageFacts {
  scopeName: ScopeName;
  place: Place;
  daysAgo: number;
  name: string;
  cloudImageId: string;
  osId: string;
  architecture: Architecture;
  sizeGb: number;
  agent: boolean;
  source?: 'Manual' | 'BundleTask' | undefined;
  description: string;
}

function planImage(now: Date, facts: ImageFacts): EstateImage {
  const { scopeName, place, daysAgo, name, architecture } = facts;
  const row = {
    id: stableUuid(`image ${scopeName} ${name} ${architecture} ${place}`),
    name,
    description: facts.description,
    ...scopeColumns(scopeName),
    cloud_platform: place === 'gce' ? 'gce' : 'ec2',
    cloud_location: place === 'gce' ? '' : place,
    cloud_image_id: facts.cloudImageId,
    os_id: facts.osId,
    architecture,
    size_gb: facts.sizeGb,
    type: place === 'gce' ? null : 'ebs-hvm',
    source: facts.source ?? 'Manual',
    scalr_agent_installed: facts.agent,
    cloud_init_installed: facts.agent,
    created_by: publisherOf(scopeName),
    added_at: createClock(now)(daysAgo),
  };
  return { scopeName, place, daysAgo, row };
}

/** Who publishes images and roles at a scope. */
export function publisherOf(scopeName: ScopeName): string {
  if (scopeName.startsWith('storefront')) return 'account-owner@example.com';
  if (scopeName.startsWith('payments')) return 'priya.raman@example.com';
  if (scopeName.startsWith('analytics')) return 'hana.sato@example.com';
  return 'corporate-admin@example.com';
}

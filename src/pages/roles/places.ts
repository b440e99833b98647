import type { Role } from '#contract/roles/roles.ts';
import { cloudPlatforms } from '#contract/images/platforms.ts';

/** A cloud and one of its locations; a role holds at most one image for each. */
export interface Place {
  cloudPlatform: string;
  cloudLocation: string;
}

/** A role's image in a place. */
export type RoleCell = NonNullable<Role['images']>[number];

/** `ec2:us-east-1`: names a place in an address. */
export function placeKey({ cloudPlatform, cloudLocation }: Place): string {
  return `${cloudPlatform}:${cloudLocation}`;
}

/** The place that a key names, or undefined. */
export function placeOfKey(key: string | undefined): Place | undefined {
  const [, cloudPlatform, cloudLocation] = /^([a-z0-9_]+):(.*)$/.exec(key ?? '') ?? [];
  if (cloudPlatform === undefined || cloudLocation === undefined) return undefined;
  return { cloudPlatform, cloudLocation };
}

function rank({ cloudPlatform }: Place): number {
  return cloudPlatforms.findIndex((platform) => platform === cloudPlatform);
}

/** Every place once, by cloud and then by name; of two for one place, the later. */
export function uniquePlaces(places: readonly Place[]): Place[] {
  const byKey = new Map(places.map((place) => [placeKey(place), place]));
  return [...byKey.values()].toSorted(
    (a, b) => rank(a) - rank(b) || a.cloudLocation.localeCompare(b.cloudLocation),
  );
}

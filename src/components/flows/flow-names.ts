import { cloudPlatformLabel } from '#contract/images/platforms.ts';
import type { Scope } from '#contract/scope.ts';

/** An image as far as its place and architecture go. */
export interface PlacedImage {
  name: string;
  cloudPlatform: string;
  cloudLocation: string;
}

/** `EC2 us-east-1`, or `Google Compute Engine` where an image serves all locations. */
export function locationWords({ cloudPlatform, cloudLocation }: Omit<PlacedImage, 'name'>): string {
  return `${cloudPlatformLabel[cloudPlatform] ?? cloudPlatform} ${cloudLocation}`.trim();
}

/** `EC2 us-east-1 x86_64`: in one place there may be an image for each architecture. */
export function placeWords(image: Omit<PlacedImage, 'name'> & { architecture: string }): string {
  const { cloudLocation, architecture } = image;
  return `${locationWords(image)} ${cloudLocation === '' ? 'all locations ' : ''}${architecture}`;
}

/** One choice of how far a replacement reaches. */
export interface Reach {
  value: string;
  scopes: Scope[];
  label: string;
}

const environmentReach: Reach = {
  value: 'environment',
  scopes: ['environment'],
  label: 'Roles of this environment',
};

const reaches: Record<Scope, Reach[]> = {
  scalr: [
    {
      value: 'environment',
      scopes: ['scalr', 'account', 'environment'],
      label: 'Corporate roles, and those of all accounts and environments',
    },
    {
      value: 'account',
      scopes: ['scalr', 'account'],
      label: 'Corporate roles, and those of all accounts',
    },
    { value: 'scalr', scopes: ['scalr'], label: 'Corporate roles only' },
  ],
  account: [
    {
      value: 'environment',
      scopes: ['account', 'environment'],
      label: 'Roles of this account and of all its environments',
    },
    { value: 'account', scopes: ['account'], label: 'Roles of this account only' },
  ],
  environment: [environmentReach],
};

/**
 * How far a replacement at a scope may reach, the widest first: that is what people mean by "replace
 * everywhere". A lower scope needs every scope between (docs/domain.md, "Replacement").
 */
export function reachChoices(scope: Scope): readonly [Reach, ...Reach[]] {
  const [first = environmentReach, ...rest] = reaches[scope];
  return [first, ...rest];
}

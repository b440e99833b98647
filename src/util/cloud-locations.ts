import { ec2Regions } from '#contract/images/platforms.ts';

/**
 * Locations to offer where one is chosen or typed; any other text is accepted as well, since clouds
 * add locations and private clouds name their own.
 */
export const knownLocations: Partial<Record<string, readonly string[]>> = { ec2: ec2Regions };

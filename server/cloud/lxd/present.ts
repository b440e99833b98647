import type { CloudPlace } from '../call.ts';
import type { CloudServer } from '../servers.ts';
import type { LxdProject } from './connection.ts';
import { readAliases } from './images.ts';
import type { Found } from './instances.ts';
import { hasFailed } from './operations.ts';
import { imageKey, type Observed, toServer } from './server-state.ts';

/** What was asked for, which is all that is known of a server that is still being made. */
export interface Asked extends CloudPlace {
  token: string;
  name: string;
  cloudImageId?: string;
}

/** What was found, as the port has it. */
export async function presentFound(
  project: LxdProject,
  asked: Asked,
  found: Found | undefined,
): Promise<CloudServer | undefined> {
  if (found === undefined) return undefined;
  if ('instance' in found) return (await presentAll(project, asked, [found]))[0];
  const { cloudPlatform, cloudLocation, token, name, cloudImageId } = asked;
  const failed = hasFailed(found.creation);
  return {
    cloudPlatform,
    cloudLocation,
    token,
    cloudServerId: name,
    cloudImageId,
    state: failed ? 'failed' : 'pending',
    reason: failed ? found.creation.err : undefined,
    publicIps: [],
    privateIps: [],
  };
}

/** Instances, as the port has them. */
export async function presentAll(
  project: LxdProject,
  place: CloudPlace,
  all: readonly Observed[],
): Promise<CloudServer[]> {
  const isNamed = all.some(({ instance }) => instance.config[imageKey] !== undefined);
  const aliases = isNamed ? await readAliases(project) : new Map<string, string>();
  return all.map((observed) => toServer(place, observed, aliases));
}

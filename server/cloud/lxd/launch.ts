import { CloudError } from '../call.ts';
import type { ServerLaunch } from '../servers.ts';
import { type LxdProject, LxdError } from './connection.ts';
import { findImage } from './images.ts';
import { findInstance, type Found } from './instances.ts';
import { hasFailed, waitFor } from './operations.ts';
import { imageKey, tokenKey } from './server-state.ts';

/** LXD's own way to say how large an instance is: processors and gigabytes of memory. */
const sizePattern = /^c\d+-m\d+(\.\d+)?$/;

/**
 * Makes an instance, which LXD does not start by itself.
 * @returns as it is after a moment; what could not be made is the operation that failed
 * @throws CloudError, for good where the image is absent
 */
export async function createInstance(
  project: LxdProject,
  name: string,
  launch: ServerLaunch,
): Promise<Found | undefined> {
  const image = await findImage(project, launch.cloudImageId);
  if (!image)
    throw new CloudError(
      `LXD says: Image not found: "${launch.cloudImageId}" in the project ${project.name}.`,
      { willPass: false },
    );
  const begun = await orTaken(
    project.change('POST', '/instances', planInstance(name, launch, image.fingerprint)),
  );
  const creation = await waitFor(project, begun);
  // The name is taken where somebody else has launched it meanwhile; then it is there, or being made.
  const found = await findInstance(project, name);
  return found ?? (creation && hasFailed(creation) ? { creation } : undefined);
}

function planInstance(name: string, launch: ServerLaunch, fingerprint: string) {
  const { token, cloudImageId, instanceType, hostname, tags } = launch;
  const tagged = Object.entries(tags).map(([tag, value]) => [`user.${tag}`, value]);
  return {
    name,
    type: 'container',
    source: { type: 'image', fingerprint },
    // Any other type is somebody else's, and unknown here: then the profile alone sets limits.
    ...(sizePattern.test(instanceType) ? { instance_type: instanceType } : {}),
    config: {
      ...Object.fromEntries(tagged),
      'user.slipway.hostname': hostname,
      [tokenKey]: token,
      ...(cloudImageId === fingerprint ? {} : { [imageKey]: cloudImageId }),
    },
  };
}

async function orTaken<Answer>(change: Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await change;
  } catch (error) {
    if (error instanceof LxdError && /already (exists|in use)/i.test(error.message))
      return undefined;
    throw error;
  }
}

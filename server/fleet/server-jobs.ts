import type { CloudOf } from '../cloud/clouds.ts';
import { type JobKind, toJobKind } from './effects.ts';
import { serverReboots } from './server-reboots.ts';
import { serverRemovals } from './server-removals.ts';
import { serverSteps } from './server-steps.ts';

/**
 * All that servers have to do in their clouds.
 * @param againMs after how long a cloud that is still at it is asked again
 */
export function serverJobs(cloudOf: CloudOf, options?: { againMs?: number }): JobKind[] {
  return [
    toJobKind(serverSteps(cloudOf, options)),
    toJobKind(serverReboots(cloudOf)),
    toJobKind(serverRemovals(cloudOf)),
  ];
}

import { setTimeout as sleep } from 'node:timers/promises';
import type { CloudDriver } from './driver.ts';

/**
 * A cloud that exists in this process only, for the demo estate: it takes a moment, and has every
 * image until it was told to delete it.
 * @param latencyMs how long each call takes
 */
export function createSimulatedCloud({ latencyMs = 400 } = {}): CloudDriver {
  const deleted = new Set<string>();
  return {
    deleteImage: async ({ cloudPlatform, cloudLocation, cloudImageId }, { signal }) => {
      await sleep(latencyMs, undefined, { signal });
      const image = JSON.stringify([cloudPlatform, cloudLocation, cloudImageId]);
      if (deleted.has(image)) return 'absent';
      deleted.add(image);
      return 'deleted';
    },
  };
}

import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CloudDriver } from './driver.ts';

/**
 * A cloud that exists in this process only, for the demo estate: it takes a moment, and has every
 * image until it was told to delete it. Another process gives the copy of a token the same id.
 * @param latencyMs how long each call takes
 * @param copyMs how long it works on a copy
 */
export function createSimulatedCloud({ latencyMs = 400, copyMs = 2_000 } = {}): CloudDriver {
  const deleted = new Set<string>();
  const begunAt = new Map<string, number>();
  return {
    deleteImage: async ({ cloudPlatform, cloudLocation, cloudImageId }, { signal }) => {
      await sleep(latencyMs, undefined, { signal });
      const image = JSON.stringify([cloudPlatform, cloudLocation, cloudImageId]);
      if (deleted.has(image)) return 'absent';
      deleted.add(image);
      return 'deleted';
    },
    copyImage: async ({ token }, { signal }) => {
      await sleep(latencyMs, undefined, { signal });
      const begun = begunAt.get(token) ?? performance.now();
      begunAt.set(token, begun);
      const hash = createHash('sha256').update(token).digest('hex');
      return {
        cloudImageId: `ami-${hash.slice(0, 17)}`,
        isFinished: performance.now() - begun >= copyMs,
      };
    },
  };
}

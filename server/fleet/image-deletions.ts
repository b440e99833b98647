import { setTimeout as sleep } from 'node:timers/promises';
import { type CloudDriver, CloudError } from '../cloud/driver.ts';
import type { Db } from '../database/connection.ts';
import { cloudDeletionKind } from '../database/image-changes.ts';
import { claimJob, type OutboxJob, postponeJob, returnJob, settleJob } from '../database/outbox.ts';
import { performInternally } from '../perform.ts';
import type { Context } from '../services/context.ts';
import {
  type CloudDeletion,
  failCloudDeletion,
  findCloudDeletion,
  finishCloudDeletion,
} from '../services/image-cloud-deletion.ts';

export interface ImageDeletionOptions {
  /** How long the loop rests when nothing is due. */
  pollMs?: number;
  /** How long one call to a cloud may take. */
  deadlineMs?: number;
  /** How long no other process takes a deletion that this one has. */
  leaseMs?: number;
  /** Told what went wrong inside Slipway itself; the loop goes on. */
  onError?: (error: unknown) => void;
  /** Told each time it has looked for work without failing. */
  onRun?: () => void;
}

/** A deletion is tried again 5 s after the first attempt, then after twice as long each time, at most 1 h. */
const firstWaitMs = 5_000;
const longestWaitMs = 3_600_000;

/**
 * Deletes the machine images of images that are being deleted, and then the images: docs/domain.md,
 * "Deleting an image". Any number of processes may run it, and any of them may be killed at any moment.
 */
export function startImageDeletions(
  db: Db,
  driver: CloudDriver,
  options: ImageDeletionOptions = {},
): { stop(): Promise<void> } {
  const stopping = new AbortController();
  const { signal } = stopping;
  const run = async () => {
    while (!signal.aborted) {
      const worked = await carryOutNext(db, driver, signal, options).catch((error: unknown) => {
        options.onError?.(error);
        return false;
      });
      if (!worked)
        await sleep(options.pollMs ?? 1_000, undefined, { signal }).catch(() => undefined);
    }
  };
  const running = run();
  return {
    stop: async () => {
      stopping.abort();
      await running;
    },
  };
}

/** @returns whether anything was due */
async function carryOutNext(
  db: Db,
  driver: CloudDriver,
  stopping: AbortSignal,
  { deadlineMs = 5_000, leaseMs = 60_000, onRun }: ImageDeletionOptions,
): Promise<boolean> {
  const job = await claimJob(db, cloudDeletionKind, leaseMs);
  onRun?.();
  if (!job) return false;
  const deletion = await findCloudDeletion(db, (job.payload as { imageId: string }).imageId);
  if (!deletion) {
    await settleJob(db, job.id, new Date(), 'The image is not being deleted any more.');
    return true;
  }
  try {
    const signal = AbortSignal.any([stopping, AbortSignal.timeout(deadlineMs)]);
    await callCloud(driver, job, deletion, signal);
  } catch (error) {
    if (stopping.aborted) await returnJob(db, job.id);
    else if (error instanceof CloudError && !error.willPass)
      await write(db, deletion, (ctx) =>
        failCloudDeletion(ctx, job.id, deletion.imageId, error.message),
      );
    else await postponeJob(db, job.id, { ms: waitMs(job.attempts), error: describe(error) });
    return true;
  }
  await write(db, deletion, (ctx) => finishCloudDeletion(ctx, job.id, deletion.imageId));
  return true;
}

/** Waits for the cloud no longer than the signal says, whether or not the driver heeds it. */
async function callCloud(
  driver: CloudDriver,
  job: OutboxJob,
  deletion: CloudDeletion,
  signal: AbortSignal,
): Promise<void> {
  if (deletion.refusal !== undefined) throw new CloudError(deletion.refusal, { willPass: false });
  signal.throwIfAborted();
  const { cloudPlatform, cloudLocation, cloudImageId } = deletion;
  const image = { token: job.id, cloudPlatform, cloudLocation, cloudImageId };
  const call = driver.deleteImage(image, { signal });
  const gaveUp = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
  await Promise.race([call, gaveUp]);
}

async function write(
  db: Db,
  deletion: CloudDeletion,
  service: (ctx: Context) => Promise<void>,
): Promise<void> {
  const caller = { kind: 'system', name: 'system:image-deletions' } as const;
  const { scope } = deletion;
  await performInternally(db, { caller, operation: 'imageDeleteFromCloud', scope }, service);
}

function waitMs(attempts: number): number {
  return Math.min(longestWaitMs, firstWaitMs * 2 ** (attempts - 1));
}

function describe(error: unknown): string {
  if (error instanceof DOMException && error.name === 'TimeoutError')
    return 'The cloud did not answer in time.';
  return error instanceof Error ? error.message : String(error);
}

import { setTimeout as sleep } from 'node:timers/promises';
import type { ScopeRef } from '#contract/scope.ts';
import { CloudError } from '../cloud/driver.ts';
import type { Db } from '../database/connection/connection.ts';
import {
  claimJob,
  type OutboxJob,
  postponeJob,
  returnJob,
  settleJob,
} from '../database/queries/records/outbox.ts';
import { performInternally } from '../perform.ts';
import type { Context } from '../services/context.ts';

/** How one kind of job in the outbox is carried out. */
export interface Effect<Task extends { scope: ScopeRef }> {
  /** The jobs that it takes. */
  kind: string;
  /** Who the operations log says did it, and what. */
  actor: `system:${string}`;
  operation: string;
  /** What there is to do, while it is still wanted. */
  find(db: Db, payload: unknown): Promise<Task | undefined>;
  /**
   * Asks the cloud, outside any transaction, always with the same token for one job.
   * @returns what to write down, or `unfinished` when the cloud is still at it
   * @throws CloudError
   */
  ask(task: Task, call: { token: string; signal: AbortSignal }): Promise<Ending | 'unfinished'>;
  /** Writes down that it cannot be done. */
  fail(ctx: Context, jobId: string, task: Task, reason: string): Promise<void>;
}

/** Settles the job and writes its end down, in one transaction. */
export type Ending = (ctx: Context, jobId: string) => Promise<void>;

export interface OutboxLoopOptions {
  /** How long the loop rests when nothing is due. */
  pollMs?: number;
  /** How long one call to a cloud may take. */
  deadlineMs?: number;
  /** How long no other process takes a job that this one has. */
  leaseMs?: number;
  /** After how long a cloud that is still at it is asked again. */
  unfinishedMs?: number;
  /** Told what went wrong inside Slipway itself; the loop goes on. */
  onError?: (error: unknown) => void;
  /** Told each time it has looked for work without failing. */
  onRun?: () => void;
}

/** A job is tried again 5 s after the first attempt, then after twice as long each time, at most 1 h. */
const firstWaitMs = 5_000;
const longestWaitMs = 3_600_000;

/**
 * Carries out the jobs of one kind, one after the other. Any number of processes may run it, and any of
 * them may be killed at any moment.
 */
export function startOutboxLoop<Task extends { scope: ScopeRef }>(
  db: Db,
  effect: Effect<Task>,
  options: OutboxLoopOptions = {},
): { stop(): Promise<void> } {
  const stopping = new AbortController();
  const { signal } = stopping;
  const run = async () => {
    while (!signal.aborted) {
      const worked = await carryOutNext(db, effect, signal, options).catch((error: unknown) => {
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
async function carryOutNext<Task extends { scope: ScopeRef }>(
  db: Db,
  effect: Effect<Task>,
  stopping: AbortSignal,
  { deadlineMs = 5_000, leaseMs = 60_000, unfinishedMs = 2_000, onRun }: OutboxLoopOptions,
): Promise<boolean> {
  const job = await claimJob(db, effect.kind, leaseMs);
  onRun?.();
  if (!job) return false;
  const task = await effect.find(db, job.payload);
  if (!task) {
    await settleJob(db, job.id, new Date(), 'It is no longer wanted.');
    return true;
  }
  const write = (service: Ending) =>
    performInternally(
      db,
      {
        caller: { kind: 'system', name: effect.actor },
        operation: effect.operation,
        scope: task.scope,
      },
      (ctx) => service(ctx, job.id),
    );
  let ending: Ending | 'unfinished';
  try {
    const signal = AbortSignal.any([stopping, AbortSignal.timeout(deadlineMs)]);
    ending = await askInTime(effect, task, job, signal);
  } catch (error) {
    if (stopping.aborted) await returnJob(db, job.id);
    else if (error instanceof CloudError && !error.willPass)
      await write((ctx) => effect.fail(ctx, job.id, task, error.message));
    else await postponeJob(db, job.id, { ms: waitMs(job.attempts), error: describe(error) });
    return true;
  }
  if (ending === 'unfinished') await returnJob(db, job.id, unfinishedMs);
  else await write(ending);
  return true;
}

/** Waits for the cloud no longer than the signal says, whether or not the driver heeds it. */
async function askInTime<Task extends { scope: ScopeRef }>(
  effect: Effect<Task>,
  task: Task,
  job: OutboxJob,
  signal: AbortSignal,
): Promise<Ending | 'unfinished'> {
  signal.throwIfAborted();
  const gaveUp = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
  return Promise.race([effect.ask(task, { token: job.id, signal }), gaveUp]);
}

function waitMs(attempts: number): number {
  return Math.min(longestWaitMs, firstWaitMs * 2 ** (attempts - 1));
}

function describe(error: unknown): string {
  if (error instanceof DOMException && error.name === 'TimeoutError')
    return 'The cloud did not answer in time.';
  return error instanceof Error ? error.message : String(error);
}

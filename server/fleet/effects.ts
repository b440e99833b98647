import type { ScopeRef } from '#contract/scope.ts';
import { CloudError } from '../cloud/call.ts';
import type { Db } from '../database/connection/connection.ts';
import {
  type OutboxJob,
  postponeJob,
  restLane,
  returnJob,
  settleJob,
} from '../database/queries/records/outbox.ts';
import { performInternally } from '../perform.ts';
import type { Context } from '../services/context.ts';

/**
 * How one kind of job in the outbox is carried out.
 * @template Ctx what its unit of work hands to a service
 */
export interface Effect<Task, Ctx = Context> {
  /** The jobs that it takes. */
  kind: string;
  /** How long one call may take, where that is not what others have; a lease has to be longer. */
  deadlineMs?: number;
  /** What there is to do, while it is still wanted. */
  find(db: Db, payload: unknown): Promise<Task | undefined>;
  /**
   * Asks the cloud that the lane of the job names, outside any transaction, always with the same token for one job.
   * @returns what to write down, or `unfinished` when the cloud is still at it, perhaps with how long to wait
   * @throws CloudError
   */
  ask(
    task: Task,
    call: { token: string; signal: AbortSignal; lane: string },
  ): Promise<Ending<Ctx> | 'unfinished' | { unfinishedMs: number }>;
  /** Writes down that it cannot be done, and settles the job. */
  fail(ctx: Ctx, jobId: string, task: Task, reason: string): Promise<void>;
  /** The unit of work in which an end is written down: `recorded`, unless it needs another lock or leaves no record. */
  commit(db: Db, task: Task, service: (ctx: Ctx) => Promise<void>): Promise<void>;
}

/** Settles the job and writes its end down, in one transaction. */
export type Ending<Ctx = Context> = (ctx: Ctx, jobId: string) => Promise<void>;

/** A unit of work under the lock of the task's scope, recorded in the operations log. */
export function recorded(actor: `system:${string}`, operation: string) {
  return (
    db: Db,
    { scope }: { scope: ScopeRef },
    service: (ctx: Context) => Promise<void>,
  ): Promise<void> =>
    performInternally(db, { caller: { kind: 'system', name: actor }, operation, scope }, service);
}

export interface EffectOptions {
  /** How long one call to a cloud may take. */
  deadlineMs: number;
  /** After how long a cloud that is still at it is asked again. */
  unfinishedMs: number;
}

/** An effect that a loop can carry out beside effects of other tasks. */
export interface JobKind {
  kind: string;
  /**
   * Carries out one job, so that it is settled or due again afterwards.
   * @param stopping when this process is to end
   */
  carryOut(db: Db, job: OutboxJob, stopping: AbortSignal, options: EffectOptions): Promise<void>;
}

export function toJobKind<Task, Ctx>(effect: Effect<Task, Ctx>): JobKind {
  return {
    kind: effect.kind,
    carryOut: (db, job, stopping, options) => carryOut(db, effect, job, stopping, options),
  };
}

async function carryOut<Task, Ctx>(
  db: Db,
  effect: Effect<Task, Ctx>,
  job: OutboxJob,
  stopping: AbortSignal,
  { deadlineMs, unfinishedMs }: EffectOptions,
): Promise<void> {
  const task = await effect.find(db, job.payload);
  if (task === undefined) {
    await settleJob(db, job.id, new Date(), 'It is no longer wanted.');
    return;
  }
  let answer: Awaited<ReturnType<typeof effect.ask>>;
  try {
    const patience = AbortSignal.timeout(effect.deadlineMs ?? deadlineMs);
    const signal = AbortSignal.any([stopping, patience]);
    answer = await askInTime(signal, () =>
      effect.ask(task, { token: job.id, signal, lane: job.lane }),
    );
  } catch (error) {
    if (stopping.aborted) await returnJob(db, job.id);
    else if (error instanceof CloudError && !error.willPass)
      await effect.commit(db, task, (ctx) => effect.fail(ctx, job.id, task, error.message));
    else await putOff(db, job, error);
    return;
  }
  if (typeof answer === 'function') {
    const ending = answer;
    await effect.commit(db, task, (ctx) => ending(ctx, job.id));
  } else await returnJob(db, job.id, answer === 'unfinished' ? unfinishedMs : answer.unfinishedMs);
}

/** Waits for the cloud no longer than the signal says, whether or not the driver heeds it. */
async function askInTime<Answer>(signal: AbortSignal, ask: () => Promise<Answer>): Promise<Answer> {
  signal.throwIfAborted();
  const gaveUp = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
  return Promise.race([ask(), gaveUp]);
}

/** A job is tried again 5 s after the first attempt, then after twice as long each time, at most 1 h. */
const firstWaitMs = 5_000;
const longestWaitMs = 3_600_000;

/** That a cloud was asked too often is not the fault of the job: its whole lane waits. */
async function putOff(db: Db, job: OutboxJob, error: unknown): Promise<void> {
  if (error instanceof CloudError && error.isThrottled) {
    await restLane(db, job.lane);
    await returnJob(db, job.id, 0, error.message);
    return;
  }
  const ms = Math.min(longestWaitMs, firstWaitMs * 2 ** (job.attempts - 1));
  await postponeJob(db, job.id, { ms, error: describe(error) });
}

function describe(error: unknown): string {
  if (error instanceof DOMException && error.name === 'TimeoutError')
    return 'The cloud did not answer in time.';
  return error instanceof Error ? error.message : String(error);
}

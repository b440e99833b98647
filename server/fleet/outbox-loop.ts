import { setTimeout as sleep } from 'node:timers/promises';
import type { Db } from '../database/connection/connection.ts';
import { claimJobs, type OutboxJob } from '../database/queries/records/outbox.ts';
import type { EffectOptions, JobKind } from './effects.ts';

export interface OutboxLoopOptions extends Partial<EffectOptions> {
  /** How long the loop rests when nothing is due. */
  pollMs?: number;
  /** How long no other process takes a job that this one has. */
  leaseMs?: number;
  /** At most so many jobs of one lane at once, in all processes and kinds. */
  perLane?: number;
  /** At most so many at once in this loop. */
  atOnce?: number;
  /** Told what went wrong inside Slipway itself; the loop goes on. */
  onError?: (error: unknown) => void;
  /** Told each time it has looked for work without failing. */
  onRun?: () => void;
}

/**
 * Carries out the jobs of some kinds, many at once: docs/architecture.md, "Jobs". Any number of processes may
 * run it, and any of them may be killed at any moment.
 */
export function startOutboxLoop(
  db: Db,
  kinds: readonly JobKind[],
  options: OutboxLoopOptions = {},
): { stop(): Promise<void> } {
  const loop = new OutboxLoop(db, kinds, options);
  const running = loop.run();
  return {
    stop: async () => {
      loop.stopping.abort();
      await running;
    },
  };
}

class OutboxLoop {
  readonly stopping = new AbortController();
  readonly #db: Db;
  readonly #kinds: Map<string, JobKind>;
  readonly #options: Required<OutboxLoopOptions>;
  readonly #underWay = new Set<Promise<void>>();

  constructor(db: Db, kinds: readonly JobKind[], options: OutboxLoopOptions) {
    this.#db = db;
    this.#kinds = new Map(kinds.map((kind) => [kind.kind, kind]));
    this.#options = {
      pollMs: 1_000,
      deadlineMs: 5_000,
      // Longer than a job takes at its slowest: a lane counts those of a process that was killed until then.
      leaseMs: 20_000,
      unfinishedMs: 2_000,
      perLane: 10,
      atOnce: 40,
      onError: () => {},
      onRun: () => {},
      ...options,
    };
  }

  async run(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      for (const job of await this.#claim()) this.#start(job);
      if (!signal.aborted) await this.#wait();
    }
    await Promise.all(this.#underWay);
  }

  async #claim(): Promise<OutboxJob[]> {
    const { atOnce, perLane, leaseMs, onRun, onError } = this.#options;
    const kinds = [...this.#kinds.keys()];
    const limit = atOnce - this.#underWay.size;
    try {
      const jobs = await claimJobs(this.#db, { kinds, limit, perLane, leaseMs });
      onRun();
      return jobs;
    } catch (error) {
      onError(error);
      return [];
    }
  }

  #start(job: OutboxJob): void {
    const work = this.#carryOut(job).finally(() => this.#underWay.delete(work));
    this.#underWay.add(work);
  }

  async #carryOut(job: OutboxJob): Promise<void> {
    try {
      await this.#kinds.get(job.kind)?.carryOut(this.#db, job, this.stopping.signal, this.#options);
    } catch (error) {
      this.#options.onError(error);
    }
  }

  /** Until a place is free for another job, or something may be due. */
  async #wait(): Promise<void> {
    const waking = new AbortController();
    const signal = AbortSignal.any([waking.signal, this.stopping.signal]);
    const rest = sleep(this.#options.pollMs, undefined, { signal }).catch(() => undefined);
    await Promise.race([rest, ...this.#underWay]);
    waking.abort();
  }
}

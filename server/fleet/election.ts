import { setTimeout as sleep } from 'node:timers/promises';
import type { Db } from '../database/connection/connection.ts';
import { leaderLock, renewLeaderLock, tryLeaderLock } from '../database/connection/locks.ts';

/** One number per loop, for ever. */
const lockNumbers = {
  'image-deletions': 1,
  'old-answers': 2,
  'image-copies': 3,
  'server-jobs': 4,
  keeper: 5,
  rollouts: 6,
  'owner-messages': 7,
  'burn-down': 8,
  inventory: 9,
  activity: 20,
  backups: 21,
  policies: 24,
  pointers: 25,
  notices: 26,
} as const;

export type LoopName = keyof typeof lockNumbers;

/** The two numbers of the advisory lock that the leader of a loop holds. */
export function electionLock(name: LoopName): [lockClass: number, number: number] {
  return leaderLock(lockNumbers[name]);
}

/** A leader that says nothing for so long is taken for dead, e.g. behind a broken network. */
const longestSilenceMs = 10_000;

export interface ElectionOptions {
  /** How often a follower tries to lead, and a leader says that it lives. */
  everyMs?: number;
  onError?: (error: unknown) => void;
}

export interface Elected {
  readonly isLeader: boolean;
  stop(): Promise<void>;
}

/**
 * Runs a loop in one of all the processes on a database. The leader holds an advisory lock in a
 * transaction that stays open: it ends with the process however that ends, and, unlike the lock of a
 * session, it holds through a pooler too. For the moment in which a leader has lost its lock and does
 * not know yet, two may run: what they do must bear that, as jobs of the outbox do.
 */
export function electLoop(
  db: Db,
  name: LoopName,
  start: () => { stop(): Promise<void> },
  { everyMs = 1_000, onError = () => undefined }: ElectionOptions = {},
): Elected {
  const stopping = new AbortController();
  const { signal } = stopping;
  let isLeader = false;

  const leadWhileConnected = async () => {
    const tx = await db.startTransaction().execute();
    try {
      if (!(await tryLeaderLock(tx, lockNumbers[name], longestSilenceMs))) return;
      isLeader = true;
      const loop = start();
      try {
        for (;;) {
          await sleep(everyMs, undefined, { signal });
          await renewLeaderLock(tx);
        }
      } finally {
        isLeader = false;
        await loop.stop();
      }
    } finally {
      await tx
        .rollback()
        .execute()
        .catch(() => undefined);
    }
  };

  const run = async () => {
    while (!signal.aborted) {
      await leadWhileConnected().catch((error: unknown) => {
        if (!signal.aborted) onError(error);
      });
      await sleep(everyMs, undefined, { signal }).catch(() => undefined);
    }
  };
  const running = run();
  return {
    get isLeader() {
      return isLeader;
    },
    stop: async () => {
      stopping.abort();
      await running;
    },
  };
}

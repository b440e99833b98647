import type { CloudOf } from '../cloud/clouds.ts';
import { demandCapability } from '../cloud/port.ts';
import type { Db } from '../database/connection/connection.ts';
import { settleJob } from '../database/queries/records/outbox.ts';
import {
  findPointerTask,
  notePublished,
  noteUnpublished,
  planPointers,
  pointerKind,
  type PointerTask,
  readPointerMark,
} from '../database/queries/roles/pointers.ts';
import { type Effect, toJobKind } from './effects.ts';
import { type OutboxLoopOptions, startOutboxLoop } from './outbox-loop.ts';
import { startPasses } from './passes.ts';

/** What failed is tried again after so long, and everything is looked at again at least this often. */
const retryMs = 60_000;

/** Keeps names in clouds that stand for the images of Roles: docs/domain.md, "Pointers". */
export function startPointers(
  db: Db,
  cloudOf: CloudOf,
  options: OutboxLoopOptions & { everyMs?: number } = {},
): { stop(): Promise<void> } {
  const { everyMs = 1_000, onError, ...jobs } = options;
  const planned = new PlannedPointers(db);
  const passes = startPasses(() => planned.pass(), { everyMs, ...(onError && { onError }) });
  const loop = startOutboxLoop(db, [toJobKind(publish(cloudOf))], {
    ...jobs,
    ...(onError && { onError }),
  });
  return { stop: async () => void (await Promise.all([passes.stop(), loop.stop()])) };
}

/** Plans when something may have moved, or it was long ago; forgets nothing that matters. */
class PlannedPointers {
  readonly #db: Db;
  #mark: string | undefined;
  #at = 0;

  constructor(db: Db) {
    this.#db = db;
  }

  async pass(): Promise<void> {
    const mark = await readPointerMark(this.#db);
    const now = performance.now();
    if (mark === this.#mark && now - this.#at < retryMs) return;
    await planPointers(this.#db, { mark, retryMs });
    this.#mark = mark;
    this.#at = now;
  }
}

interface PointerContext {
  tx: Db;
  now: Date;
}

/** One pointer, as it is wanted when the cloud is asked: it may have moved on since the job was made. */
function publish(cloudOf: CloudOf): Effect<PointerTask, PointerContext> {
  return {
    kind: pointerKind,
    find: (db, payload) => findPointerTask(db, (payload as { pointerId: string }).pointerId),
    ask: async (task, { signal, lane }) => {
      const pointers = demandCapability(await cloudOf(lane), 'pointers');
      const { name, wanted, cloud_platform: cloudPlatform, cloud_location: cloudLocation } = task;
      const pointer = { name, cloudPlatform, cloudLocation };
      if (wanted === null) await pointers.remove(pointer, { signal });
      else {
        const description = `The image of the Role ${task.role_name ?? ''}, kept by Slipway`;
        await pointers.put({ ...pointer, cloudImageId: wanted, description }, { signal });
      }
      return async ({ tx, now }, jobId) => {
        if (await settleJob(tx, jobId, now)) await notePublished(tx, task, now);
      };
    },
    fail: async ({ tx, now }, jobId, { id }, reason) => {
      if (await settleJob(tx, jobId, now, reason)) await noteUnpublished(tx, id, reason, now);
    },
    // What a Role holds is in the log; that a cloud was told of it is no change of anything here.
    commit: (db, _task, work) => db.transaction().execute((tx) => work({ tx, now: new Date() })),
  };
}

import { setTimeout as sleep } from 'node:timers/promises';
import { createSimulatedCloud } from '../cloud/simulated.ts';
import type { CloudDriver } from '../cloud/port.ts';
import type { Db } from '../database/connection/connection.ts';
import {
  serverRebootKind,
  serverRemovalKind,
  serverStepKind,
} from '../database/queries/farms/server-steps.ts';
import { startOutboxLoop } from '../fleet/outbox-loop.ts';
import { serverJobs } from '../fleet/server-jobs.ts';

/** A simulated cloud that has done everything as soon as it is asked for it. */
export function createPromptCloud(db: Db): CloudDriver {
  const times = { latencyMs: 0, bootMs: 0, suspendMs: 0, resumeMs: 0, terminateMs: 0, copyMs: 0 };
  return createSimulatedCloud(db, times);
}

/**
 * Has a cloud do what the servers of a database are waiting for, until none is on its way.
 * @throws what went wrong inside Slipway
 */
export async function settleServers(db: Db, cloud = createPromptCloud(db)): Promise<void> {
  const errors: unknown[] = [];
  const onError = (error: unknown) => void errors.push(error);
  const loop = startOutboxLoop(db, serverJobs(cloud, { againMs: 5 }), { pollMs: 5, onError });
  while ((await countOpenJobs(db)) > 0 && errors.length === 0) await sleep(5);
  await loop.stop();
  if (errors.length > 0) throw errors[0];
}

async function countOpenJobs(db: Db): Promise<number> {
  const { count } = await db
    .selectFrom('outbox')
    .where('kind', 'in', [serverStepKind, serverRebootKind, serverRemovalKind])
    .where('done_at', 'is', null)
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  return Number(count);
}

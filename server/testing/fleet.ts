import { setTimeout as sleep } from 'node:timers/promises';
import { type CloudOf, type CloudsSettings, openClouds } from '../cloud/clouds.ts';
import { createSimulatedCloud } from '../cloud/simulated.ts';
import type { CloudDriver } from '../cloud/port.ts';
import type { Db } from '../database/connection/connection.ts';
import { credentialsTestKind } from '../database/queries/clouds/cloud-credentials.ts';
import {
  serverRebootKind,
  serverRemovalKind,
  serverStepKind,
} from '../database/queries/farms/server-steps.ts';
import { testSecrets } from './app.ts';
import { credentialsTests } from '../fleet/credentials-tests.ts';
import { startOutboxLoop } from '../fleet/outbox-loop.ts';
import { serverJobs } from '../fleet/server-jobs.ts';

const prompt = {
  latencyMs: 0,
  bootMs: 0,
  suspendMs: 0,
  resumeMs: 0,
  terminateMs: 0,
  copyMs: 0,
  exchangeMs: 0,
};

/** A simulated cloud that has done everything as soon as it is asked for it. */
export function createPromptCloud(db: Db): CloudDriver {
  return createSimulatedCloud(db, prompt);
}

/** Clouds as a process has them, the simulated one as prompt; credentials lead to no private address. */
export function openPromptClouds(
  db: Db,
  reach: Partial<CloudsSettings['credentialsReach']> = {},
  times: CloudsSettings['simulatedTimes'] = {},
): CloudOf {
  return openClouds(db, {
    simulatedTimes: { ...prompt, ...times },
    lxd: undefined,
    lxdNamePrefix: 'slipway',
    credentialsReach: { allowsPrivate: false, sockets: [], usesOwnAwsIdentity: false, ...reach },
    secrets: testSecrets,
  });
}

/**
 * Has a cloud do what the servers of a database are waiting for, until none is on its way.
 * @throws what went wrong inside Slipway
 */
export async function settleServers(db: Db, cloud = createPromptCloud(db)): Promise<void> {
  await settleClouds(db, async () => cloud);
}

/**
 * The same with the clouds of all lanes; credentials are tested as well.
 * @throws what went wrong inside Slipway
 */
export async function settleClouds(db: Db, cloudOf: CloudOf): Promise<void> {
  const errors: unknown[] = [];
  const onError = (error: unknown) => void errors.push(error);
  const kinds = [...serverJobs(cloudOf, { againMs: 5 }), credentialsTests(cloudOf)];
  const loop = startOutboxLoop(db, kinds, { pollMs: 5, onError });
  while ((await countOpenJobs(db)) > 0 && errors.length === 0) await sleep(5);
  await loop.stop();
  if (errors.length > 0) throw errors[0];
}

async function countOpenJobs(db: Db): Promise<number> {
  const { count } = await db
    .selectFrom('outbox')
    .where('kind', 'in', [serverStepKind, serverRebootKind, serverRemovalKind, credentialsTestKind])
    .where('done_at', 'is', null)
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  return Number(count);
}

import type { CloudOf } from '../cloud/clouds.ts';
import { CloudError } from '../cloud/call.ts';
import { demandCapability } from '../cloud/port.ts';
import { credentialsTestKind } from '../database/queries/clouds/cloud-credentials.ts';
import {
  type CredentialsTest,
  findCredentialsTest,
  finishCredentialsTest,
} from '../services/clouds/credentials-tests.ts';
import { type JobKind, recorded, toJobKind } from './effects.ts';

/** Many questions, and perhaps the first ones to a cloud whose driver has to be loaded. */
const deadlineMs = 15_000;
/** Less than the job has, so that a cloud that says nothing is a finding too. */
const patienceMs = 12_000;

/** Asks clouds what credentials may do there: docs/domain.md, "Cloud credentials". One attempt; people try again. */
export function credentialsTests(cloudOf: CloudOf): JobKind {
  return toJobKind<CredentialsTest, Parameters<typeof finishCredentialsTest>[0]>({
    kind: credentialsTestKind,
    deadlineMs,
    find: (db, payload) => findCredentialsTest(db, payload as { id: string; version: number }),
    ask: async (test, { signal, lane }) => {
      const found = await examine(cloudOf, lane, signal);
      return (ctx, jobId) => finishCredentialsTest(ctx, jobId, test, found);
    },
    fail: (ctx, jobId, test, error) =>
      finishCredentialsTest(ctx, jobId, test, { error, findings: [] }),
    // By the name of the operation that it completes, so that pages read the same anew.
    commit: recorded('system:cloud-tests', 'cloudCredentialsTest'),
  });
}

async function examine(cloudOf: CloudOf, lane: string, stopping: AbortSignal) {
  const patience = AbortSignal.timeout(patienceMs);
  const signal = AbortSignal.any([stopping, patience]);
  try {
    const access = demandCapability(await cloudOf(lane), 'access');
    const findings = await access.examine({ signal });
    const account = await access.identify?.({ signal });
    return { error: null, findings, ...(account !== undefined && { account }) };
  } catch (error) {
    if (error instanceof CloudError) return { error: error.message, findings: [] };
    if (patience.aborted) return { error: 'The cloud did not answer in time.', findings: [] };
    throw error;
  }
}

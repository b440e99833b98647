import type { CloudCredentials } from '#contract/clouds/cloud-credentials.ts';
import type { ScopeRef } from '#contract/scope.ts';
import type { Db } from '../../database/connection/connection.ts';
import {
  type CloudCredentialsRow,
  credentialsTestKind,
  findTestedCredentials,
  updateCloudCredentials,
} from '../../database/queries/clouds/cloud-credentials.ts';
import { laneOfCredentials, queueJob, settleJob } from '../../database/queries/records/outbox.ts';
import { scopeOf } from '../../domain/scopes.ts';
import type { Context } from '../context.ts';
import { toRecordedCredentials } from './present-credentials.ts';

/** Credentials whose cloud is to be asked what they may do there. */
export interface CredentialsTest {
  id: string;
  /** Of the moment in which the test was asked for. */
  version: number;
  scope: ScopeRef;
}

/** Has the cloud asked; where that goes on already, nothing more. @returns the credentials after it */
export async function queueCredentialsTest(
  ctx: Context,
  before: CloudCredentialsRow,
): Promise<CloudCredentialsRow> {
  if (before.status === 'testing') return before;
  const after = await updateCloudCredentials(ctx.tx, before.id, { status: 'testing' });
  const { id, version } = after;
  await queueJob(ctx.tx, {
    kind: credentialsTestKind,
    lane: laneOfCredentials(id),
    payload: { id, version },
    at: ctx.now,
  });
  record(ctx, before, after);
  return after;
}

/** What to test, while it is still wanted. */
export async function findCredentialsTest(
  db: Db,
  payload: { id: string; version: number },
): Promise<CredentialsTest | undefined> {
  const row = await findTestedCredentials(db, payload);
  return row && { ...payload, scope: scopeOf(row) };
}

/**
 * Writes down what a test found. Does nothing when another process did, or the credentials have changed since.
 * @param found an error in words where the cloud could not be asked; which account of the cloud they are of, where
 * that has accounts
 */
export async function finishCredentialsTest(
  ctx: Context,
  jobId: string,
  test: CredentialsTest,
  { account, ...found }: Omit<NonNullable<CloudCredentials['test']>, 'at'> & { account?: string },
): Promise<void> {
  const before = await findTestedCredentials(ctx.tx, test);
  if (!(await settleJob(ctx.tx, jobId, ctx.now, found.error ?? undefined)) || !before) return;
  const canRead = found.findings.some(({ right, isThere }) => right === 'read' && isThere);
  const after = await updateCloudCredentials(ctx.tx, before.id, {
    status: canRead ? 'working' : 'failing',
    test: JSON.stringify({ at: ctx.now.toISOString(), ...found }),
    ...(found.error === null && { contacted_at: ctx.now }),
    ...(account !== undefined && {
      settings: JSON.stringify({ ...before.settings, awsAccountId: account }),
    }),
  });
  record(ctx, before, after);
}

function record(ctx: Context, before: CloudCredentialsRow, after: CloudCredentialsRow): void {
  ctx.record({
    kind: 'cloudCredentials',
    before: toRecordedCredentials(before),
    after: toRecordedCredentials(after),
  });
}

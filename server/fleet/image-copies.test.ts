import { afterEach, describe, expect, test, vi } from 'vitest';
import { CloudError } from '../cloud/call.ts';
import type { CloudImages, ImageCopy } from '../cloud/images.ts';
import { demandCapability } from '../cloud/port.ts';
import { createSimulatedCloud } from '../cloud/simulated.ts';
import { imageCopyKind } from '../database/queries/images/image-copies.ts';
import { checkInvariants } from '../database/invariants.ts';
import { claimJobs } from '../database/queries/records/outbox.ts';
import { withDatabase } from '../testing/database.ts';
import { insertImage } from '../testing/factories.ts';
import { createTenant, randomName } from '../testing/harness.ts';
import { startImageCopies } from './image-copies.ts';

const database = withDatabase();
const running: { stop(): Promise<void> }[] = [];
const patience = { timeout: 10_000 };

afterEach(async () => {
  await Promise.all(running.splice(0).map((loop) => loop.stop()));
  expect(await checkInvariants(database.db)).toEqual([]);
});

function start(copy: CloudImages['copy']): void {
  const onError = (error: unknown) => expect.unreachable(String(error));
  const options = { pollMs: 20, unfinishedMs: 20, onError };
  const cloudOf = async () => ({ name: 'test', images: { copy } as CloudImages });
  running.push(startImageCopies(database.db, cloudOf, options));
}

/** A copy that an account asked for, and the job for it. */
async function requestCopy() {
  const t = await createTenant(database.db);
  const source = await insertImage(database.db, t.account);
  const { data: copy } = await t.accountAdmin.call('imageCopy', t.account, {
    params: { imageId: source.id },
    body: { cloudPlatform: 'ec2', cloudLocation: 'eu-west-1' },
  });
  const jobs = await database.db
    .selectFrom('outbox')
    .where('kind', '=', imageCopyKind)
    .select(['id', 'payload'])
    .execute();
  const job = jobs.find(({ payload }) => (payload as { imageId: string }).imageId === copy.id);
  return { t, source, copy, jobId: job?.id ?? '' };
}

async function rowOf(id: string) {
  return database.db
    .selectFrom('images')
    .where('id', '=', id)
    .select(['status', 'status_error', 'cloud_image_id', 'version'])
    .executeTakeFirstOrThrow();
}

function whenSettled(id: string) {
  return vi.waitFor(
    async () => expect((await rowOf(id)).status).not.toBe('pending_copy'),
    patience,
  );
}

async function stepsOf(imageId: string) {
  return database.db
    .selectFrom('operations_log')
    .where('object', '=', `image:${imageId}`)
    .where('operation', '=', 'imageCopyInCloud')
    .select(['actor', 'before', 'after'])
    .execute();
}

describe('a copy that is asked for', () => {
  test('is made in the cloud, gets its id there, and is active then', async () => {
    const { t, source, copy, jobId } = await requestCopy();
    const cloudImageId = randomName('ami');
    const calls: ImageCopy[] = [];
    start(async (wanted) => {
      calls.push(wanted);
      return { cloudImageId, isFinished: true };
    });
    await whenSettled(copy.id);
    expect(calls).toEqual([
      {
        token: jobId,
        name: source.name,
        cloudPlatform: 'ec2',
        cloudLocation: 'eu-west-1',
        source: { cloudLocation: 'us-east-1', cloudImageId: source.cloud_image_id },
      },
    ]);
    const params = { imageId: copy.id };
    const { data } = await t.viewer.call('imageGet', t.account, { params });
    expect(data).toMatchObject({ status: 'active', cloudImageId, version: 2 });
    const steps = await stepsOf(copy.id);
    expect(steps).toMatchObject([
      { actor: 'system:image-copies', after: { status: 'active', cloudImageId } },
    ]);
    await t.accountAdmin.call('imageDelete', t.account, { params: { imageId: source.id } });
  });

  test('is asked after with the same token until the cloud has finished', async () => {
    const { copy } = await requestCopy();
    const tokens: string[] = [];
    start(async ({ token }) => {
      expect((await rowOf(copy.id)).cloud_image_id).toBeNull();
      tokens.push(token);
      return { cloudImageId: `ami-${token}`, isFinished: tokens.length === 3 };
    });
    await whenSettled(copy.id);
    expect(tokens).toHaveLength(3);
    expect(new Set(tokens).size).toBe(1);
    expect(await rowOf(copy.id)).toMatchObject({ status: 'active' });
  });

  test('has failed, with the reason, when the cloud will not make it; and can be deleted', async () => {
    const { t, copy } = await requestCopy();
    start(() => Promise.reject(new CloudError('Snapshot is encrypted.', { willPass: false })));
    await whenSettled(copy.id);
    expect(await rowOf(copy.id)).toMatchObject({
      status: 'failed',
      status_error: 'Snapshot is encrypted.',
      cloud_image_id: null,
    });
    await t.accountAdmin.call('imageDelete', t.account, { params: { imageId: copy.id } });
  });

  test('has failed when somebody registered what the cloud made before it was done', async () => {
    const { t, copy } = await requestCopy();
    const taken = await insertImage(database.db, t.account, { cloud_location: 'eu-west-1' });
    start(async () => ({ cloudImageId: taken.cloud_image_id, isFinished: true }));
    await whenSettled(copy.id);
    const row = await rowOf(copy.id);
    expect(row).toMatchObject({ status: 'failed', cloud_image_id: null });
    expect(row.status_error).toContain(taken.name);
  });
});

test('what a killed process had begun is taken over with its token, and written down once', async () => {
  const { copy, jobId } = await requestCopy();
  const cloud = createSimulatedCloud(database.db, { latencyMs: 1, copyMs: 1 });
  const images = demandCapability(cloud, 'images');
  const made: string[] = [];
  // The killed one got as far as having the machine image made; then its lease ran out.
  const claim = { kinds: [imageCopyKind], limit: 1, perLane: 1, leaseMs: 0 };
  expect(await claimJobs(database.db, claim)).toMatchObject([{ id: jobId }]);
  for (let process = 0; process < 3; process++)
    start(async (wanted, options) => {
      const answer = await images.copy(wanted, options);
      made.push(answer.cloudImageId);
      return answer;
    });
  await whenSettled(copy.id);
  expect(new Set(made).size).toBe(1);
  expect(await rowOf(copy.id)).toMatchObject({ status: 'active', cloud_image_id: made[0] });
  expect(await stepsOf(copy.id)).toHaveLength(1);
});

test('two that finish the same copy write it down once', async () => {
  const { copy, jobId } = await requestCopy();
  const gates: (() => void)[] = [];
  const slow: CloudImages['copy'] = ({ token }) =>
    new Promise((resolve) =>
      gates.push(() => resolve({ cloudImageId: `ami-${token}`, isFinished: true })),
    );
  start(slow);
  await vi.waitFor(() => expect(gates).toHaveLength(1), patience);
  start(slow);
  await database.db
    .updateTable('outbox')
    .set({ next_attempt_at: new Date(0) })
    .where('id', '=', jobId)
    .execute();
  await vi.waitFor(() => expect(gates).toHaveLength(2), patience);
  for (const open of gates) open();
  await whenSettled(copy.id);
  await Promise.all(running.splice(0).map((loop) => loop.stop()));
  expect(await stepsOf(copy.id)).toHaveLength(1);
  expect(await rowOf(copy.id)).toMatchObject({ version: 2 });
});

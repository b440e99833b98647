import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { CloudError } from '../cloud/call.ts';
import type { CloudImages } from '../cloud/images.ts';
import { cloudDeletionKind } from '../database/queries/images/image-changes.ts';
import { claimJobs } from '../database/queries/records/outbox.ts';
import { checkInvariants } from '../database/invariants.ts';
import { withDatabase } from '../testing/database.ts';
import { insertImage } from '../testing/factories.ts';
import { createTenant } from '../testing/harness.ts';
import { startImageDeletions } from './image-deletions.ts';

const database = withDatabase();
const running: { stop(): Promise<void> }[] = [];

afterEach(async () => {
  await Promise.all(running.splice(0).map((loop) => loop.stop()));
  expect(await checkInvariants(database.db)).toEqual([]);
  // What this test left waiting must not become due in the next one.
  const tomorrow = new Date(Date.now() + 86_400_000);
  await database.db.updateTable('outbox').set({ next_attempt_at: tomorrow }).execute();
});

function start(deleteImage: CloudImages['delete'], options: { deadlineMs?: number } = {}) {
  const loop = startImageDeletions(
    database.db,
    async () => ({ name: 'test', images: { delete: deleteImage } as CloudImages }),
    { pollMs: 20, ...options, onError: (error) => expect.unreachable(String(error)) },
  );
  running.push(loop);
  return loop;
}

/** An image that its environment asked to delete from the cloud, and the job for it. */
async function requestDeletion() {
  const t = await createTenant(database.db);
  const image = await insertImage(database.db, t.environment);
  await t.environmentAdmin.call('imageDelete', t.environment, {
    params: { imageId: image.id },
    query: { deleteFromCloud: 'true' },
  });
  const job = await database.db
    .selectFrom('outbox')
    .where('done_at', 'is', null)
    .orderBy('created_at', 'desc')
    .select('id')
    .executeTakeFirstOrThrow();
  return { t, image, jobId: job.id };
}

async function rowOf(id: string) {
  return database.db
    .selectFrom('images')
    .where('id', '=', id)
    .select(['status', 'status_error', 'deleted_at'])
    .executeTakeFirstOrThrow();
}

async function jobOf(id: string) {
  return database.db
    .selectFrom('outbox')
    .where('id', '=', id)
    .select(['attempts', 'next_attempt_at', 'done_at', 'error'])
    .executeTakeFirstOrThrow();
}

async function stepsOf(imageId: string) {
  return database.db
    .selectFrom('operations_log')
    .where('object', '=', `image:${imageId}`)
    .where('operation', '=', 'imageDeleteFromCloud')
    .select(['actor', 'before', 'after'])
    .execute();
}

async function databaseNow(): Promise<number> {
  const { rows } = await sql<{ now: Date }>`SELECT clock_timestamp() AS now`.execute(database.db);
  return rows[0]?.now.getTime() ?? NaN;
}

function whenDone(id: string) {
  return vi.waitFor(async () => expect((await jobOf(id)).done_at).not.toBeNull(), {
    timeout: 10_000,
  });
}

function makeDue(id: string) {
  return database.db
    .updateTable('outbox')
    .set({ next_attempt_at: new Date(0) })
    .where('id', '=', id)
    .execute();
}

describe('an image that is to be deleted from its cloud', () => {
  test('is deleted there first, then here, by name of the loop', async () => {
    const { image, jobId } = await requestDeletion();
    const calls: Parameters<CloudImages['delete']>[0][] = [];
    start(async (deletion) => {
      calls.push(deletion);
      expect((await rowOf(image.id)).status).toBe('pending_delete');
      return 'deleted';
    });
    await whenDone(jobId);
    expect((await rowOf(image.id)).deleted_at).not.toBeNull();
    expect(calls).toEqual([
      {
        token: jobId,
        cloudPlatform: 'ec2',
        cloudLocation: 'us-east-1',
        cloudImageId: image.cloud_image_id,
      },
    ]);
    expect(await stepsOf(image.id)).toMatchObject([{ actor: 'system:image-deletions' }]);
  });

  test('is deleted here too when the cloud no longer has it', async () => {
    const { image, jobId } = await requestDeletion();
    start(async () => 'absent');
    await whenDone(jobId);
    expect((await rowOf(image.id)).deleted_at).not.toBeNull();
  });

  test('has failed, with the reason, after an error that will not pass; and can be tried again', async () => {
    const { t, image, jobId } = await requestDeletion();
    const outcomes = [
      () => Promise.reject(new CloudError('Snapshot is in use. '.repeat(20), { willPass: false })),
      () => Promise.resolve('deleted' as const),
    ];
    start(() => (outcomes.shift() ?? (() => expect.unreachable('asked a third time')))());
    await whenDone(jobId);
    const failed = await rowOf(image.id);
    expect(failed).toMatchObject({ status: 'failed', deleted_at: null });
    expect(failed.status_error).toHaveLength(255);
    await t.environmentAdmin.call('imageDelete', t.environment, {
      params: { imageId: image.id },
      query: { deleteFromCloud: 'true' },
    });
    await vi.waitFor(async () => expect((await rowOf(image.id)).deleted_at).not.toBeNull(), 10_000);
    expect(await stepsOf(image.id)).toHaveLength(2);
  });

  test('waits longer after each error that may pass, and keeps the reason', async () => {
    const { image, jobId } = await requestDeletion();
    const failedAt: number[] = [];
    start(async () => {
      failedAt.push(await databaseNow());
      throw new CloudError('RequestLimitExceeded', { willPass: true });
    });
    for (let attempt = 1; attempt <= 3; attempt++) {
      await vi.waitFor(
        async () =>
          expect(await jobOf(jobId)).toMatchObject({
            attempts: attempt,
            error: 'RequestLimitExceeded',
          }),
        10_000,
      );
      const waitsUntil = (await jobOf(jobId)).next_attempt_at.getTime();
      const leastMs = 5_000 * 2 ** (attempt - 1);
      // From some moment between the failure and now, however long lies between them.
      expect(waitsUntil).toBeGreaterThanOrEqual((failedAt.at(-1) ?? Infinity) + leastMs);
      expect(waitsUntil).toBeLessThanOrEqual((await databaseNow()) + leastMs);
      await database.db
        .updateTable('outbox')
        .set({ error: null })
        .where('id', '=', jobId)
        .execute();
      if (attempt < 3) await makeDue(jobId);
    }
    expect(failedAt).toHaveLength(3);
    expect(await rowOf(image.id)).toMatchObject({ status: 'pending_delete', deleted_at: null });
  });

  test('is not waited for beyond the deadline, even by a driver that does not listen', async () => {
    const { jobId } = await requestDeletion();
    start(() => new Promise(() => {}), { deadlineMs: 50 });
    await vi.waitFor(
      async () => expect((await jobOf(jobId)).error).toBe('The cloud did not answer in time.'),
      10_000,
    );
    expect((await jobOf(jobId)).done_at).toBeNull();
  });

  test('is left alone in the cloud when somebody else has registered it since', async () => {
    const { image, jobId } = await requestDeletion();
    const other = await createTenant(database.db);
    const kept = await insertImage(database.db, other.account, {
      cloud_image_id: image.cloud_image_id,
    });
    start(() => expect.unreachable('the cloud was asked'));
    await whenDone(jobId);
    expect(await rowOf(image.id)).toMatchObject({ status: 'failed' });
    expect(await rowOf(kept.id)).toMatchObject({ status: 'active', deleted_at: null });
  });
});

describe('the loop', () => {
  test('asks the cloud once for each image, however many processes run it', async () => {
    const wanted = await Promise.all(Array.from({ length: 6 }, requestDeletion));
    const asked: string[] = [];
    for (let process = 0; process < 3; process++)
      start(async ({ cloudImageId }) => {
        asked.push(cloudImageId);
        await sleep(30);
        return 'deleted';
      });
    for (const { image } of wanted)
      await vi.waitFor(
        async () => expect((await rowOf(image.id)).deleted_at).not.toBeNull(),
        10_000,
      );
    expect(asked.sort()).toEqual(wanted.map(({ image }) => image.cloud_image_id).sort());
    for (const { image } of wanted) expect(await stepsOf(image.id)).toHaveLength(1);
  });

  test('takes over what a process had that was killed, and writes the end down once', async () => {
    const { image, jobId } = await requestDeletion();
    // The killed one got as far as deleting the machine image; then its lease ran out.
    const claim = { kinds: [cloudDeletionKind], limit: 1, perLane: 1, leaseMs: 60_000 };
    expect(await claimJobs(database.db, claim)).toMatchObject([{ id: jobId }]);
    const calls: string[] = [];
    start(async ({ token }) => {
      calls.push(token);
      return 'absent';
    });
    await sleep(200);
    expect(calls).toEqual([]);
    await makeDue(jobId);
    await whenDone(jobId);
    expect(calls).toEqual([jobId]);
    expect((await rowOf(image.id)).deleted_at).not.toBeNull();
    expect(await stepsOf(image.id)).toHaveLength(1);
  });

  test('two that finish the same deletion write it down once', async () => {
    const { image, jobId } = await requestDeletion();
    const gates: (() => void)[] = [];
    const slow: CloudImages['delete'] = () =>
      new Promise((resolve) => gates.push(() => resolve('deleted')));
    start(slow);
    await vi.waitFor(() => expect(gates).toHaveLength(1), 10_000);
    start(slow);
    await makeDue(jobId);
    await vi.waitFor(() => expect(gates).toHaveLength(2), 10_000);
    for (const open of gates) open();
    await whenDone(jobId);
    await sleep(200);
    expect(await stepsOf(image.id)).toHaveLength(1);
  });

  test('stops at once, and gives back what it was doing', async () => {
    const { jobId } = await requestDeletion();
    let asked = 0;
    const cloud = () => {
      asked++;
      return new Promise<never>(() => {});
    };
    // Neither the cloud nor the deadline ends the call: only stopping does.
    const loop = start(cloud, { deadlineMs: 2 ** 31 - 1 });
    await vi.waitFor(() => expect(asked).toBe(1), 10_000);
    await loop.stop();
    const job = await jobOf(jobId);
    expect(job).toMatchObject({ attempts: 0, done_at: null });
    expect(job.next_attempt_at.getTime()).toBeLessThanOrEqual(await databaseNow());
    start(async () => 'deleted');
    await whenDone(jobId);
  });
});

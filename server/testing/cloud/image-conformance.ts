import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import type { CloudImageRef, ImageCopy } from '../../cloud/images.ts';
import { makeFaulty } from './faulty-cloud.ts';
import { type Bench, inTime } from './subject.ts';

const forGood = { name: 'CloudError', willPass: false };

/** What every driver that handles images guarantees. */
export function describeImages(bench: Bench): void {
  describe('an image', () => {
    describeKept(bench);
    describeDeletions(bench);
  });
  if (bench.can('images.copy')) describeCopies(bench);
}

function describeKept(bench: Bench): void {
  const image: CloudImageRef = { ...bench.place, cloudImageId: bench.cloudImageId };
  const absent: CloudImageRef = { ...image, cloudImageId: bench.absentImageId };

  test.runIf(bench.can('images.find'))('is found where it is, and nothing elsewhere', async () => {
    const found = await bench.images().find(image, inTime());
    expect(found).toMatchObject({ ...image, isReady: true, isDeprecated: false });
    expect(await bench.images().find(absent, inTime())).toBeUndefined();
  });

  test('that is not there is absent, whatever is asked of it', async () => {
    const images = bench.images();
    const deprecation = { ...absent, isDeprecated: true };
    const deletion = { ...absent, token: randomUUID() };
    if (bench.can('images.deprecate'))
      expect(await images.deprecate(deprecation, inTime())).toBe('absent');
    if (bench.can('images.delete')) expect(await images.delete(deletion, inTime())).toBe('absent');
  });

  test.runIf(bench.can('images.deprecate', 'images.find'))(
    'is deprecated and restored, and each may be asked for twice',
    async () => {
      for (const isDeprecated of [true, true, false, false]) {
        const answer = await bench.images().deprecate({ ...image, isDeprecated }, inTime());
        expect(answer).toBe('done');
        expect(await bench.images().find(image, inTime())).toMatchObject({ isDeprecated });
      }
    },
  );
}

function describeDeletions(bench: Bench): void {
  test.runIf(bench.can('images.delete'))('is deleted once, and gone', async () => {
    const deletion = { ...(await expendable(bench)), token: randomUUID() };
    const answers = await Promise.all(
      Array.from({ length: bench.several }, () => bench.images().delete(deletion, inTime())),
    );
    expect(answers).toContain('deleted');
    expect(await bench.images().delete(deletion, inTime())).toBe('absent');
    if (bench.can('images.find'))
      expect(await bench.images().find(deletion, inTime())).toBeUndefined();
    const launch = bench.planLaunch({ cloudImageId: deletion.cloudImageId });
    await expect(bench.servers().launch(launch, inTime())).rejects.toMatchObject(forGood);
  });

  test.runIf(bench.can('images.delete'))('is gone, even when the answer was lost', async () => {
    const deletion = { ...(await expendable(bench)), token: randomUUID() };
    const behind = bench.images(makeFaulty(bench.connect(), ['done but not answered']));
    await expect(behind.delete(deletion, inTime())).rejects.toThrow('done but not answered');
    expect(await bench.images().delete(deletion, inTime())).toBe('absent');
  });
}

function describeCopies(bench: Bench): void {
  const planCopy = (cloudImageId = bench.cloudImageId): ImageCopy => ({
    cloudPlatform: bench.place.cloudPlatform,
    cloudLocation: bench.copyTo ?? '',
    token: randomUUID(),
    name: 'a copy',
    source: { cloudLocation: bench.place.cloudLocation, cloudImageId },
  });

  describe('a copy', () => {
    test('is made once, however often and at once it is asked for, and finished in the end', async () => {
      const copy = planCopy();
      const answers = await Promise.all(
        Array.from({ length: bench.several }, () => bench.images().copy(copy, inTime())),
      );
      const { cloudImageId } = await finish(bench, copy);
      expect(new Set(answers.map((answer) => answer.cloudImageId))).toEqual(
        new Set([cloudImageId]),
      );
      const { cloudPlatform, cloudLocation, name } = copy;
      const place = { cloudPlatform, cloudLocation, cloudImageId };
      if (bench.can('images.find'))
        expect(await bench.images().find(place, inTime())).toMatchObject({ name, isReady: true });
      expect((await finish(bench, planCopy())).cloudImageId).not.toBe(cloudImageId);
    });

    test('whose answer was lost is found again', async () => {
      const copy = planCopy();
      const behind = bench.images(makeFaulty(bench.connect(), ['done but not answered']));
      await expect(behind.copy(copy, inTime())).rejects.toThrow('done but not answered');
      const first = await bench.images().copy(copy, inTime());
      expect((await finish(bench, copy)).cloudImageId).toBe(first.cloudImageId);
    });

    test('of what is not there is refused for good', async () => {
      const copy = planCopy(bench.absentImageId);
      await expect(bench.images().copy(copy, inTime())).rejects.toMatchObject(forGood);
    });
  });
}

async function finish(bench: Bench, copy: ImageCopy): Promise<{ cloudImageId: string }> {
  const giveUpAt = Date.now() + bench.stepMs;
  for (;;) {
    const made = await bench.images().copy(copy, inTime());
    if (made.isFinished) return made;
    if (Date.now() > giveUpAt) throw new Error('The copy was not finished in time.');
    await sleep(bench.pollMs);
  }
}

async function expendable(bench: Bench): Promise<CloudImageRef> {
  const cloudImageId = await bench.makeExpendableImage?.();
  if (cloudImageId === undefined)
    throw new Error('A driver that deletes images needs makeExpendableImage.');
  return { ...bench.place, cloudImageId };
}

import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { type Bench, inTime } from './subject.ts';

/** What every driver that publishes pointers guarantees. */
export function describePointers(bench: Bench): void {
  describe('a pointer', () => {
    const pointerOf = () => ({ ...bench.place, name: `/slipway/test/${randomUUID()}` });

    test('stands for the image that it was last given, however often it is given', async () => {
      const pointer = pointerOf();
      const other = (await bench.makeExpendableImage?.()) ?? bench.cloudImageId;
      const put = (cloudImageId: string) =>
        bench.pointers().put({ ...pointer, cloudImageId, description: 'a test' }, inTime());
      await put(other);
      await put(bench.cloudImageId);
      await put(bench.cloudImageId);
      expect(await imagesOf(bench, pointer.name)).toEqual([bench.cloudImageId]);
      await bench.pointers().remove(pointer, inTime());
    });

    test('that is removed is gone, and removing it again is no error', async () => {
      const pointer = pointerOf();
      const { cloudImageId } = bench;
      await bench.pointers().put({ ...pointer, cloudImageId, description: 'a test' }, inTime());
      expect(await bench.pointers().remove(pointer, inTime())).toBe('removed');
      expect(await bench.pointers().remove(pointer, inTime())).toBe('absent');
      expect(await imagesOf(bench, pointer.name)).toEqual([]);
    });
  });
}

/** What the inventory says that a name stands for. */
async function imagesOf(bench: Bench, name: string): Promise<(string | undefined)[]> {
  const found: (string | undefined)[] = [];
  for await (const page of bench.inventory().scan(bench.place, inTime()))
    for (const fact of page)
      if (fact.kind === 'pointer' && fact.name === name) found.push(fact.cloudImageId);
  return found;
}

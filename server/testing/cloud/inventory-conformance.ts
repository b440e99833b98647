import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { CloudError, type CloudPlace } from '../../cloud/call.ts';
import type { InventoryFact } from '../../cloud/inventory.ts';
import { type Bench, inTime } from './subject.ts';

/** What every driver that reads what is there guarantees. */
export function describeInventory(bench: Bench): void {
  describe('an inventory', () => {
    describeLocations(bench);
    describeServersFound(bench);
    describeImagesFound(bench);
    describeWhole(bench);
  });
}

function describeLocations(bench: Bench): void {
  test('names each place that is reached once, and whose it is', async () => {
    const locations = await bench.inventory().locations(inTime());
    expect(locations).toContainEqual(expect.objectContaining(bench.place));
    const names = locations.map((place) => `${place.cloudPlatform} ${place.cloudLocation}`);
    expect(new Set(names).size).toBe(names.length);
    for (const { account } of locations) expect(account).not.toBe('');
  });

  test('of a place that is not there is refused, and the others are read all the same', async () => {
    const nowhere = { ...bench.place, cloudLocation: 'no-such-place' };
    await expect(scan(bench, nowhere)).rejects.toBeInstanceOf(CloudError);
    expect(await scan(bench)).not.toEqual([]);
  });
}

function describeServersFound(bench: Bench): void {
  test('has a server that runs, with its image, and no longer when it has ended', async () => {
    const server = await bench.startRunning();
    const { cloudServerId, cloudImageId } = server;
    const found = await scan(bench);
    const it = { kind: 'server', cloudServerId, cloudImageId, state: 'running' };
    expect(found.filter((fact) => isServer(fact, cloudServerId))).toMatchObject([it]);
    const { token = '' } = server;
    await bench.servers().terminate({ ...server, token, isForced: true }, inTime());
    await bench.waitFor(server, 'gone');
    const after = (await scan(bench)).filter((fact) => isServer(fact, cloudServerId));
    expect(after).toEqual([]);
  });

  test('has the tags that a server was launched with', async () => {
    const { cloudServerId } = await bench.startRunning({ tags: { farm: 'shop' } });
    const found = (await scan(bench)).filter((fact) => isServer(fact, cloudServerId));
    expect(found).toMatchObject([{ tags: { farm: 'shop' } }]);
  });
}

function describeImagesFound(bench: Bench): void {
  test.runIf(bench.can('images.delete'))('has an image as long as it is there', async () => {
    const cloudImageId = (await bench.makeExpendableImage?.()) ?? '';
    const has = async () =>
      (await scan(bench)).some(
        (fact) => fact.kind === 'image' && fact.cloudImageId === cloudImageId,
      );
    const image = { ...bench.place, cloudImageId };
    // The simulated cloud knows every id; what was ever asked of one is there.
    if (bench.can('images.deprecate'))
      await bench.images().deprecate({ ...image, isDeprecated: false }, inTime());
    expect(await has()).toBe(true);
    await bench.images().delete({ ...image, token: randomUUID() }, inTime());
    expect(await has()).toBe(false);
  });
}

function describeWhole(bench: Bench): void {
  test('names everything once', async () => {
    const keys = (await scan(bench)).map(keyOf);
    expect(keys.toSorted()).toEqual([...new Set(keys)].toSorted());
  });

  test('has every template and pointer that something refers to, or says that it was not read', async () => {
    const found = await scan(bench);
    const has = (kind: string, is: (fact: InventoryFact) => boolean) =>
      found.some(is) || found.some((fact) => fact.kind === 'unread' && fact.part === kind);
    for (const fact of found) {
      if (fact.kind === 'template' && fact.pointerName !== undefined)
        expect(
          has('pointers', (one) => one.kind === 'pointer' && one.name === fact.pointerName),
        ).toBe(true);
      for (const boot of fact.kind === 'group' ? fact.boots : [])
        if (boot.kind === 'template')
          expect(
            has('templates', (one) => one.kind === 'template' && isVersion(one, boot)),
            `${boot.templateId} ${boot.version}`,
          ).toBe(true);
    }
  });

  test('that is given up ends', async () => {
    const given = { signal: AbortSignal.abort() };
    await expect(collect(bench.inventory().scan(bench.place, given))).rejects.toThrow();
    await expect(bench.inventory().locations(given)).rejects.toThrow();
  });
}

function isVersion(
  template: Extract<InventoryFact, { kind: 'template' }>,
  { templateId, version }: { templateId: string; version: string },
): boolean {
  if (template.templateId !== templateId) return false;
  if (version === '$Latest') return template.isLatest;
  return version === '$Default' ? template.isDefault : template.version === version;
}

const scan = (bench: Bench, place: CloudPlace = bench.place) =>
  collect(bench.inventory().scan(place, inTime()));

async function collect(pages: AsyncIterable<readonly InventoryFact[]>): Promise<InventoryFact[]> {
  const facts: InventoryFact[] = [];
  for await (const page of pages) facts.push(...page);
  return facts;
}

function isServer(fact: InventoryFact, cloudServerId: string): boolean {
  return fact.kind === 'server' && fact.cloudServerId === cloudServerId;
}

function keyOf(fact: InventoryFact): string {
  switch (fact.kind) {
    case 'image':
      return `image ${fact.cloudImageId}`;
    case 'server':
      return `server ${fact.cloudServerId}`;
    case 'group':
      return `group ${fact.groupId}`;
    case 'template':
      return `template ${fact.templateId} ${fact.version}`;
    case 'pointer':
      return `pointer ${fact.name}`;
    case 'unread':
      return `unread ${fact.part}`;
  }
}

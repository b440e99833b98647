import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import type { CloudGroupMember, CloudRefresh, CloudRefreshWish } from '../../cloud/groups.ts';
import type { FoundTemplate, InventoryFact } from '../../cloud/inventory.ts';
import { type Bench, inTime, type TestGroup } from './subject.ts';

/** What every driver that moves groups guarantees. */
export function describeGroups(bench: Bench): void {
  describe('a group', () => {
    describeRefresh(bench);
    describeRefusal(bench);
    describeRepetition(bench);
    describeEnd(bench);
    describeMembers(bench);
  });
}

const servers = 4;

/** A group on one image, and what moves it to another. */
async function makeMove(
  bench: Bench,
  more: { follows?: '$Latest'; isPointed?: boolean } = {},
): Promise<{ group: TestGroup; old: string; wish: CloudRefreshWish }> {
  const { cloudImageId: old } = bench;
  const group = await bench.makeGroup?.({ cloudImageId: old, servers, ...more });
  const cloudImageId = await bench.makeExpendableImage?.();
  if (!group || cloudImageId === undefined) throw new Error('There is no group to move.');
  const wish = { ...bench.place, ...group, cloudImageId, token: randomUUID() };
  return { group, old, wish: { ...wish, minHealthyPercentage: 75, warmUpSeconds: 0 } };
}

async function begin(bench: Bench, wish: CloudRefreshWish): Promise<CloudRefresh> {
  const begun = await bench.groups().refresh(wish, inTime());
  if (typeof begun === 'string') throw new Error(`There was no refresh: ${begun}.`);
  return begun;
}

/** Waits until a refresh has ended, or `until` says so. */
async function followTo(
  bench: Bench,
  wish: CloudRefreshWish,
  { refreshId }: CloudRefresh,
  until: (refresh: CloudRefresh) => boolean = ({ state }) =>
    state !== 'underWay' && state !== 'ending',
): Promise<CloudRefresh> {
  for (const giveUpAt = Date.now() + bench.stepMs; ;) {
    const refresh = await bench.groups().follow({ ...wish, refreshId }, inTime());
    if (!refresh) throw new Error('The refresh is unknown.');
    if (until(refresh)) return refresh;
    if (Date.now() > giveUpAt) throw new Error(`The refresh is ${refresh.state} at the end.`);
    await sleep(bench.pollMs);
  }
}

async function membersOf(bench: Bench, { groupId }: TestGroup): Promise<CloudGroupMember[]> {
  const members = await bench.groups().members({ ...bench.place, groupId }, inTime());
  if (!members) throw new Error('The group is there.');
  return members;
}

const countOn = (members: readonly CloudGroupMember[], image: string) =>
  members.filter(({ cloudImageId }) => cloudImageId === image).length;

/** What the inventory says that a group would start now. */
async function imageStartedBy(bench: Bench, { groupId }: TestGroup): Promise<string | undefined> {
  const facts: InventoryFact[] = [];
  for await (const page of bench.inventory().scan(bench.place, inTime())) facts.push(...page);
  const group = facts.find((fact) => fact.kind === 'group' && fact.groupId === groupId);
  const [boot] = group?.kind === 'group' ? group.boots : [];
  if (boot?.kind !== 'template') return boot?.cloudImageId;
  const template = facts.find(
    (fact): fact is FoundTemplate =>
      fact.kind === 'template' &&
      fact.templateId === boot.templateId &&
      (boot.version === '$Latest' ? fact.isLatest : fact.version === boot.version),
  );
  if (template?.pointerName === undefined) return template?.cloudImageId;
  const pointer = facts.find(
    (fact) => fact.kind === 'pointer' && fact.name === template.pointerName,
  );
  return pointer?.kind === 'pointer' ? pointer.cloudImageId : undefined;
}

function describeRefresh(bench: Bench): void {
  test('moves to an image by a refresh, and starts its servers from that then', async () => {
    const { group, wish } = await makeMove(bench);
    const ended = await followTo(bench, wish, await begin(bench, wish));
    expect(ended).toMatchObject({ state: 'done', percentage: 100 });
    const members = await membersOf(bench, group);
    expect(countOn(members, wish.cloudImageId)).toBe(servers);
    expect(await imageStartedBy(bench, group)).toBe(wish.cloudImageId);
  });

  test('exchanges no more servers at once than it may', async () => {
    const { group, old, wish } = await makeMove(bench);
    const seen = new Set<number>();
    let refresh: CloudRefresh | undefined = await begin(bench, wish);
    while (refresh?.state === 'underWay') {
      const members = await membersOf(bench, group);
      expect(members.filter(({ isUp }) => isUp).length).toBeGreaterThanOrEqual(servers - 1);
      seen.add(countOn(members, old));
      refresh = await bench.groups().follow({ ...wish, ...refresh }, inTime());
    }
    seen.add(countOn(await membersOf(bench, group), old));
    expect([...seen]).toEqual([4, 3, 2, 1, 0]);
  });

  test('that follows $Latest is moved too, and names a number afterwards', async () => {
    const { group, wish } = await makeMove(bench, { follows: '$Latest' });
    await followTo(bench, wish, await begin(bench, wish));
    expect(countOn(await membersOf(bench, group), wish.cloudImageId)).toBe(servers);
    expect(await imageStartedBy(bench, group)).toBe(wish.cloudImageId);
  });

  test('that starts from a pointer is moved by moving the pointer', async () => {
    const { group, wish } = await makeMove(bench, { isPointed: true });
    await followTo(bench, wish, await begin(bench, wish));
    expect(countOn(await membersOf(bench, group), wish.cloudImageId)).toBe(servers);
    expect(await imageStartedBy(bench, group)).toBe(wish.cloudImageId);
  });
}

function describeRefusal(bench: Bench): void {
  test('that is not there is refused for good', async () => {
    const { wish } = await makeMove(bench);
    const nowhere = { ...wish, groupId: `no-${randomUUID()}` };
    await expect(begin(bench, nowhere)).rejects.toMatchObject({
      name: 'CloudError',
      willPass: false,
    });
    expect(await bench.groups().members(nowhere, inTime())).toBeUndefined();
  });

  test('whose image is not there stays as it is, and the cloud says why', async () => {
    const { group, old, wish } = await makeMove(bench);
    const absent = { ...wish, cloudImageId: bench.absentImageId };
    const ended = await followTo(bench, absent, await begin(bench, absent));
    expect(ended.state).toBe('failed');
    expect(ended.words).toContain(bench.absentImageId);
    expect(countOn(await membersOf(bench, group), old)).toBe(servers);
  });
}

function describeRepetition(bench: Bench): void {
  test('asked twice, is refreshed once', async () => {
    const { wish } = await makeMove(bench);
    const begun = await begin(bench, wish);
    expect((await begin(bench, wish)).refreshId).toBe(begun.refreshId);
    await followTo(bench, wish, begun);
  });

  test('asked again once it has moved, has nothing to exchange', async () => {
    for (const isPointed of [false, true]) {
      const { group, wish } = await makeMove(bench, { isPointed });
      await followTo(bench, wish, await begin(bench, wish));
      const before = await membersOf(bench, group);
      expect(await bench.groups().refresh(wish, inTime())).toBe('done');
      expect(await membersOf(bench, group)).toEqual(before);
    }
  });

  test('in the middle of another refresh is asked again later', async () => {
    const { old, wish } = await makeMove(bench);
    const begun = await begin(bench, wish);
    const other = { ...wish, cloudImageId: old, token: randomUUID() };
    await expect(begin(bench, other)).rejects.toMatchObject({ name: 'CloudError', willPass: true });
    await followTo(bench, wish, begun);
  });
}

function describeEnd(bench: Bench): void {
  test('whose refresh is cancelled keeps what was exchanged, and goes on when asked again', async () => {
    const { group, old, wish } = await makeMove(bench);
    const begun = await begin(bench, wish);
    await followTo(bench, wish, begun, ({ percentage }) => percentage > 0);
    expect(await bench.groups().cancel({ ...wish, ...begun }, inTime())).toBe('begun');
    const ended = await followTo(bench, wish, begun);
    expect(ended.state).toBe('cancelled');
    expect(await bench.groups().cancel({ ...wish, ...begun }, inTime())).toBe('over');
    const between = await membersOf(bench, group);
    expect(countOn(between, wish.cloudImageId)).toBeGreaterThan(0);
    expect(countOn(between, old)).toBeGreaterThan(0);
    await followTo(bench, wish, await begin(bench, wish));
    expect(countOn(await membersOf(bench, group), wish.cloudImageId)).toBe(servers);
  });

  test('whose refresh is rolled back runs what it ran before, and starts that', async () => {
    const { group, old, wish } = await makeMove(bench);
    const begun = await begin(bench, wish);
    await followTo(bench, wish, begun, ({ percentage }) => percentage > 0);
    expect(await bench.groups().rollBack({ ...wish, ...begun }, inTime())).toBe('begun');
    expect((await followTo(bench, wish, begun)).state).toBe('rolledBack');
    expect(countOn(await membersOf(bench, group), old)).toBe(servers);
    expect(await imageStartedBy(bench, group)).toBe(old);
  });

  test.each([
    { what: 'that followed $Latest', of: { follows: '$Latest' } as const },
    { what: 'whose pointer was moved', of: { isPointed: true } },
  ])('$what cannot be rolled back like this, and is moved back by a refresh', async ({ of }) => {
    const { group, old, wish } = await makeMove(bench, of);
    const begun = await begin(bench, wish);
    expect(await bench.groups().rollBack({ ...wish, ...begun }, inTime())).toBe('impossible');
    await bench.groups().cancel({ ...wish, ...begun }, inTime());
    await followTo(bench, wish, begun);
    const back = { ...wish, cloudImageId: old, token: randomUUID() };
    const again = await bench.groups().refresh(back, inTime());
    if (typeof again !== 'string') await followTo(bench, back, again);
    expect(countOn(await membersOf(bench, group), old)).toBe(servers);
    expect(await imageStartedBy(bench, group)).toBe(old);
  });

  test('has no refresh that it never had', async () => {
    const { wish } = await makeMove(bench);
    const unknown = { ...wish, refreshId: randomUUID() };
    expect(await bench.groups().follow(unknown, inTime())).toBeUndefined();
    expect(await bench.groups().cancel(unknown, inTime())).toBe('over');
    expect(await bench.groups().rollBack(unknown, inTime())).toBe('over');
  });
}

function describeMembers(bench: Bench): void {
  test('that is aimed at an image brings back a member on it, once that is ended', async () => {
    const { group, old, wish } = await makeMove(bench);
    await bench.groups().aim(wish, inTime());
    await bench.groups().aim(wish, inTime());
    expect(countOn(await membersOf(bench, group), old)).toBe(servers);
    const [first] = await membersOf(bench, group);
    const member = { ...wish, cloudServerId: first?.cloudServerId ?? '' };
    expect(await bench.groups().replaceMember(member, inTime())).toBe('begun');
    expect(await bench.groups().replaceMember(member, inTime())).toBe('absent');
    const isBack = async () => {
      const members = await membersOf(bench, group);
      const up = members.filter(({ isUp }) => isUp);
      return [up.length, countOn(up, wish.cloudImageId), countOn(up, old)];
    };
    const patience = { timeout: bench.stepMs, interval: bench.pollMs };
    await expect.poll(isBack, patience).toEqual([servers, 1, servers - 1]);
  });
}

import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import type { ActingRight } from '#contract/clouds/acting-rights.ts';
import type { CloudOf } from '../cloud/clouds.ts';
import { demandCapability } from '../cloud/port.ts';
import { checkInvariants } from '../database/invariants.ts';
import { clearFaults, setFault } from '../database/queries/simulated-cloud/faults.ts';
import { laneNameOf } from '../database/queries/records/outbox.ts';
import { makeSimulatedGroup } from '../testing/cloud/simulated-groups.ts';
import { attachNewCredentials } from '../testing/credentials.ts';
import { withDatabase } from '../testing/database.ts';
import { addToEstate, image, readAll, setEstate } from '../testing/estates.ts';
import { insertImage } from '../testing/factories.ts';
import { openPromptClouds } from '../testing/fleet.ts';
import { createTenant, type Tenant } from '../testing/harness.ts';
import { groupMoves } from './group-moves.ts';
import { startOutboxLoop } from './outbox-loop.ts';
import { rollOut } from './rollouts.ts';

// Rollouts of groups that something else runs: docs/domain.md, "Moving observed groups".

const database = withDatabase();
const patience = { timeout: 30_000, interval: 20 };

afterEach(async () => {
  await clearFaults(database.db, {});
  expect(await checkInvariants(database.db)).toEqual([]);
});

interface Wish {
  servers?: number;
  follows?: '$Latest';
  isPointed?: boolean;
  tags?: Record<string, string>;
  rights?: readonly ActingRight[];
  cloudPlatform?: 'ec2' | 'openstack';
  isReplaced?: boolean;
}

/** A group that was observed, on an image that is deprecated in favour of another. */
async function observedGroup({
  servers = 4,
  rights = ['changeGroups'],
  cloudPlatform = 'ec2',
  isReplaced = true,
  ...of
}: Wish = {}) {
  const { db } = database;
  const t = await createTenant(db);
  const cloud_location = 'eu-west-1';
  const at = { cloud_location, cloud_platform: cloudPlatform };
  const [oldImage, newImage] = [
    await insertImage(db, t.account, at),
    await insertImage(db, t.account, at),
  ];
  const credentials = await attachNewCredentials(
    db,
    t.account,
    t.environment,
    rights,
    cloudPlatform,
  );
  await setEstate(db, credentials, []);
  const estate = { account: credentials, cloudPlatform };
  const { groupId } = await makeSimulatedGroup(db, estate, cloud_location, {
    cloudImageId: oldImage.cloud_image_id,
    servers,
    ...of,
  });
  const images = [image(oldImage.cloud_image_id), image(newImage.cloud_image_id)];
  await addToEstate(db, credentials, cloud_location, images, cloudPlatform);
  await readAll(db);
  if (isReplaced) await deprecate(t, oldImage.id, newImage.id);
  const farms = await t.viewer.call('farmList', t.environment, { query: { observed: true } });
  const farm = farms.data.find(({ observed }) => observed?.name === groupId);
  if (!farm) throw new Error('The group was not observed.');
  const place = { cloudPlatform, cloudLocation: cloud_location, groupId };
  return { t, credentials, farmId: farm.id, place, old: oldImage, next: newImage };
}
type Observed = Awaited<ReturnType<typeof observedGroup>>;

async function deprecate(t: Tenant, imageId: string, replacement: string): Promise<void> {
  await t.accountAdmin.call('imageDeprecate', t.account, {
    params: { imageId },
    body: { replacement },
  });
}

/** What the group runs in its cloud, by image. */
async function countInCloud({ credentials, place }: Observed): Promise<Record<string, number>> {
  const cloud = await openPromptClouds(database.db)(laneNameOf(credentials));
  const groups = demandCapability(cloud, 'groups');
  const counts: Record<string, number> = {};
  const members = await groups.members(place, { signal: AbortSignal.timeout(10_000) });
  for (const { cloudImageId = '' } of members ?? [])
    counts[cloudImageId] = (counts[cloudImageId] ?? 0) + 1;
  return counts;
}

async function plan({ t, farmId }: Observed, more: object = {}) {
  const body = { farm: farmId, ...more };
  return (await t.accountAdmin.call('rolloutPlan', t.account, { body })).data;
}

async function start(observed: Observed, more: object = {}): Promise<string> {
  const { id } = await plan(observed, more);
  await act(observed, id, 'rolloutStart');
  return id;
}

type Act = 'rolloutStart' | 'rolloutPause' | 'rolloutResume' | 'rolloutCancel' | 'rolloutUndo';
async function act({ t }: Observed, rolloutId: string, verb: Act) {
  return (await t.accountAdmin.call(verb, t.account, { params: { rolloutId } })).data;
}

const detail = async ({ t }: Observed, rolloutId: string) =>
  (await t.viewer.call('rolloutGet', t.account, { params: { rolloutId } })).data;

/** All that goes on by itself, until something is so. */
async function work(until: () => Promise<boolean>, cloudOf?: CloudOf): Promise<void> {
  const errors: unknown[] = [];
  const onError = (error: unknown) => void errors.push(error);
  const kinds = [groupMoves(cloudOf ?? openPromptClouds(database.db), { againMs: 10 })];
  const loop = startOutboxLoop(database.db, kinds, { pollMs: 10, onError });
  for (const giveUpAt = Date.now() + patience.timeout; ;) {
    await rollOut(database.db, { onError });
    if (errors.length > 0 || (await until()) || Date.now() > giveUpAt) break;
    await sleep(patience.interval);
  }
  await loop.stop();
  if (errors.length > 0) throw errors[0];
  expect(await until()).toBe(true);
}

const isIn = (observed: Observed, id: string, state: string) => async () =>
  (await detail(observed, id)).state === state;

describe('a group whose image was replaced', () => {
  test('is planned with how it is moved, and to which image', async () => {
    const observed = await observedGroup({ follows: '$Latest' });
    const { old, next } = observed;
    const { plan: made } = await plan(observed);
    expect(made).toMatchObject({ allowed: true, counts: { servers: 4, stays: 0 } });
    expect(made?.groups).toMatchObject([
      {
        group: observed.place.groupId,
        servers: 4,
        way: 'template',
        from: { cloudImageId: old.cloud_image_id },
        to: { id: next.id, name: next.name, cloudImageId: next.cloud_image_id },
      },
    ]);
    expect(made?.groups[0]?.warnings.join()).toContain('names $Latest of its template now');
    expect(made?.notByThemselves).toEqual([]);
  });

  test('is moved to the image that takes its place, and read again at once', async () => {
    const observed = await observedGroup();
    const id = await start(observed);
    await work(isIn(observed, id, 'done'));
    expect(await countInCloud(observed)).toEqual({ [observed.next.cloud_image_id]: 4 });
    expect(await detail(observed, id)).toMatchObject({
      counts: { total: 4, moved: 4 },
      groups: [{ state: 'moved', percentage: 100 }],
    });
    await readAll(database.db);
    const { t, farmId } = observed;
    const input = { params: { farmId }, query: { include: ['usage'] } as never };
    const { data: farm } = await t.viewer.call('farmGet', t.environment, input);
    expect(farm.servers).toMatchObject({ live: 4, old: 0 });
  });

  test('is moved by its pointer where it starts from one, which is no drift', async () => {
    const tags = { 'aws:cloudformation:stack-name': 'shop' };
    const observed = await observedGroup({ isPointed: true, tags });
    const { plan: made } = await plan(observed);
    expect(made?.groups[0]).toMatchObject({ way: 'pointer', pointer: expect.any(String) });
    expect(made?.groups[0]?.warnings.join()).toContain('changes nothing of the group');
    const id = await start(observed);
    await work(isIn(observed, id, 'done'));
    expect(await countInCloud(observed)).toEqual({ [observed.next.cloud_image_id]: 4 });
  });

  test('is drift to Terraform where its template is changed, which is said before', async () => {
    const observed = await observedGroup({ tags: { ManagedBy: 'Terraform' } });
    const { plan: made } = await plan(observed);
    expect(made?.groups[0]?.warnings.join()).toContain('Terraform manages this group');
    expect(made?.groups[0]?.warnings.join()).toContain('drift');
  });

  test('is moved as a whole, whichever of its servers is chosen', async () => {
    const observed = await observedGroup();
    const { t, farmId } = observed;
    const { data } = await t.viewer.call('farmServerList', t.environment, { params: { farmId } });
    const body = { servers: [{ id: data[0]?.id ?? '' }] };
    const { data: planned } = await t.accountAdmin.call('rolloutPlan', t.account, { body });
    expect(planned.plan?.counts.servers).toBe(4);
  });
});

describe('a group is not moved', () => {
  test('where the right is off, and it is said who can turn it on, and where', async () => {
    const observed = await observedGroup({ rights: [] });
    const { plan: made } = await plan(observed);
    expect(made).toMatchObject({ allowed: false, groups: [], counts: { servers: 0, stays: 4 } });
    expect(made?.stays[0]?.why).toMatch(
      /do not let Slipway change groups of servers. An administrator can turn that on. That is done in "Clouds" of account "/,
    );
    const { id } = await plan(observed);
    await expect(act(observed, id, 'rolloutStart')).rejects.toMatchObject({
      code: 'UnacceptableState',
    });
  });

  test('where the right is turned off meanwhile: the rollout stops, and says so', async () => {
    const observed = await observedGroup();
    const id = await start(observed);
    await database.db
      .updateTable('cloud_credentials')
      .set({ rights: [] })
      .where('id', '=', observed.credentials)
      .execute();
    await work(isIn(observed, id, 'stopped'));
    expect((await detail(observed, id)).cloudWords).toContain('do not let Slipway change groups');
    expect(await countInCloud(observed)).toEqual({ [observed.old.cloud_image_id]: 4 });
    await act(observed, id, 'rolloutCancel');
  });

  test('where nothing takes the place of its image', async () => {
    const observed = await observedGroup({ isReplaced: false });
    const { t, old } = observed;
    await t.accountAdmin.call('imageDeprecate', t.account, {
      params: { imageId: old.id },
      body: {},
    });
    const { plan: made } = await plan(observed);
    expect(made?.stays[0]?.why).toContain('nothing is named that takes its place');
  });
});

describe('a rollout of a group', () => {
  const slow = (exchangeMs: number) => openPromptClouds(database.db, {}, { exchangeMs });

  /** Waits until some of its servers were exchanged, and not all. */
  async function startHalfway(observed: Observed, more: object = {}): Promise<string> {
    const id = await start(observed, { maxUnavailable: 1, ...more });
    const isHalfway = async () => (await detail(observed, id)).counts.moved > 0;
    await work(isHalfway, slow(300));
    return id;
  }

  test('that is paused exchanges no more, and goes on when it is resumed', async () => {
    const observed = await observedGroup();
    const id = await startHalfway(observed);
    await act(observed, id, 'rolloutPause');
    const waits = async () => (await detail(observed, id)).groups[0]?.state === 'waiting';
    await work(waits, slow(300));
    const between = await detail(observed, id);
    expect(between).toMatchObject({ state: 'paused', counts: { moving: 0 } });
    expect(between.counts.waiting).toBeGreaterThan(0);
    const counts = await countInCloud(observed);
    await sleep(700);
    expect(await countInCloud(observed)).toEqual(counts);
    await act(observed, id, 'rolloutResume');
    await work(isIn(observed, id, 'done'));
    expect(await countInCloud(observed)).toEqual({ [observed.next.cloud_image_id]: 4 });
  });

  test('that is cancelled leaves the rest as it is', async () => {
    const observed = await observedGroup();
    const id = await startHalfway(observed);
    await act(observed, id, 'rolloutCancel');
    const hasEnded = async () => (await detail(observed, id)).groups[0]?.state === 'ended';
    await work(hasEnded, slow(300));
    const { counts } = await detail(observed, id);
    expect(counts.moved).toBeGreaterThan(0);
    expect(counts.moved + counts.skipped).toBe(4);
  });

  test.each([
    { what: 'a template' },
    { what: '$Latest', follows: '$Latest' as const },
    { what: 'a pointer', isPointed: true },
  ])(
    'undone in the middle, brings back the image that ran before: $what',
    async ({ what: _what, ...of }) => {
      const observed = await observedGroup(of);
      const id = await startHalfway(observed);
      const back = await act(observed, id, 'rolloutUndo');
      expect(back).toMatchObject({ state: 'running', undoes: { id } });
      expect(await detail(observed, id)).toMatchObject({
        state: 'cancelled',
        groups: [{ state: 'ended' }],
      });
      await work(isIn(observed, back.id, 'done'), slow(300));
      expect(await countInCloud(observed)).toEqual({ [observed.old.cloud_image_id]: 4 });
    },
  );

  test('undone in the middle, has the cloud take back what is under way, which is no second refresh', async () => {
    const observed = await observedGroup();
    const id = await startHalfway(observed);
    const back = await act(observed, id, 'rolloutUndo');
    await work(isIn(observed, back.id, 'done'), slow(300));
    const refreshes = await database.db
      .selectFrom('simulated_estate')
      .where('account', '=', observed.credentials)
      .where('kind', '=', 'refresh')
      .select('fact')
      .execute();
    expect(refreshes.map(({ fact }) => (fact as { state: string }).state)).toEqual(['rolledBack']);
  });

  test('that has exchanged nothing yet is undone all the same: its pointer means the old image again', async () => {
    const observed = await observedGroup({ isPointed: true });
    const id = await start(observed);
    const begun = async () => (await detail(observed, id)).groups[0]?.refreshId != null;
    await work(begun, slow(3_600_000));
    expect(await pointersOf(observed)).toEqual([observed.next.cloud_image_id]);
    const back = await act(observed, id, 'rolloutUndo');
    await work(isIn(observed, back.id, 'done'));
    expect(await pointersOf(observed)).toEqual([observed.old.cloud_image_id]);
    expect(await countInCloud(observed)).toEqual({ [observed.old.cloud_image_id]: 4 });
  });

  /** What the pointers of its account mean. */
  async function pointersOf({ credentials }: Observed): Promise<string[]> {
    const rows = await database.db
      .selectFrom('simulated_estate')
      .where('account', '=', credentials)
      .where('kind', '=', 'pointer')
      .select('fact')
      .execute();
    return rows.map(({ fact }) => (fact as { cloudImageId: string }).cloudImageId);
  }

  test('undone at the end, brings back the image that ran before, and can be undone in turn', async () => {
    const observed = await observedGroup();
    const id = await start(observed);
    await work(isIn(observed, id, 'done'));
    await readAll(database.db);
    const back = await act(observed, id, 'rolloutUndo');
    await work(isIn(observed, back.id, 'done'));
    expect(await countInCloud(observed)).toEqual({ [observed.old.cloud_image_id]: 4 });
    const again = await act(observed, back.id, 'rolloutUndo');
    await work(isIn(observed, again.id, 'done'));
    expect(await countInCloud(observed)).toEqual({ [observed.next.cloud_image_id]: 4 });
  });

  test('stops with the words of the cloud when that gives up, and is tried again when resumed', async () => {
    const observed = await observedGroup();
    await setFault(database.db, {
      kind: 'failing-servers',
      cloud_platform: 'ec2',
      cloud_location: 'eu-west-1',
      probability: 1,
      seconds: 0,
    });
    const id = await start(observed);
    await work(isIn(observed, id, 'stopped'), slow(300));
    expect(await detail(observed, id)).toMatchObject({
      cloudWords: expect.stringContaining('new servers ended while they were starting'),
      groups: [{ state: 'failed' }],
      counts: { waiting: 4 },
    });
    await clearFaults(database.db, {});
    await act(observed, id, 'rolloutResume');
    await work(isIn(observed, id, 'done'));
    expect(await countInCloud(observed)).toEqual({ [observed.next.cloud_image_id]: 4 });
  });

  test('goes on after any death, on a cloud that comes and goes, and makes one version of the template', async () => {
    const observed = await observedGroup();
    await setFault(database.db, {
      kind: 'flapping',
      cloud_platform: 'ec2',
      cloud_location: 'eu-west-1',
      probability: 0.4,
      seconds: 0,
    });
    const id = await start(observed, { maxUnavailable: 1 });
    const isDone = isIn(observed, id, 'done');
    for (let death = 0; death < 200 && !(await isDone()); death++) await liveShortly(slow(30));
    expect(await isDone()).toBe(true);
    await clearFaults(database.db, {});
    expect(await countInCloud(observed)).toEqual({ [observed.next.cloud_image_id]: 4 });
    const versions = await database.db
      .selectFrom('simulated_estate')
      .where('account', '=', observed.credentials)
      .where('kind', '=', 'template')
      .select('id')
      .execute();
    expect(versions).toHaveLength(2);
  });

  /** A process that ends a moment later, and whose jobs are due again. */
  async function liveShortly(cloudOf: CloudOf): Promise<void> {
    const loop = startOutboxLoop(database.db, [groupMoves(cloudOf, { againMs: 5 })], { pollMs: 5 });
    await rollOut(database.db, { onError: () => undefined });
    await sleep(15 + Math.random() * 60);
    await loop.stop();
    await database.db
      .updateTable('outbox')
      .set({ next_attempt_at: new Date(0), leased_until: null })
      .where('kind', '=', 'group-move')
      .where('done_at', 'is', null)
      .execute();
  }
});

test('where the cloud exchanges nothing by itself, members are ended a batch at a time', async () => {
  const observed = await observedGroup({ cloudPlatform: 'openstack' });
  const { plan: made } = await plan(observed);
  expect(made?.groups[0]?.words).toContain('Slipway ends its servers');
  const id = await start(observed, { batchSize: 2, maxUnavailable: 1 });
  let fewest = 4;
  const isDone = async () => {
    const cloud = await openPromptClouds(database.db)(laneNameOf(observed.credentials));
    const groups = demandCapability(cloud, 'groups');
    const members = await groups.members(observed.place, { signal: AbortSignal.timeout(10_000) });
    fewest = Math.min(fewest, members?.filter(({ isUp }) => isUp).length ?? 0);
    return (await detail(observed, id)).state === 'done';
  };
  await work(isDone, openPromptClouds(database.db, {}, { exchangeMs: 80 }));
  expect(fewest).toBe(3);
  expect(await countInCloud(observed)).toEqual({ [observed.next.cloud_image_id]: 4 });
  expect((await detail(observed, id)).groups[0]).toMatchObject({ byMembers: true, state: 'moved' });
});

import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import type { OperationId } from '#contract/operations.ts';
import type { ScopeRef } from '#contract/scope.ts';
import { checkInvariants } from '../../database/invariants.ts';
import { withDatabase } from '../database.ts';
import { createEventfulFleet, type EventfulFleet, eventNames, happen } from './fleet-events.ts';
import { readFleet, Recount } from './fleet-recount.ts';
import { type CallInput, createTenant, type Tenant } from '../harness.ts';

// Random events of a fleet, one after the other: after each few, every count that a page shows equals a recount.

const full = process.env.SLIPWAY_TEST_FULL === '1';
const eventsPerRun = full ? 100 : 25;
const runs = full ? 100 : 12;

const database = withDatabase();
let fleet: EventfulFleet;
let t: Tenant;

beforeAll(async () => {
  t = await createTenant(database.db);
  fleet = await createEventfulFleet(database.db, t);
});

/** All rows of a list, whatever its pages. */
async function list<Row>(
  id: OperationId,
  at: ScopeRef,
  query: object = {},
  params: object = {},
): Promise<Row[]> {
  const rows: Row[] = [];
  let cursor: string | null = 'start';
  while (cursor !== null) {
    const input = { params, query: { ...query, cursor } } as CallInput<'farmRoleList'>;
    const answer = await t.corporateAdmin.call(id as 'farmRoleList', at, input);
    rows.push(...(answer.data as Row[]));
    cursor = answer.page?.kind === 'cursor' ? answer.page.next : null;
  }
  return rows;
}

/** What a list says of each of its rows. */
async function said<Row extends { id: unknown }, Value>(
  rows: Promise<Row[]>,
  of: (row: Row) => Value,
): Promise<Record<string, Value>> {
  return Object.fromEntries((await rows).map((row) => [String(row.id), of(row)]));
}

type Counted = { id: unknown; servers: number };
type Used = { id: number; usage: unknown };

async function expectCounts(at: ScopeRef): Promise<void> {
  const tables = await readFleet(database.db);
  const recount = new Recount(tables, at);
  const { data: totals } = await t.corporateAdmin.call('usageTotals', at);
  expect(totals).toEqual(recount.totals());
  type Row = { id: string; servers: { old: number; live: number } };
  const rows = said(list<Row>('usageList', at), ({ servers }) => servers);
  expect(await rows).toEqual(recount.rows());
  for (const by of ['farm', 'owner', 'image'] as const) {
    const groups = said(list<Counted>('usageGroupList', at, { by }), ({ servers }) => servers);
    expect(await groups).toEqual(recount.groups(`${by}Id`));
  }
  await expectFarms(at, recount);
  await expectCatalogue(at, recount, tables);
  await expectRollouts(at, recount);
}

async function expectFarms(at: ScopeRef, recount: Recount): Promise<void> {
  type Farm = { id: number; servers: { live: number; old: number } };
  const farms = await list<Farm>('farmList', at, { include: 'usage' });
  expect(await said(Promise.resolve(farms), ({ servers }) => servers)).toEqual(
    Object.fromEntries(
      farms.map(({ id }) => [
        id,
        {
          live: recount.live(({ farmId }) => farmId === id).length,
          old: recount.old(({ farmId }) => farmId === id).length,
        },
      ]),
    ),
  );
  const { data } = await t.corporateAdmin.call('scopeGet', at, { query: { include: 'counts' } });
  expect(data.counts).toMatchObject({
    farms: recount.farms(),
    farmsOnOldImages: new Set(recount.old().map(({ farmId }) => farmId)).size,
  });
  expect(farms).toHaveLength(recount.farms());
  const onOld = await list('serverList', at, { onOldImage: true });
  expect(onOld).toHaveLength(recount.old().length);
}

async function expectCatalogue(
  at: ScopeRef,
  recount: Recount,
  { images }: Awaited<ReturnType<typeof readFleet>>,
): Promise<void> {
  const usage = { include: 'usage' };
  for (const image of await list<{ id: string; usage: unknown }>('imageList', at, usage)) {
    const { oldServers: _old, ...counted } = recount.imageUse(new Set([image.id]));
    expect(image.usage).toEqual(counted);
  }
  for (const set of await list<Used>('imageSetList', at, usage)) {
    const ids = images.filter(({ set_id }) => set_id === set.id).map(({ id }) => id);
    expect(set.usage).toEqual(recount.imageUse(new Set(ids)));
  }
  for (const role of await list<Used>('roleList', at, usage))
    expect(role.usage).toEqual(recount.roleUse(role.id));
}

async function expectRollouts(at: ScopeRef, recount: Recount): Promise<void> {
  type Rollout = { id: string; counts: object };
  for (const { id, counts } of await list<Rollout>('rolloutList', at))
    expect(counts).toEqual(recount.moves(id));
}

test(`after ${runs * eventsPerRun} random events every count of the fleet equals a recount`, async () => {
  const event = fc.maxSafeNat();
  const someEvents = fc.array(event, { minLength: eventsPerRun, maxLength: eventsPerRun });
  // What happened before is part of how it fails: it is played again from its seed, and not shrunk.
  await fc.assert(
    fc.asyncProperty(someEvents, async (numbers) => {
      for (const number of numbers) await happen(fleet, number);
      for (const at of [t.corporate, t.account, t.environment, t.otherEnvironment])
        await expectCounts(at);
      expect(await checkInvariants(database.db)).toEqual([]);
    }),
    { numRuns: runs, endOnFailure: true },
  );
  const done = eventNames.filter((name) => (fleet.happened.get(name)?.done ?? 0) > 0);
  // Of each kind some were not refused, unless it is rare.
  expect(done.length).toBeGreaterThan(eventNames.length - 4);
});

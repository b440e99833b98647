import { sql } from 'kysely';
import { expect, test } from 'vitest';
import type { BurnDownQuery } from '#contract/farms/burn-down.ts';
import { addressOf } from '../../auth/authorise.ts';
import { countBurnDown, keepBurnDown } from '../../database/queries/farms/burn-down-points.ts';
import { perform } from '../../perform.ts';
import { withDatabase } from '../../testing/database.ts';
import {
  insertFarm,
  insertImage,
  insertOldServers,
  insertRole,
  insertServers,
} from '../../testing/factories.ts';
import { createTenant, type Tenant } from '../../testing/harness.ts';

const database = withDatabase();

async function burnDown(t: Tenant, query: Partial<BurnDownQuery> = {}) {
  return (await t.viewer.call('usageBurnDown', t.account, { query })).data;
}

/** Ends so many servers of a farm role on one image, or of all its images. */
async function end(farmRoleId: number, count: number) {
  await sql`UPDATE servers SET status = 'terminated', terminated_at = now() WHERE id IN (
    SELECT id FROM servers WHERE farm_role_id = ${farmRoleId} AND status = 'running' LIMIT ${count})`.execute(
    database.db,
  );
}

/** Moves all that was counted so far into the past, as if so much time had gone by since. */
async function age(interval: string) {
  await sql`WITH moved AS (DELETE FROM burn_down_points RETURNING *)
    INSERT INTO burn_down_points SELECT series_id, change, at - ${interval}::interval FROM moved`.execute(
    database.db,
  );
  await sql`UPDATE burn_down_state SET counted_at = counted_at - ${interval}::interval,
    hourly_until = hourly_until - ${interval}::interval, daily_until = daily_until - ${interval}::interval`.execute(
    database.db,
  );
}

/** What usage counts under the filters that both have: the recount that a point is held against. */
async function recount(t: Tenant, query: Partial<BurnDownQuery>) {
  return (await t.viewer.call('usageTotals', t.account, { query })).data.servers;
}

/** Numbers that look random and are the same each time. */
function dice(seed: number) {
  let state = seed;
  return (sides: number) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * sides);
  };
}

/** Three farms with old servers of two owners in two environments and two places. */
async function createFleet(t: Tenant) {
  const farms = [
    await insertOldServers(database.db, t.environment, { count: 3 }),
    await insertOldServers(database.db, t.environment, { count: 2 }),
    await insertOldServers(database.db, t.otherEnvironment, { count: 4 }),
  ];
  const image = await insertImage(database.db, t.account, { cloud_location: 'eu-west-1' });
  const role = await insertRole(database.db, t.account, [image.id]);
  const place = { cloudLocation: 'eu-west-1' };
  const fresh = await insertFarm(database.db, t.otherEnvironment, role.id, place);
  await insertServers(database.db, fresh.farmRoleId, image.id, 3);
  return { farms, fresh, image, role };
}

test('after any events, every point equals the recount of its moment, whatever is filtered, and stays so when old', async () => {
  const t = await createTenant(database.db);
  const { farms, image } = await createFleet(t);
  const owners = await database.db
    .selectFrom('farms')
    .select(['id', 'owner_id'])
    .where('account_id', '=', t.account.accountId)
    .orderBy('id')
    .execute();
  const filters: Partial<BurnDownQuery>[] = [
    {},
    { environment: t.environment.environmentId },
    { farm: farms[2]?.farmId },
    { image: farms[0]?.oldImageId },
    { why: 'deprecated' },
    { cloudLocation: 'eu-west-1' },
    { owner: owners[0]?.owner_id },
  ];
  const roll = dice(7);
  const recounts: Map<string, number[]> = new Map();
  const act = [
    async () => end(farms[roll(3)]?.farmRoleId ?? 0, 1 + roll(2)),
    async () => {
      const { farmRoleId, oldImageId } = farms[roll(3)] ??
        farms[0] ?? { farmRoleId: 0, oldImageId: '' };
      await insertServers(database.db, farmRoleId, oldImageId, 1 + roll(3));
    },
    async () =>
      sql`UPDATE images SET deprecated_at = CASE WHEN deprecated_at IS NULL THEN now() END,
      deprecated_by = 'test@example.com' WHERE id = ${image.id}`.execute(database.db),
    async () =>
      sql`UPDATE farms SET owner_id = ${owners[roll(2)]?.owner_id ?? 0} WHERE id = ${farms[roll(3)]?.farmId}`.execute(
        database.db,
      ),
  ];
  for (let step = 0; step < 60; step++) {
    await act[roll(act.length)]?.();
    await countBurnDown(database.db);
    const { rows } = await sql<{ at: Date }>`SELECT counted_at AS at FROM burn_down_state`.execute(
      database.db,
    );
    const counts = [];
    for (const query of filters) counts.push(await recount(t, query));
    recounts.set(rows[0]?.at.toISOString() ?? '', counts);
    // So that hours and days pass.
    const passed = [60, 900, 7_200, 350_000][roll(4)] ?? 60;
    await age(`${passed} seconds`);
    for (const [at, known] of Array.from(recounts)) {
      recounts.delete(at);
      recounts.set(new Date(Date.parse(at) - passed * 1_000).toISOString(), known);
    }
  }
  const check = async () => {
    let held = 0;
    for (const [n, query] of filters.entries()) {
      const { points } = await burnDown(t, query);
      for (const { at, servers } of points.slice(0, -1)) {
        expect([at, servers]).toEqual([at, recounts.get(at)?.[n]]);
        held++;
      }
      expect(points.at(-1)?.servers).toBe(await recount(t, query));
    }
    return held;
  };
  const moments = async () => {
    const { rows } = await sql`SELECT DISTINCT at FROM burn_down_points`.execute(database.db);
    return rows.length;
  };
  expect(await check()).toBeGreaterThan(60);
  const all = await moments();
  await keepBurnDown(database.db);
  expect(await check()).toBeGreaterThan(30);
  expect(await moments()).toBeLessThan(all);
  const kept = await moments();
  await keepBurnDown(database.db);
  expect(await moments()).toBe(kept);
});

test('two that count at once write each change once, and what is under way is counted when it is there', async () => {
  const t = await createTenant(database.db);
  const farm = await insertOldServers(database.db, t.environment, { count: 5 });
  const open = await database.db.startTransaction().execute();
  await sql`UPDATE servers SET status = 'terminated' WHERE farm_role_id = ${farm.farmRoleId} AND server_index = 1`.execute(
    open,
  );
  await Promise.all([countBurnDown(database.db), countBurnDown(database.db)]);
  const series = () =>
    sql<{
      servers: number;
    }>`SELECT servers FROM burn_down_series WHERE farm_role_id = ${farm.farmRoleId}`.execute(
      database.db,
    );
  expect((await series()).rows).toEqual([{ servers: 5 }]);
  await open.commit().execute();
  await countBurnDown(database.db);
  expect((await series()).rows).toEqual([{ servers: 4 }]);
  expect(await countBurnDown(database.db)).toBe(0);
});

test('what is older than 400 days is one moment, and what had nothing left by then is gone', async () => {
  const t = await createTenant(database.db);
  const [gone, stays] = [
    await insertOldServers(database.db, t.environment, { count: 2 }),
    await insertOldServers(database.db, t.environment, { count: 4 }),
  ];
  await countBurnDown(database.db);
  await age('2 days');
  await end(gone.farmRoleId, 2);
  await end(stays.farmRoleId, 1);
  await countBurnDown(database.db);
  await age('401 days');
  await keepBurnDown(database.db);
  await end(stays.farmRoleId, 1);
  await countBurnDown(database.db);
  await keepBurnDown(database.db);
  const { rows } = await sql<{ farm_role_id: number; changes: number[] }>`
    SELECT farm_role_id, array_agg(change ORDER BY at) AS changes FROM burn_down_series s
    JOIN burn_down_points p ON p.series_id = s.id
    WHERE farm_role_id IN (${gone.farmRoleId}, ${stays.farmRoleId}) GROUP BY 1`.execute(
    database.db,
  );
  expect(rows).toEqual([{ farm_role_id: stays.farmRoleId, changes: [3, -1] }]);
});

test.each(['account', 'environment', 'farm', 'owner', 'place'] as const)(
  'split by %s, the lines add up to the points',
  async (split) => {
    const t = await createTenant(database.db);
    const { farms } = await createFleet(t);
    await countBurnDown(database.db);
    await age('3 days');
    await end(farms[0]?.farmRoleId ?? 0, 2);
    await countBurnDown(database.db);
    await age('1 day');
    const { points, lines } = await burnDown(t, { split });
    expect(points.map(({ servers }) => servers)).toEqual([9, 7, 7]);
    expect(lines).toHaveLength({ account: 1, environment: 2, farm: 3, owner: 3, place: 1 }[split]);
    for (const [n, { servers }] of points.entries())
      expect(lines.reduce((sum, line) => sum + (line.servers[n] ?? 0), 0)).toBe(servers);
    expect(
      lines.every(({ id, name }) => id !== null && name !== '' && !name.endsWith('gone')),
    ).toBe(true);
  },
);

test('of many lines eight are told apart, and the rest is one', async () => {
  const t = await createTenant(database.db);
  for (let count = 1; count <= 10; count++)
    await insertOldServers(database.db, t.environment, { count });
  await countBurnDown(database.db);
  const { lines } = await burnDown(t, { split: 'farm' });
  expect(lines.map(({ servers }) => servers.at(-1))).toEqual([10, 9, 8, 7, 6, 5, 4, 3, 3]);
  expect(lines.at(-1)).toMatchObject({ id: null, name: 'All others' });
});

test('a time has the points in it and the last one before, and ends where it is told to', async () => {
  const t = await createTenant(database.db);
  const farm = await insertOldServers(database.db, t.environment, { count: 6 });
  for (const ended of [0, 1, 2, 1]) {
    if (ended > 0) await end(farm.farmRoleId, ended);
    await countBurnDown(database.db);
    await age('10 days');
  }
  const day = (ago: number) => new Date(Date.now() - ago * 86_400_000).toISOString();
  const counts = async (query: Partial<BurnDownQuery>) =>
    (await burnDown(t, query)).points.map(({ servers }) => servers);
  expect(await counts({})).toEqual([6, 5, 3, 2, 2]);
  expect(await counts({ from: day(25) })).toEqual([5, 3, 2, 2]);
  expect(await counts({ from: day(35), to: day(15) })).toEqual([6, 5, 3]);
  expect((await burnDown(t, { to: day(15) })).servers).toBe(2);
  await expect(burnDown(t, { from: day(1), to: day(2) })).rejects.toMatchObject({
    code: 'InvalidValue',
    details: { field: 'from' },
  });
});

test('a farm does not move when it has had no fewer for a week', async () => {
  const t = await createTenant(database.db);
  const [moving, still] = [
    await insertOldServers(database.db, t.environment, { count: 6 }),
    await insertOldServers(database.db, t.environment, { count: 2 }),
  ];
  await countBurnDown(database.db);
  await age('8 days');
  await end(moving.farmRoleId, 1);
  const young = await insertOldServers(database.db, t.environment, { count: 9 });
  await countBurnDown(database.db);
  const found = (await burnDown(t)).still;
  expect(found).toMatchObject({ farms: 1, servers: 2, items: [{ id: still.farmId, servers: 2 }] });
  expect((await burnDown(t, { farm: young.farmId })).still).toEqual({
    farms: 0,
    servers: 0,
    items: [],
  });
});

test('a replacement has its own burn-down, of the roles that it changed, and a small one in the list', async () => {
  const t = await createTenant(database.db);
  const [old, current] = [
    await insertImage(database.db, t.account),
    await insertImage(database.db, t.account),
  ];
  const roles = [
    await insertRole(database.db, t.account, [old.id]),
    await insertRole(database.db, t.environment, [old.id]),
  ];
  const farms = [];
  for (const role of roles) {
    const farm = await insertFarm(database.db, t.environment, role.id);
    await insertServers(database.db, farm.farmRoleId, old.id, 4);
    farms.push(farm);
  }
  const { meta } = await t.accountAdmin.call('imageReplace', t.account, {
    params: { imageId: old.id },
    body: { newImage: { id: current.id }, scope: ['account'], deprecateOldImage: true },
  });
  const id = meta?.replacement?.id ?? '';
  await countBurnDown(database.db);
  await end(farms[0]?.farmRoleId ?? 0, 3);
  const counts = async (query: Partial<BurnDownQuery>) =>
    (await burnDown(t, query)).points.map(({ servers }) => servers);
  expect(await counts({ replacement: id })).toEqual([4, 1]);
  expect(await counts({ image: old.id })).toEqual([8, 5]);
  const { data } = await t.viewer.call('replacementList', t.account, {
    query: { include: 'burnDown' },
  });
  expect(data[0]).toMatchObject({ id, burnDown: [{ servers: 4 }, { servers: 1 }] });
  const plain = await t.viewer.call('replacementList', t.account);
  expect(plain.data[0]).not.toHaveProperty('burnDown');
});

test('the CSV has the same points, and no cell that starts a formula', async () => {
  const t = await createTenant(database.db);
  const farm = await insertOldServers(database.db, t.environment, { count: 3 });
  await database.db
    .updateTable('farms')
    .set({ name: '=1+1' })
    .where('id', '=', farm.farmId)
    .execute();
  await countBurnDown(database.db);
  const read = async (query: Partial<BurnDownQuery>) => {
    const lines: (readonly (string | number | null)[])[] = [];
    await perform(database.db, {
      operation: 'usageBurnDownExport',
      caller: { kind: 'system', name: 'system:test' },
      address: addressOf(t.account),
      input: { params: {}, query, body: undefined },
      consume: async (rows) => {
        for await (const row of rows) lines.push(row);
      },
    });
    return lines;
  };
  const { points } = await burnDown(t);
  expect(await read({})).toEqual([
    ['At (UTC)', 'Servers on old images'],
    [points[0]?.at, 3],
    [expect.any(String), 3],
  ]);
  expect(await read({ split: 'farm' })).toEqual([
    ['At (UTC)', 'Farm', 'Farm id', 'Servers on old images'],
    [points[0]?.at, "'=1+1", String(farm.farmId), 3],
    [expect.any(String), "'=1+1", String(farm.farmId), 3],
  ]);
});

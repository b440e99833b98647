import { beforeAll, expect, test } from 'vitest';
import type { OperationId } from '#contract/operations.ts';
import type { ScopeRef } from '#contract/scope.ts';
import { loadEstate } from '../database/estate/load.ts';
import { withDatabase } from '../testing/database.ts';
import { type CallInput, type Client, createClient } from '../testing/harness.ts';

// Each count that a page shows, and the list that its link leads to: the list holds what was counted.

const database = withDatabase();
let client: Client;
const scopes: [string, ScopeRef][] = [['Corporate', { scope: 'scalr' }]];

beforeAll(async () => {
  const { db } = database;
  await loadEstate(db, { size: 's', now: new Date('2026-11-22T12:00:00Z') });
  client = await createClient(db, 'viewer', { scope: 'scalr' });
  const accounts = await db.selectFrom('accounts').select('id').orderBy('id').execute();
  for (const { id } of accounts) {
    const account = { scope: 'account', accountId: id } as const;
    const { id: environmentId } = await db
      .selectFrom('environments')
      .where('account_id', '=', id)
      .where('name', 'ilike', '%prod%')
      .select('id')
      .executeTakeFirstOrThrow();
    scopes.push([`account ${id}`, account]);
    scopes.push([
      `environment ${environmentId}`,
      { ...account, scope: 'environment', environmentId },
    ]);
  }
});

/** All rows of a list, whatever its pages. */
async function list<Row = unknown>(
  id: OperationId,
  at: ScopeRef,
  query: Record<string, unknown> = {},
): Promise<Row[]> {
  const rows: Row[] = [];
  let cursor: string | null = 'start';
  while (cursor !== null) {
    const input = { query: { ...query, cursor } } as CallInput<'imageList'>;
    const answer = await client.call(id as 'imageList', at, input);
    rows.push(...(answer.data as Row[]));
    cursor = answer.page?.kind === 'cursor' ? answer.page.next : null;
  }
  return rows;
}

const sizeOf = async (id: OperationId, at: ScopeRef, query: Record<string, unknown>) =>
  (await list(id, at, query)).length;

/** The counted objects of a list; the busiest come first, since the rest has little to count. */
async function busiest<Row extends { id: unknown }>(
  id: OperationId,
  at: ScopeRef,
  weigh: (row: Row) => number,
): Promise<Row[]> {
  const rows = await list<Row>(id, at, { include: 'usage' });
  return rows.toSorted((one, two) => weigh(two) - weigh(one)).slice(0, 12);
}

async function atEachScope(check: (at: ScopeRef) => Promise<void>): Promise<void> {
  expect(scopes.length).toBeGreaterThan(6);
  for (const [, at] of scopes) await check(at);
}

test('the roles, farms and servers of an image', async () => {
  let counted = 0;
  await atEachScope(async (at) => {
    type Row = {
      id: string;
      name: string;
      usage: { roles: number; farms: number; servers: number };
    };
    const images = await busiest<Row>('imageList', at, ({ usage }) => usage.servers + usage.roles);
    for (const { id, name, usage } of images) {
      const held = {
        roles: await sizeOf('roleList', at, { usageOf: id }),
        farms: await sizeOf('farmList', at, { image: id }),
        servers: await sizeOf('serverList', at, { image: id, live: true }),
      };
      expect(held, `${name} at ${at.scope}`).toEqual(usage);
      const { data } = await client.call('imageUsage', at, { params: { imageId: id } });
      const { roles, farms, servers } = data;
      expect([roles.total, farms.total, servers.total]).toEqual(Object.values(held));
      counted += farms.items.filter((farm) => farm.servers === 0).length;
    }
  });
  // Some farms would start an image that none of their servers runs yet.
  expect(counted).toBeGreaterThan(0);
});

test('the roles, farms and servers of a set, and those on old images', async () => {
  let counted = 0;
  await atEachScope(async (at) => {
    type Usage = { roles: number; farms: number; servers: number; oldServers: number };
    type Row = { id: number; name: string; images: { total: number }; usage: Usage };
    const weigh = ({ usage }: Row) => usage.servers + usage.roles;
    for (const { id, name, images, usage } of await busiest<Row>('imageSetList', at, weigh)) {
      expect(await sizeOf('imageList', at, { set: id })).toBe(images.total);
      const rows = await list<{ servers: { old: number } }>('usageList', at, { imageSet: id });
      expect(rows.reduce((sum, { servers }) => sum + servers.old, 0)).toBe(usage.oldServers);
      expect(
        {
          roles: await sizeOf('roleList', at, { usageOfSet: id }),
          farms: await sizeOf('farmList', at, { imageSet: id }),
          servers: await sizeOf('serverList', at, { imageSet: id, live: true }),
          oldServers: await sizeOf('serverList', at, { imageSet: id, onOldImage: true }),
        },
        `${name} at ${at.scope}`,
      ).toEqual(usage);
      counted += usage.oldServers;
    }
  });
  expect(counted).toBeGreaterThan(0);
});

test('the farms and servers of a role, and those on old images', async () => {
  await atEachScope(async (at) => {
    type Row = { id: number; usage: { farms: number; servers: number; oldServers: number } };
    for (const { id, usage } of await busiest<Row>('roleList', at, (row) => row.usage.servers)) {
      const rows = await list<{ servers: { old: number } }>('usageList', at, { role: id });
      expect(rows.reduce((sum, { servers }) => sum + servers.old, 0)).toBe(usage.oldServers);
      expect({
        farms: await sizeOf('farmList', at, { role: id }),
        servers: await sizeOf('serverList', at, { role: id, live: true }),
        oldServers: await sizeOf('serverList', at, { role: id, onOldImage: true }),
      }).toEqual(usage);
    }
  });
});

test('the servers of a farm, and those on old images', async () => {
  await atEachScope(async (at) => {
    type Row = { id: number; servers: { live: number; old: number } };
    for (const { id, servers } of await busiest<Row>('farmList', at, (row) => row.servers.live)) {
      const rows = await list<{ servers: { old: number } }>('usageList', at, { farm: id });
      expect(rows.reduce((sum, row) => sum + row.servers.old, 0)).toBe(servers.old);
      expect({
        live: await sizeOf('serverList', at, { farm: id, live: true }),
        old: await sizeOf('serverList', at, { farm: id, onOldImage: true }),
      }).toEqual(servers);
    }
  });
});

test('the totals and groups of usage', async () => {
  await atEachScope(async (at) => {
    const { data: totals } = await client.call('usageTotals', at);
    const rows = await list<{ servers: { old: number } }>('usageList', at);
    const groups = {
      farm: await list<Group>('usageGroupList', at, { by: 'farm' }),
      owner: await list<Group>('usageGroupList', at, { by: 'owner' }),
      image: await list<Group>('usageGroupList', at, { by: 'image' }),
    };
    expect(groups.farm).toHaveLength(totals.farms);
    expect(groups.owner).toHaveLength(totals.owners);
    expect(groups.image).toHaveLength(totals.images);
    expect(rows.reduce((sum, row) => sum + row.servers.old, 0)).toBe(totals.servers);
    expect(await sizeOf('serverList', at, { live: true })).toBe(totals.liveServers);
    for (const [by, all] of Object.entries(groups))
      for (const group of all.slice(0, 5)) {
        const behind = await list<{ servers: { old: number } }>('usageList', at, {
          [by]: group.id,
        });
        expect(behind.reduce((sum, row) => sum + row.servers.old, 0)).toBe(group.servers);
      }
  });
});
type Group = { id: string; servers: number };

test('what the navigation counts', async () => {
  await atEachScope(async (at) => {
    const { data } = await client.call('scopeGet', at, { query: { include: 'counts' } });
    expect(data.counts).toMatchObject({
      images: await sizeOf('imageList', at, {}),
      imageSets: await sizeOf('imageSetList', at, {}),
      roles: await sizeOf('roleList', at, {}),
      farms: await sizeOf('farmList', at, {}),
      farmsOnOldImages: await sizeOf('farmList', at, { onOldImages: true }),
    });
  });
});

import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import type { ServerStatus } from '#contract/farms/statuses.ts';
import { withDatabase } from '../../testing/database.ts';
import { insertFarm, insertImage, insertRole, insertServers } from '../../testing/factories.ts';
import { type CallInput, createTenant, type Tenant } from '../../testing/harness.ts';

const database = withDatabase();

/** A farm role with one server on an old image, one on the role's, one terminated, one waiting. */
async function fleet(t: Tenant) {
  const { db } = database;
  const old = await insertImage(db, t.account);
  const current = await insertImage(db, t.account);
  const role = await insertRole(db, t.account, [current.id]);
  const farm = await insertFarm(db, t.environment, role.id);
  const launch = async (imageId: string, status: ServerStatus, day: number) => {
    const [id] = await insertServers(db, farm.farmRoleId, imageId, 1, status);
    await db
      .updateTable('servers')
      .set({
        launched_at: `2026-01-0${day}T00:00:00Z`,
        ...(status === 'pending_launch' && { image_id: null }),
      })
      .where('id', '=', id ?? '')
      .execute();
    return id ?? '';
  };
  const stale = await launch(old.id, 'running', 2);
  const fresh = await launch(current.id, 'running', 1);
  const ended = await launch(old.id, 'terminated', 4);
  const waiting = await launch(old.id, 'pending_launch', 3);
  return { old, current, role, farm, stale, fresh, ended, waiting };
}

test('a server shows what it was started from and what its role would start now', async () => {
  const t = await createTenant(database.db);
  const { old, current, farm, stale } = await fleet(t);
  await database.db
    .updateTable('servers')
    .set({ public_ip: '203.0.113.5', private_ip: '10.0.0.5' })
    .where('id', '=', stale)
    .execute();
  const { data } = await t.viewer.call('serverGet', t.environment, { params: { serverId: stale } });
  expect(data).toMatchObject({
    id: stale,
    farm: { id: farm.farmId },
    farmRole: { id: farm.farmRoleId },
    image: { id: old.id, cloudImageId: old.cloud_image_id, deprecated: false },
    roleImage: { id: current.id },
    stale: true,
    publicIp: ['203.0.113.5'],
    privateIp: ['10.0.0.5'],
  });
});

test('a server on the cloud image that its role has is not stale, whichever registration that is', async () => {
  const t = await createTenant(database.db);
  const { current, farm } = await fleet(t);
  const { cloud_image_id } = current;
  const twin = await insertImage(database.db, t.environment, { cloud_image_id });
  const [serverId = ''] = await insertServers(database.db, farm.farmRoleId, twin.id, 1);
  const { data } = await t.viewer.call('serverGet', t.environment, { params: { serverId } });
  expect(data).toMatchObject({
    image: { id: twin.id },
    roleImage: { id: current.id },
    stale: false,
  });
});

test('servers come in the order of their launch, the ended ones too; only live ones are stale', async () => {
  const t = await createTenant(database.db);
  const { stale, fresh, ended, waiting } = await fleet(t);
  const { data } = await t.viewer.call('serverList', t.account);
  expect(data.map((row) => [row.id, row.stale])).toEqual([
    [fresh, false],
    [stale, true],
    [waiting, false],
    [ended, false],
  ]);
  expect(data[2]?.image).toBeNull();
  const latest = await t.viewer.call('serverList', t.account, {
    query: { sort: '-launched', cursor: 'start', maxResults: 3 },
  });
  expect(latest.data.map((row) => row.id)).toEqual([ended, waiting, stale]);
  const next = latest.page?.kind === 'cursor' ? (latest.page.next ?? '') : '';
  const rest = await t.viewer.call('serverList', t.account, {
    query: { sort: '-launched', cursor: next, maxResults: 3 },
  });
  expect(rest.data.map((row) => row.id)).toEqual([fresh]);
});

test('each filter of servers leaves the servers that it names', async () => {
  const t = await createTenant(database.db);
  const { old, current, role, farm, stale, fresh, ended, waiting } = await fleet(t);
  await database.db
    .updateTable('servers')
    .set({ hostname: 'web_1%', cloud_server_id: 'i-unique' })
    .where('id', '=', fresh)
    .execute();
  const all = [fresh, stale, waiting, ended];
  const cases: [NonNullable<CallInput<'serverList'>['query']>, string[]][] = [
    [{ query: 'WEB_1' }, [fresh]],
    [{ query: '_' }, [fresh]],
    [{ query: 'unique' }, [fresh]],
    [{ id: stale }, [stale]],
    [{ status: 'terminated' }, [ended]],
    [{ cloudPlatform: 'ec2' }, all],
    [{ cloudPlatform: 'azure' }, []],
    [{ cloudLocation: 'us-east-1' }, all],
    [{ cloudLocation: 'us-east' }, []],
    [{ cloudServerId: 'i-unique' }, [fresh]],
    [{ cloudServerId: 'unique' }, []],
    [{ farm: farm.farmId }, all],
    [{ farm: farm.farmId + 100_000 }, []],
    [{ farmRole: farm.farmRoleId }, all],
    [{ role: role.id }, all],
    [{ role: role.id + 100_000 }, []],
    [{ image: old.id }, [stale, ended]],
    [{ image: current.id }, [fresh]],
    [{ onOldImage: true }, [stale]],
    [{ onOldImage: false }, [fresh, waiting, ended]],
  ];
  for (const [query, expected] of cases) {
    const found = await t.viewer.call('serverList', t.account, { query });
    expect(
      found.data.map((row) => row.id),
      JSON.stringify(query),
    ).toEqual(expected);
  }
});

test('a server on a deprecated image that its role still has is on an old image, but not stale', async () => {
  const t = await createTenant(database.db);
  const { current, fresh, stale } = await fleet(t);
  await database.db
    .updateTable('images')
    .set({ deprecated_at: new Date(), deprecated_by: 'test@example.com' })
    .where('id', '=', current.id)
    .execute();
  const { data } = await t.viewer.call('serverList', t.account, { query: { onOldImage: true } });
  expect(data.map((row) => [row.id, row.stale, row.image?.deprecated])).toEqual([
    [fresh, false, true],
    [stale, true, false],
  ]);
});

test('a server outside the scope does not exist there', async () => {
  const t = await createTenant(database.db);
  const other = await createTenant(database.db);
  const { stale } = await fleet(t);
  for (const [who, at, serverId] of [
    [t.viewer, t.otherEnvironment, stale],
    [other.viewer, other.account, stale],
    [t.viewer, t.account, randomUUID()],
  ] as const) {
    await expect(who.call('serverGet', at, { params: { serverId } })).rejects.toMatchObject({
      code: 'ObjectNotFound',
    });
  }
  expect((await other.viewer.call('serverList', other.account)).data).toEqual([]);
  const { data } = await t.corporateAdmin.call('serverGet', t.corporate, {
    params: { serverId: stale.toUpperCase() },
  });
  expect(data.id).toBe(stale);
});

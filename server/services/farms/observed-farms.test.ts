import { afterEach, expect, test } from 'vitest';
import type { Farm } from '#contract/farms/farms.ts';
import type { EstateFact } from '../../cloud/simulated/invented-estate.ts';
import { checkInvariants } from '../../database/invariants.ts';
import { group, image, observe, server, template } from '../../testing/estates.ts';
import { withDatabase } from '../../testing/database.ts';
import { createTenant, type Tenant } from '../../testing/harness.ts';

const database = withDatabase();

afterEach(async () => {
  expect(await checkInvariants(database.db)).toEqual([]);
});

const estate: EstateFact[] = [
  image('ami-1'),
  template('ami-1'),
  group('shop-web'),
  server('i-1', 'ami-1', 'shop-web'),
];

async function farmsOf(t: Tenant, query: object = { observed: 'true' }): Promise<Farm[]> {
  const input = { query: { include: ['usage', 'actions'], sort: 'name', ...query } as never };
  return (await t.viewer.call('farmList', t.environment, input)).data;
}

async function serversOf(t: Tenant, farm: number) {
  const input = { params: { farmId: farm }, query: { include: ['actions'] } as never };
  return (await t.viewer.call('farmServerList', t.environment, input)).data;
}

async function farmRolesOf(t: Tenant, farm: number) {
  const input = { params: { farmId: farm }, query: { include: ['usage', 'actions'] } as never };
  return (await t.viewer.call('farmRoleList', t.environment, input)).data;
}

test('nothing can be done with observed farms, their roles and servers, and verdicts say so', async () => {
  const t = await createTenant(database.db);
  await observe(database.db, t, estate);
  const at = t.environment;
  const [farm] = await farmsOf(t);
  const params = { farmId: farm?.id ?? 0 };
  const [farmRole] = await farmRolesOf(t, params.farmId);
  const [one] = await serversOf(t, params.farmId);
  const refusal = { code: 'UnacceptableState', message: expect.stringContaining('observed') };
  const admin = t.environmentAdmin;
  const farmCalls = {
    update: () => admin.call('farmUpdate', at, { params, body: { description: 'x' } }),
    addRole: () =>
      admin.call('farmRoleCreate', at, { params, body: { alias: 'aa', role: { id: 1 } } as never }),
    launch: () => admin.call('farmLaunch', at, { params }),
    suspend: () => admin.call('farmSuspend', at, { params }),
    resume: () => admin.call('farmResume', at, { params }),
    terminate: () => admin.call('farmTerminate', at, { params, body: {} }),
    lock: () => admin.call('farmLock', at, { params, body: {} }),
    unlock: () => admin.call('farmUnlock', at, { params, body: {} }),
    clone: () => admin.call('farmClone', at, { params, body: { name: 'copy' } }),
    delete: () => admin.call('farmDelete', at, { params }),
  };
  const farmRoleParams = { farmRoleId: farmRole?.id ?? 0 };
  const farmRoleCalls = {
    update: () =>
      admin.call('farmRoleUpdate', at, { params: farmRoleParams, body: { alias: 'other' } }),
    launchServer: () => admin.call('farmRoleServerLaunch', at, { params: farmRoleParams }),
    clone: () =>
      admin.call('farmRoleClone', at, { params: farmRoleParams, body: { name: 'copy' } }),
    delete: () => admin.call('farmRoleDelete', at, { params: farmRoleParams }),
  };
  const serverParams = { serverId: one?.id ?? '' };
  const serverCalls = {
    update: () =>
      admin.call('serverUpdate', at, { params: serverParams, body: { hostname: 'other' } }),
    reboot: () => admin.call('serverReboot', at, { params: serverParams, body: {} }),
    suspend: () => admin.call('serverSuspend', at, { params: serverParams }),
    resume: () => admin.call('serverResume', at, { params: serverParams }),
    terminate: () => admin.call('serverTerminate', at, { params: serverParams, body: {} }),
    terminateAndLower: () =>
      admin.call('serverTerminate', at, { params: serverParams, body: { lowerMinimum: true } }),
  };
  const refused = async (
    calls: Record<string, () => Promise<unknown>>,
    actions: object | undefined,
  ) => {
    for (const [name, call] of Object.entries(calls)) {
      await expect(call(), name).rejects.toMatchObject(refusal);
      const verdict = (actions as Record<string, object>)[name];
      expect(verdict, name).toMatchObject({ allowed: false });
    }
  };
  await refused(
    farmCalls,
    (await admin.call('farmGet', at, { params, query: { include: ['actions'] } as never })).data
      .actions,
  );
  await refused(
    farmRoleCalls,
    (
      await admin.call('farmRoleGet', at, {
        params: farmRoleParams,
        query: { include: ['actions'] } as never,
      })
    ).data.actions,
  );
  await refused(
    serverCalls,
    (
      await admin.call('serverGet', at, {
        params: serverParams,
        query: { include: ['actions'] } as never,
      })
    ).data.actions,
  );
});

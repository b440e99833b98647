import { beforeAll, describe, expect, test } from 'vitest';
import { withDatabase } from '../../testing/database.ts';
import { type Client, createClient, createTenant, type Tenant } from '../../testing/harness.ts';

// A database of its own: here the administrators of Corporate are counted.
const database = withDatabase();
let t: Tenant;
/** The other administrator of Corporate. */
let second: Client;

beforeAll(async () => {
  t = await createTenant(database.db);
  second = await createClient(database.db, 'administrator', t.corporate);
});

async function idOf({ email }: Client): Promise<number> {
  const users = database.db.selectFrom('users').where('email', '=', email).select('id');
  return (await users.executeTakeFirstOrThrow()).id;
}

const countChiefs = async () => {
  const active = await database.db
    .selectFrom('held_grants as g')
    .innerJoin('users as u', 'u.id', 'g.user_id')
    .where('u.status', '=', 'active')
    .where('g.scope', '=', 'scalr')
    .where('g.role', '=', 'administrator')
    .select('u.id')
    .execute();
  return active.length;
};

async function grantOf(client: Client): Promise<number> {
  const userId = await idOf(client);
  const grants = database.db.selectFrom('grants').where('user_id', '=', userId).select('id');
  return (await grants.executeTakeFirstOrThrow()).id;
}

const settled = async (calls: Promise<unknown>[]) =>
  (await Promise.allSettled(calls)).map(({ status }) => status).toSorted();
const oneOfTwo = ['fulfilled', 'rejected'];

describe('the last administrator of Corporate', () => {
  test('stays when two suspend each other at once', async () => {
    const suspend = async (by: Client, whom: Client) =>
      by.call('userSuspend', t.corporate, { params: { userId: await idOf(whom) } });
    expect(
      await settled([suspend(t.corporateAdmin, second), suspend(second, t.corporateAdmin)]),
    ).toEqual(oneOfTwo);
    expect(await countChiefs()).toBe(1);
    await database.db.updateTable('users').set({ status: 'active', suspended_at: null }).execute();
  });

  test('stays when two take their own rights away at once', async () => {
    const demote = async (who: Client) =>
      who.call('grantDelete', t.corporate, { params: { grantId: await grantOf(who) } });
    expect(await settled([demote(t.corporateAdmin), demote(second)])).toEqual(oneOfTwo);
    expect(await countChiefs()).toBe(1);
    const [left] = (await countGrants(t.corporateAdmin)) > 0 ? [t.corporateAdmin] : [second];
    await expect(demote(left)).rejects.toMatchObject({ code: 'UnacceptableState' });
    const back = left === second ? t.corporateAdmin : second;
    const body = { role: 'administrator', user: await idOf(back) } as const;
    await left.call('grantCreate', t.corporate, { body });
  });

  test('stays in the team by which they are one', async () => {
    const { data: team } = await second.call('teamCreate', t.corporate, {
      body: { name: 'Chiefs' },
    });
    const params = { teamId: team.id };
    const user = await idOf(t.corporateAdmin);
    await second.call('teamMemberAdd', t.corporate, { params, body: { user } });
    const body = { role: 'administrator', team: team.id } as const;
    await second.call('grantCreate', t.corporate, { body });
    for (const who of [t.corporateAdmin, second])
      await t.corporateAdmin.call('grantDelete', t.corporate, {
        params: { grantId: await grantOf(who) },
      });
    const tries = [
      t.corporateAdmin.call('teamDelete', t.corporate, { params }),
      t.corporateAdmin.call('teamMemberRemove', t.corporate, {
        params: { ...params, userId: user },
      }),
    ];
    expect(await settled(tries)).toEqual(['rejected', 'rejected']);
    expect(await countChiefs()).toBe(1);
  });
});

async function countGrants(client: Client): Promise<number> {
  const userId = await idOf(client);
  const rows = await database.db
    .selectFrom('grants')
    .where('user_id', '=', userId)
    .select('id')
    .execute();
  return rows.length;
}

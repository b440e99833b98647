import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ScopeRef } from '#contract/scope.ts';
import { createSession, hashToken } from '../../auth/sessions.ts';
import { buildTestApp, openBrowser } from '../../testing/app.ts';
import { withDatabase } from '../../testing/database.ts';
import { openEventStream } from '../../testing/event-stream.ts';
import { insertFarm, insertImage, insertRole } from '../../testing/factories.ts';
import {
  type Client,
  createClient,
  createTenant,
  randomName,
  type Tenant,
} from '../../testing/harness.ts';
import { createKey, sendSigned } from '../../testing/signed-client.ts';

const database = withDatabase();
let t: Tenant;
let app: FastifyInstance;

beforeAll(async () => {
  t = await createTenant(database.db);
  app = buildTestApp(database.db, { env: { allowedHosts: ['127.0.0.1', 'localhost'] } });
});
afterAll(() => app.close());

async function idOf({ email }: Pick<Client, 'email'>): Promise<number> {
  const users = database.db.selectFrom('users').where('email', '=', email).select('id');
  return (await users.executeTakeFirstOrThrow()).id;
}
const paramsOf = async (client: Client) => ({ params: { userId: await idOf(client) } });
const refused = (code: string, message?: string) =>
  expect.objectContaining({ code, ...(message && { message: expect.stringContaining(message) }) });
const mail = () => `${randomName('ann')}@example.com`;
const newMember = () => createClient(database.db, 'viewer', t.account);

async function createTeam(at: ScopeRef, by: Client, ...members: Client[]): Promise<number> {
  const { data } = await by.call('teamCreate', at, { body: { name: randomName('Team') } });
  for (const member of members)
    await by.call('teamMemberAdd', at, {
      params: { teamId: data.id },
      body: { user: await idOf(member) },
    });
  return data.id;
}

async function createRole(): Promise<{ id: number }> {
  const image = await insertImage(database.db, t.environment);
  return insertRole(database.db, t.environment, [image.id]);
}

describe('a right', () => {
  const category = () => ({ body: { name: randomName('shelf') } });

  test('of a team is its members right with the next request, and until the member is taken out', async () => {
    const member = await newMember();
    const team = await createTeam(t.account, t.accountAdmin, member);
    const work = () => member.call('roleCategoryCreate', t.environment, category());
    await expect(work()).rejects.toEqual(refused('PermissionViolation'));
    const body = { role: 'publisher', team } as const;
    const grant = await t.accountAdmin.call('grantCreate', t.account, { body });
    await expect(work()).resolves.toMatchObject({ data: { id: expect.any(Number) } });
    const access = await t.accountAdmin.call('accessList', t.environment, {
      query: { user: await idOf(member), permission: 'promote' },
    });
    expect(access.data).toMatchObject([
      { role: 'publisher', team: { id: team }, scope: 'account' },
    ]);
    const params = { teamId: team, userId: await idOf(member) };
    await t.accountAdmin.call('teamMemberRemove', t.account, { params });
    await expect(work()).rejects.toEqual(refused('PermissionViolation'));
    await t.accountAdmin.call('grantDelete', t.account, { params: { grantId: grant.data.id } });
  });

  test('is given and taken at the administrator’s scope and below it, not above and not sideways', async () => {
    const member = await newMember();
    const user = await idOf(member);
    const give = (by: Client, at: ScopeRef) =>
      by.call('grantCreate', at, { body: { role: 'operator', user } });
    const given = await give(t.accountAdmin, t.environment);
    const corporate = await give(t.corporateAdmin, t.corporate);
    await expect(give(t.accountAdmin, t.corporate)).rejects.toEqual(refused('PermissionViolation'));
    await expect(give(t.environmentAdmin, t.account)).rejects.toEqual(refused('ObjectNotFound'));
    await expect(give(t.environmentAdmin, t.otherEnvironment)).rejects.toEqual(
      refused('ObjectNotFound'),
    );
    await expect(give(member, t.environment)).rejects.toEqual(refused('PermissionViolation'));
    const take = (by: Client, at: ScopeRef, grantId: number) =>
      by.call('grantDelete', at, { params: { grantId } });
    await expect(take(t.accountAdmin, t.account, corporate.data.id)).rejects.toEqual(
      refused('ObjectNotFound'),
    );
    await take(t.accountAdmin, t.account, given.data.id);
    await take(t.corporateAdmin, t.corporate, corporate.data.id);
  });

  test('is not given twice, nor to nobody, nor to a team above its own scope', async () => {
    const team = await createTeam(t.environment, t.environmentAdmin);
    const give = (at: ScopeRef, body: object) =>
      t.corporateAdmin.call('grantCreate', at, { body: { role: 'viewer', ...body } });
    await give(t.environment, { team });
    await expect(give(t.environment, { team })).rejects.toEqual(refused('UnicityViolation'));
    await expect(give(t.account, { team })).rejects.toEqual(refused('ScopeViolation'));
    await expect(give(t.account, {})).rejects.toEqual(refused('InvalidValue'));
  });

  test('that is missing is named with who can give it', async () => {
    const { data } = await t.viewer.call('abilityGet', t.environment);
    const by = new Map(data.map((one) => [one.permission, one]));
    expect(by.get('view')).toMatchObject({
      allowed: true,
      through: [{ role: 'viewer', scope: 'account', team: null }],
      ask: [],
    });
    expect(by.get('promote')).toMatchObject({ allowed: false, through: [] });
    const asked = by.get('promote')?.ask.map(({ email }) => email);
    expect(asked?.slice(0, 2)).toEqual([t.environmentAdmin.email, t.accountAdmin.email]);
  });
});

describe('who is seen', () => {
  test('from an account are those who hold rights there, above it and below it', async () => {
    const other = await createTenant(database.db);
    const { data } = await t.accountAdmin.call('userList', t.account, {
      query: { maxResults: '100' },
    });
    const emails = data.map(({ email }) => email);
    for (const seen of [t.corporateAdmin, t.accountAdmin, t.environmentAdmin, t.viewer])
      expect(emails).toContain(seen.email);
    expect(emails).not.toContain(other.viewer.email);
    await expect(
      t.accountAdmin.call('userGet', t.account, await paramsOf(other.viewer)),
    ).rejects.toEqual(refused('ObjectNotFound'));
  });
});

describe('an invitation', () => {
  const invite = (at: ScopeRef, email: string, by = t.accountAdmin) =>
    by.call('userInvite', at, { body: { email, role: 'operator' } });

  test('makes a user with a role, and a link that signs them in once', async () => {
    const email = mail();
    const { data } = await invite(t.account, email.toUpperCase());
    expect(data).toMatchObject({ user: { email, status: 'active', joined: null } });
    const again = await t.accountAdmin.call('userInviteAgain', t.account, {
      params: { userId: data.user.id },
    });
    const token = new URL(again.data.link.url).hash.replace('#token=', '');
    const signIn = () =>
      app.inject({
        method: 'POST',
        url: '/api/v1beta0/self/session/',
        headers: { origin: 'http://localhost' },
        payload: { token },
      });
    expect((await signIn()).statusCode).toBe(201);
    expect((await signIn()).statusCode).toBe(401);
    const params = { userId: data.user.id };
    const { data: user } = await t.accountAdmin.call('userGet', t.account, {
      params,
      query: { include: 'actions' },
    });
    expect(user).toMatchObject({ sessions: 1, actions: { invite: { allowed: false } } });
    expect(user.joined).not.toBeNull();
    await expect(t.accountAdmin.call('userInviteAgain', t.account, { params })).rejects.toEqual(
      refused('UnacceptableState'),
    );
  });

  test('of somebody who is there gives the role, and nobody a link to be them', async () => {
    const other = await createTenant(database.db);
    const { data } = await invite(t.account, other.viewer.email);
    expect(data.link).toBeNull();
    expect(data.grant).toMatchObject({ role: 'operator', accountId: t.account.accountId });
    await expect(invite(t.account, other.viewer.email)).rejects.toEqual(
      refused('UnicityViolation'),
    );
  });
});

describe('suspending a user', () => {
  test('ends their sessions, links, streams and keys until they are restored', async () => {
    const user = await newMember();
    const at = await paramsOf(user);
    const key = await createKey(database.db, user.email);
    const { token } = await createSession(database.db, at.params.userId);
    await app.listen({ host: '127.0.0.1', port: 0 });
    const address = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
    const stream = await openEventStream(address, token);
    const use = async () => (await sendSigned(app, key, { path: '/self/session/' })).statusCode;
    expect(await use()).toBe(200);
    await t.accountAdmin.call('userSuspend', t.account, at);
    expect(await use()).toBe(401);
    await expect.poll(() => stream.hasEnded(), { timeout: 5_000 }).toBe(true);
    const kept = database.db.selectFrom('sessions').where('token_hash', '=', hashToken(token));
    expect(await kept.selectAll().execute()).toEqual([]);
    await expect(createSession(database.db, at.params.userId)).rejects.toThrow();
    await expect(t.accountAdmin.call('userSuspend', t.account, at)).rejects.toEqual(
      refused('UnacceptableState'),
    );
    await t.accountAdmin.call('userRestore', t.account, at);
    expect(await use()).toBe(200);
  });

  test('is not for who reaches less than all that the user holds, nor for oneself', async () => {
    const suspend = async (by: Client, at: ScopeRef, whom: Client) =>
      by.call('userSuspend', at, await paramsOf(whom));
    await expect(suspend(t.accountAdmin, t.account, t.corporateAdmin)).rejects.toEqual(
      refused('PermissionViolation', 'outside of this account'),
    );
    await expect(suspend(t.environmentAdmin, t.environment, t.viewer)).rejects.toEqual(
      refused('PermissionViolation'),
    );
    await expect(suspend(t.accountAdmin, t.account, t.accountAdmin)).rejects.toEqual(
      refused('UnacceptableState', 'yourself'),
    );
  });

  test('is weaker than ending sessions and disabling a key, which leave the user in', async () => {
    const user = await newMember();
    const at = await paramsOf(user);
    const browser = await openBrowser(app, database.db, user.email);
    const key = await createKey(database.db, user.email);
    const isIn = async () => (await browser.send('GET', '/self/session/')).statusCode;
    expect(await isIn()).toBe(200);
    await t.accountAdmin.call('userEndSessions', t.account, at);
    expect(await isIn()).toBe(401);
    const params = { keyId: key.id };
    const { data } = await t.accountAdmin.call('userKeyDisable', t.account, { params });
    expect(data.active).toBe(false);
    expect((await sendSigned(app, key, { path: '/self/session/' })).statusCode).toBe(401);
    expect(await openBrowser(app, database.db, user.email)).toBeDefined();
  });
});

describe('a user who leaves', () => {
  test('hands over their farms, and keeps nothing', async () => {
    const [user, heir, stranger] = [
      await newMember(),
      await newMember(),
      (await createTenant(database.db)).viewer,
    ];
    const ownerId = await idOf(user);
    const role = await createRole();
    const { farmId } = await insertFarm(database.db, t.environment, role.id, { ownerId });
    await createTeam(t.account, t.accountAdmin, user);
    await createKey(database.db, user.email);
    const remove = (newOwner?: number) =>
      t.accountAdmin.call('userRemove', t.account, {
        params: { userId: ownerId },
        body: newOwner === undefined ? {} : { newOwner },
      });
    await expect(remove()).rejects.toEqual(refused('InvalidValue', 'owns a farm'));
    await expect(remove(ownerId)).rejects.toEqual(refused('InvalidValue'));
    await expect(remove(await idOf(stranger))).rejects.toEqual(refused('InvalidValue'));
    const { requestId } = await remove(await idOf(heir));
    const { data: farm } = await t.viewer.call('farmGet', t.environment, { params: { farmId } });
    expect(farm.owner.email).toBe(heir.email);
    const { data: done } = await t.accountAdmin.call('operationGet', t.account, {
      params: { operationId: requestId },
    });
    expect(done.changes.map(({ kind }) => kind).toSorted()).toEqual(
      ['user', 'farm', 'grant', 'teamMember', 'apiKey'].toSorted(),
    );
    const body = { email: user.email, role: 'viewer' } as const;
    await expect(t.accountAdmin.call('userInvite', t.account, { body })).rejects.toEqual(
      refused('PermissionViolation'),
    );
    const { data } = await t.corporateAdmin.call('userInvite', t.account, { body });
    expect(data.user).toMatchObject({ id: ownerId, status: 'active' });
    expect(data.link).not.toBeNull();
  });
});

describe('the owner of a farm', () => {
  test('acts on it with the right to view alone, and on no other farm', async () => {
    const owner = await newMember();
    const role = await createRole();
    const ownerId = await idOf(owner);
    const own = await insertFarm(database.db, t.environment, role.id, { ownerId });
    const other = await insertFarm(database.db, t.environment, role.id);
    const lock = (farmId: number) =>
      owner.call('farmLock', t.environment, { params: { farmId }, body: {} });
    const rename = (farmRoleId: number) =>
      owner.call('farmRoleUpdate', t.environment, {
        params: { farmRoleId },
        body: { alias: randomName('web') },
      });
    await rename(own.farmRoleId);
    await expect(rename(other.farmRoleId)).rejects.toEqual(refused('PermissionViolation'));
    await lock(own.farmId);
    await expect(lock(other.farmId)).rejects.toEqual(refused('PermissionViolation'));
    const clone = { params: { farmId: own.farmId }, body: { name: randomName('copy') } };
    await expect(owner.call('farmClone', t.environment, clone)).rejects.toEqual(
      refused('PermissionViolation'),
    );
    const { data } = await owner.call('farmGet', t.environment, {
      params: { farmId: own.farmId },
      query: { include: 'actions' },
    });
    expect(data.actions).toMatchObject({ unlock: { allowed: true }, clone: { allowed: false } });
    const grants = database.db.deleteFrom('grants').where('user_id', '=', ownerId);
    await grants.execute();
    await expect(lock(own.farmId)).rejects.toEqual(refused('ObjectNotFound'));
  });
});

describe('a team', () => {
  test('has one name and one group at its scope, and takes its rights along when it goes', async () => {
    const make = (body: { name: string; externalGroup?: string }) =>
      t.accountAdmin.call('teamCreate', t.account, { body });
    const [name, group] = [randomName('Release'), randomName('group')];
    const { data: team } = await make({ name, externalGroup: group });
    await expect(make({ name: name.toUpperCase() })).rejects.toEqual(refused('UnicityViolation'));
    await expect(make({ name: randomName('x'), externalGroup: group })).rejects.toEqual(
      refused('UnicityViolation', group),
    );
    const params = { teamId: team.id };
    await t.accountAdmin.call('grantCreate', t.environment, {
      body: { role: 'viewer', team: team.id },
    });
    const patch = { params, body: { name: randomName('Renamed') }, ifMatch: team.version };
    const { data: renamed } = await t.accountAdmin.call('teamUpdate', t.account, patch);
    expect(renamed).toMatchObject({ name: patch.body.name, externalGroup: group });
    await expect(t.accountAdmin.call('teamUpdate', t.account, patch)).rejects.toEqual(
      refused('PreconditionFailed'),
    );
    await expect(t.environmentAdmin.call('teamDelete', t.environment, { params })).rejects.toEqual(
      refused('ScopeViolation'),
    );
    await t.accountAdmin.call('teamDelete', t.account, { params });
    const left = database.db.selectFrom('grants').where('team_id', '=', team.id);
    expect(await left.selectAll().execute()).toEqual([]);
  });
});

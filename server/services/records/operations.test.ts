import { beforeAll, describe, expect, it } from 'vitest';
import type { Operation } from '#contract/records/operations.ts';
import type { ScopeRef } from '#contract/scope.ts';
import { followLate } from '../../database/queries/records/late-following.ts';
import { fetchSight } from '../../database/queries/records/moved.ts';
import { perform } from '../../perform.ts';
import { testSecrets } from '../../testing/app.ts';
import { insertCredentials } from '../../testing/credentials.ts';
import { withDatabase } from '../../testing/database.ts';
import { insertFarm, insertImage, insertRole } from '../../testing/factories.ts';
import {
  type Client,
  createClient,
  createTenant,
  randomName,
  type Tenant,
} from '../../testing/harness.ts';

const database = withDatabase();
let t: Tenant;
let other: Tenant;

beforeAll(async () => {
  t = await createTenant(database.db);
  other = await createTenant(database.db);
});

type Query = Record<string, string | number>;

async function list(client: Client, at: ScopeRef, query: Query = {}): Promise<Operation[]> {
  return (await client.call('operationList', at, { query })).data;
}

async function idsOf(client: Client, at: ScopeRef, query: Query = {}): Promise<string[]> {
  return (await list(client, at, query)).map(({ id }) => id);
}

async function deprecate(at: ScopeRef, client: Client = t.corporateAdmin, reason?: string) {
  const image = await insertImage(database.db, at);
  const { requestId } = await client.call('imageDeprecate', at, {
    params: { imageId: image.id },
    body: { deprecate: true, ...(reason !== undefined && { reason }) },
  });
  return { image, requestId };
}

/** A replacement at Corporate that changes one role in each of two accounts. */
async function replaceEverywhere() {
  const [old, next] = [
    await insertImage(database.db, t.corporate),
    await insertImage(database.db, t.corporate),
  ];
  const mine = await insertRole(database.db, t.environment, [old.id]);
  const theirs = await insertRole(database.db, other.environment, [old.id]);
  const { requestId } = await t.corporateAdmin.call('imageReplace', t.corporate, {
    params: { imageId: old.id },
    body: { newImage: next.id, scope: ['scalr', 'account', 'environment'] },
  });
  return { old, next, mine, theirs, requestId };
}

describe('a scope sees', () => {
  it('what was done at it and below it, and nothing of what was done beside it', async () => {
    const { requestId } = await deprecate(t.environment);
    for (const at of [t.corporate, t.account, t.environment])
      expect(await idsOf(t.corporateAdmin, at)).toContain(requestId);
    for (const at of [t.otherEnvironment, other.account, other.environment])
      expect(await idsOf(t.corporateAdmin, at)).not.toContain(requestId);
    for (const at of [t.otherEnvironment, other.account]) {
      const params = { operationId: requestId };
      await expect(t.corporateAdmin.call('operationGet', at, { params })).rejects.toMatchObject({
        code: 'ObjectNotFound',
      });
    }
  });

  it('of what was done above it only what reached it, and the rest as a count', async () => {
    const { mine, theirs, requestId } = await replaceEverywhere();
    const above = await deprecate(t.corporate);
    const [seen] = await list(t.viewer, t.environment, { maxResults: 1 });
    expect(seen).toMatchObject({ id: requestId, words: 'replaced an image in roles' });
    const names = seen?.objects.map(({ name }) => name);
    expect(names).toContain(mine.name);
    expect(names).not.toContain(theirs.name);
    expect(seen?.counts.hidden).toBe(1);
    expect(await idsOf(t.viewer, t.account)).toContain(requestId);
    expect(await idsOf(t.viewer, t.account)).not.toContain(above.requestId);
    expect(await idsOf(t.corporateAdmin, t.otherEnvironment)).not.toContain(requestId);
    const { data } = await t.viewer.call('operationGet', t.environment, {
      params: { operationId: requestId },
    });
    expect(data.changes).toContainEqual(
      expect.objectContaining({ kind: 'role', id: String(mine.id), gone: false }),
    );
    expect(JSON.stringify(data)).not.toContain(theirs.name);
  });

  it('one row for an account that a change reached in several environments', async () => {
    const old = await insertImage(database.db, t.corporate);
    const next = await insertImage(database.db, t.corporate);
    for (const at of [t.environment, t.otherEnvironment])
      await insertRole(database.db, at, [old.id]);
    const { requestId } = await t.corporateAdmin.call('imageReplace', t.corporate, {
      params: { imageId: old.id },
      body: { newImage: next.id, scope: ['scalr', 'account', 'environment'] },
    });
    const ids = await idsOf(t.accountAdmin, t.account);
    expect(ids.filter((id) => id === requestId)).toEqual([requestId]);
  });

  it('a change of very many objects a moment later, found as any other', async () => {
    const old = await insertImage(database.db, t.account);
    const next = await insertImage(database.db, t.account);
    const role = await insertRole(database.db, t.environment, [old.id]);
    for (let made = 0; made < 1_000; made++) await insertRole(database.db, t.account, [old.id]);
    const followed = async () => (await fetchSight(database.db)).heads.map((head) => head.followed);
    const { requestId } = await t.corporateAdmin.call('imageReplace', t.account, {
      params: { imageId: old.id },
      body: { newImage: next.id, scope: ['account', 'environment'] },
    });
    expect(await idsOf(t.accountAdmin, t.account)).not.toContain(requestId);
    const before = await followed();
    expect(await followLate(database.db)).toBe(true);
    expect(await followLate(database.db)).toBe(false);
    expect(await followed()).not.toEqual(before);
    const [seen] = await list(t.accountAdmin, t.account, { maxResults: 1 });
    expect(seen).toMatchObject({ id: requestId, words: 'replaced an image in roles' });
    for (const object of [`role:${role.id}`, `image:${old.id}`, `image:${next.id}`])
      expect(await idsOf(t.viewer, t.environment, { object })).toEqual([requestId]);
  });

  it('what happened to an object above it that it sees, but only when it asks for that object', async () => {
    const { image, requestId } = await deprecate(t.account);
    expect(await idsOf(t.environmentAdmin, t.environment)).not.toContain(requestId);
    const ofImage = { object: `image:${image.id}` };
    expect(await idsOf(t.environmentAdmin, t.environment, ofImage)).toEqual([requestId]);
    expect(await idsOf(other.environmentAdmin, other.environment, ofImage)).toEqual([]);
  });

  it("people's rights and keys only as an administrator", async () => {
    const { requestId } = await perform(database.db, {
      operation: 'apiKeyCreate',
      caller: { kind: 'user', ...(await userOf(t.viewer)) },
      address: { level: 'self' },
      input: { params: {}, query: {}, body: { name: 'mine' } } as never,
      credential: 'session:test',
      secrets: testSecrets,
    });
    const [found] = await list(t.corporateAdmin, t.corporate, { person: t.viewer.email });
    expect(found).toMatchObject({ id: requestId, words: 'made an API key' });
    const corporateViewer = await createClient(database.db, 'viewer', t.corporate);
    expect(await idsOf(corporateViewer, t.corporate)).not.toContain(requestId);
  });
});

async function userOf({ email }: Client) {
  const user = database.db.selectFrom('users').where('email', '=', email).select('id');
  return { userId: (await user.executeTakeFirstOrThrow()).id, email };
}

describe('a filter finds what it names, and nothing else', () => {
  it('by person, operation, kind, time and words, alone and together', async () => {
    const reason = randomName('because');
    const { requestId, image } = await deprecate(t.environment, t.environmentAdmin, reason);
    const farm = await t.environmentAdmin.call('farmCreate', t.environment, {
      body: { name: randomName('farm') },
    });
    const found = async (query: Query) => idsOf(t.viewer, t.account, query);
    expect(await found({ person: t.environmentAdmin.email })).toEqual([farm.requestId, requestId]);
    expect(await found({ person: 'nobody@example.com' })).toEqual([]);
    const both = { person: t.environmentAdmin.email };
    expect(await found({ ...both, operation: 'imageDeprecate' })).toEqual([requestId]);
    expect(await found({ operation: 'imageDeprecate' })).toContain(requestId);
    expect(await found({ operation: 'imageDeprecate' })).not.toContain(farm.requestId);
    expect(await found({ kind: 'farm' })).toContain(farm.requestId);
    expect(await found({ kind: 'farm' })).not.toContain(requestId);
    expect(await found({ ...both, kind: 'image' })).toEqual([requestId]);
    expect(await found({ kind: 'costCenter' })).toEqual([]);
    expect(await idsOf(t.corporateAdmin, t.corporate, { kind: 'costCenter' })).toEqual([]);
    expect(await found({ query: reason })).toEqual([requestId]);
    expect(await found({ query: image.name })).toContain(requestId);
    expect(await found({ query: requestId })).toEqual([requestId]);
    expect(await found({ query: `${reason} nowhere` })).toEqual([]);
    const [row] = await list(t.viewer, t.account, { query: reason });
    const at = row?.at ?? '';
    expect(await found({ query: reason, from: at })).toEqual([requestId]);
    expect(await found({ query: reason, to: at })).toEqual([]);
  });

  it('by object: what was done to it, to what is in it, and to what it is in', async () => {
    const image = await insertImage(database.db, t.environment);
    const role = await insertRole(database.db, t.environment, [image.id]);
    const { farmId } = await insertFarm(database.db, t.environment, role.id);
    const { requestId } = await t.environmentAdmin.call('farmLock', t.environment, {
      params: { farmId },
      body: {},
    });
    expect(await idsOf(t.viewer, t.account, { object: `farm:${farmId}` })).toEqual([requestId]);
    const { old, next, mine, requestId: replaced } = await replaceEverywhere();
    for (const object of [`role:${mine.id}`, `image:${old.id}`, `image:${next.id}`])
      expect(await idsOf(t.viewer, t.account, { object })).toContain(replaced);
    const { image: other, requestId: deprecated } = await deprecate(t.account);
    const object = `imageSet:ubuntu-24-04/${other.name}`;
    expect(await idsOf(t.viewer, t.account, { object })).toEqual([deprecated]);
    expect(await idsOf(t.viewer, t.account, { object: 'role:2147483647' })).toEqual([]);
  });
});

it('pages through many, each once and in order, also where some are from above', async () => {
  const tenant = await createTenant(database.db);
  const made: string[] = [];
  for (let turn = 0; turn < 7; turn++)
    made.push((await deprecate(tenant.environment, tenant.corporateAdmin)).requestId);
  const paged: string[] = [];
  let cursor = 'start';
  while (cursor !== '') {
    const query = { maxResults: 3, cursor };
    const { data, page } = await tenant.viewer.call('operationList', tenant.account, { query });
    paged.push(...data.map(({ id }) => id));
    cursor = page?.kind === 'cursor' ? (page.next ?? '') : '';
  }
  expect(paged).toEqual(made.toReversed());
  const { page } = await tenant.viewer.call('operationList', tenant.account, {
    query: { include: 'total', maxResults: 2 },
  });
  expect(page?.total).toBe(7);
});

describe('one change', () => {
  it('says what was before and after, and what takes it back, as long as that is possible', async () => {
    const { image, requestId } = await deprecate(t.account, t.accountAdmin, 'too old');
    const get = async () =>
      (await t.accountAdmin.call('operationGet', t.account, { params: { operationId: requestId } }))
        .data;
    const first = await get();
    expect(first).toMatchObject({
      reason: 'too old',
      actor: { email: t.accountAdmin.email },
      via: 'session',
      changes: [{ kind: 'image', id: image.id, name: image.name, change: 'changed' }],
      wayBack: { operation: 'imageDeprecate', label: 'Restore', id: image.id, allowed: true },
    });
    expect(first.changes[0]?.differences).toContainEqual({
      member: 'deprecated',
      before: false,
      after: true,
    });
    await t.accountAdmin.call('imageDeprecate', t.account, {
      params: { imageId: image.id },
      body: { deprecate: false },
    });
    expect((await get()).wayBack).toMatchObject({ allowed: false, code: 'UnacceptableState' });
    await t.accountAdmin.call('imageDelete', t.account, { params: { imageId: image.id } });
    const last = await get();
    expect(last.wayBack).toMatchObject({ allowed: false, code: 'ObjectNotFound' });
    expect(last.changes[0]?.gone).toBe(true);
  });

  it('names the credentials and the environment that it is about, and says once they are gone', async () => {
    const id = await insertCredentials(database.db, t.account);
    const { environmentId: envId } = t.environment;
    const params = { envId, cloud: 'ec2' as const };
    const { requestId } = await t.accountAdmin.call('environmentCloudAttach', t.account, {
      params,
      body: { credentials: id },
    });
    const get = async () =>
      (await t.accountAdmin.call('operationGet', t.account, { params: { operationId: requestId } }))
        .data;
    const { data: credentials } = await t.accountAdmin.call('cloudCredentialsGet', t.account, {
      params: { cloudCredentialsId: id },
    });
    const { data: environment } = await t.accountAdmin.call('environmentGet', t.account, {
      params: { envId },
    });
    const [change] = (await get()).changes;
    expect(change).toMatchObject({ kind: 'environmentCloud', gone: false });
    expect(change?.differences).toContainEqual({
      member: 'credentials',
      before: null,
      after: { id, name: credentials.name },
    });
    expect(change?.differences).toContainEqual({
      member: 'environment',
      before: null,
      after: { id: envId, name: environment.name },
    });
    await t.accountAdmin.call('environmentCloudDetach', t.account, { params });
    expect((await get()).changes[0]?.gone).toBe(true);
    const deleted = await t.accountAdmin.call('cloudCredentialsDelete', t.account, {
      params: { cloudCredentialsId: id },
    });
    const object = { object: `cloudCredentials:${id}` };
    const [last] = await list(t.accountAdmin, t.account, object);
    expect(last).toMatchObject({ id: deleted.requestId, objects: [{ gone: true }] });
  });

  it('of a replacement is rolled back, by who may, and once', async () => {
    const { requestId } = await replaceEverywhere();
    const get = async (client: Client, at: ScopeRef) =>
      (await client.call('operationGet', at, { params: { operationId: requestId } })).data;
    const { wayBack } = await get(t.corporateAdmin, t.corporate);
    expect(wayBack).toMatchObject({ operation: 'replacementRollBack', allowed: true });
    expect((await get(t.viewer, t.environment)).wayBack?.allowed ?? false).toBe(false);
    await t.corporateAdmin.call('replacementRollBack', t.corporate, {
      params: { replacementId: wayBack?.id ?? '' },
    });
    expect((await get(t.corporateAdmin, t.corporate)).wayBack?.allowed).toBe(false);
  });
});

it('what was refused shows to administrators of the scope and those above, with how often', async () => {
  const viewer = await createClient(database.db, 'viewer', t.account);
  const image = await insertImage(database.db, t.environment);
  for (let turn = 0; turn < 2; turn++)
    await expect(
      viewer.call('imageDelete', t.environment, { params: { imageId: image.id } }),
    ).rejects.toMatchObject({ code: 'PermissionViolation' });
  for (const [client, at] of [
    [t.environmentAdmin, t.environment],
    [t.accountAdmin, t.account],
    [t.corporateAdmin, t.corporate],
  ] as const) {
    const { data } = await client.call('denialList', at, { query: { person: viewer.email } });
    expect(data[0]).toMatchObject({ words: 'deleted an image', code: 'PermissionViolation' });
    expect(data.reduce((sum, { count }) => sum + count, 0)).toBe(2);
  }
  const { data } = await other.accountAdmin.call('denialList', other.account);
  expect(data.filter(({ actor }) => actor.email === viewer.email)).toEqual([]);
  await expect(t.viewer.call('denialList', t.account)).rejects.toMatchObject({
    code: 'PermissionViolation',
  });
});

import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ScopeRef } from '#contract/scope.ts';
import { withDatabase } from '../../testing/database.ts';
import { insertImage, insertRole } from '../../testing/factories.ts';
import { createTenant, randomName, type Tenant } from '../../testing/harness.ts';

// "What was here then": lists with `at` answer what the same lists answered at that moment.

const database = withDatabase();
let t: Tenant;
beforeAll(async () => {
  t = await createTenant(database.db);
});

const refusal = (code: string, words: RegExp) =>
  expect.objectContaining({ code, message: expect.stringMatching(words) });

const list = async (at: ScopeRef, query: object = {}) => {
  const { data } = await t.corporateAdmin.call('imageList', at, {
    query: { maxResults: 100, ...query },
  });
  return data.map(({ lastUsed: _used, ...image }) => image);
};
const imagesOf = async (roleId: number, query: object = {}) => {
  const input = { params: { roleId }, query };
  const { data } = await t.corporateAdmin.call('roleImageList', t.account, input);
  return data.map(({ image }) => image.id);
};

/** A moment between what is done before and what is done after. */
async function moment(): Promise<string> {
  await sleep(3);
  const at = new Date().toISOString();
  await sleep(3);
  return at;
}

const body = (name: string) => ({
  name,
  cloudPlatform: 'ec2' as const,
  cloudLocation: 'us-east-1',
  cloudImageId: randomName('ami'),
  os: 'ubuntu-24-04',
  architecture: 'x86_64' as const,
});

describe('images/?at=', () => {
  it('lists what was there, as it was, whatever was done since', async () => {
    const { accountAdmin: who, account, environment, corporate } = t;
    await insertImage(database.db, account, { name: 'from-before' });
    const make = async (name: string, at: ScopeRef) =>
      (await t.corporateAdmin.call('imageCreate', at, { body: body(name) })).data.id;
    const [renamed, gone, deprecated, moved] = [
      await make('first-name', account),
      await make('gone', account),
      await make('deprecated', account),
      await make('moved', environment),
    ];
    const scopes = [corporate, account, environment];
    const before = await Promise.all(scopes.map((at) => list(at)));
    const at = await moment();
    await who.call('imageUpdate', account, {
      params: { imageId: renamed },
      body: { name: 'second-name' },
    });
    await who.call('imageUpdate', account, {
      params: { imageId: renamed },
      body: { name: 'third-name' },
    });
    await who.call('imageDelete', account, { params: { imageId: gone } });
    await who.call('imageDeprecate', account, {
      params: { imageId: deprecated },
      body: { deprecate: true, reason: 'CVE-2026-1', replacement: renamed },
    });
    await t.accountAdmin.call('imagePromote', environment, {
      params: { imageId: moved },
      body: {},
    });
    await t.corporateAdmin.call('imagePromote', account, { params: { imageId: moved }, body: {} });
    await make('later', account);
    await insertImage(database.db, account, { name: 'slipped-in-later' });
    const then = await Promise.all(scopes.map((scope) => list(scope, { at })));
    expect(then).toEqual(before);
    expect(await list(account)).not.toEqual(before[1]);
  });

  it('filters, sorts and pages by what was', async () => {
    const { accountAdmin: who, account } = t;
    const { data } = await who.call('imageCreate', account, { body: body('once-called') });
    const at = await moment();
    await who.call('imageUpdate', account, {
      params: { imageId: data.id },
      body: { name: 'now-called' },
    });
    expect(await list(account, { at, name: 'once-called' })).toMatchObject([{ id: data.id }]);
    expect(await list(account, { at, name: 'now-called' })).toEqual([]);
    const names = (await list(account, { at, sort: 'name' })).map(({ name }) => name);
    expect(names).toContain('once-called');
    const pages: string[] = [];
    for (let pageNum = 1; pages.length < names.length; pageNum++)
      pages.push(
        ...(await list(account, { at, sort: 'name', maxResults: 2, pageNum })).map(
          ({ name }) => name,
        ),
      );
    expect(pages).toEqual(names);
  });

  it('has what was merged into another one', async () => {
    const { accountAdmin: who, account, environment } = t;
    const cloud = randomName('ami');
    await insertImage(database.db, account, { cloud_image_id: cloud });
    const merged = await insertImage(database.db, environment, { cloud_image_id: cloud });
    const before = await list(environment);
    const at = await moment();
    await who.call('imagePromote', environment, {
      params: { imageId: merged.id },
      body: { merge: true },
    });
    expect(await list(environment, { at })).toEqual(before);
  });

  it.each([
    ['a moment to come', { at: '2999-01-01T00:00:00Z' }, /still to come/],
    ['what is in use', { inUse: 'true' }, /inUse is known of the present alone/],
    [
      'usage',
      { include: 'usage,actions' },
      /include=usage, include=actions are known of the present/,
    ],
    ['an order by servers', { sort: '-servers' }, /sort=-servers/],
  ])('refuses %s', async (_what, query, words) => {
    const at = new Date(Date.now() - 1000).toISOString();
    await expect(list(t.account, { at, ...query })).rejects.toEqual(refusal('InvalidValue', words));
  });

  it('refuses what records tell nothing of any more', async () => {
    const other = await createTenant(database.db);
    const cut = { chain: `account:${other.account.accountId}`, revision: 1, hash: Buffer.alloc(0) };
    const before = new Date(Date.now() - 1000);
    await database.db
      .insertInto('record_cuts')
      .values({
        ...cut,
        entries: 1,
        entries_in_all: 1,
        before,
        at: new Date(),
        by: 'x',
        seal: Buffer.alloc(0),
      })
      .execute();
    const ask = (at: Date) =>
      other.accountAdmin.call('imageList', other.account, { query: { at: at.toISOString() } });
    await expect(ask(new Date(before.getTime() - 1))).rejects.toEqual(
      refusal('InvalidValue', /^Records tell what was here from .* on/),
    );
    expect((await ask(before)).data).toEqual([]);
  });
});

describe('roles/{id}/images/?at=', () => {
  it('lists what stood in the role then', async () => {
    const { accountAdmin: who, account } = t;
    const image = async (cloud_location = 'us-east-1') =>
      (await insertImage(database.db, account, { cloud_location })).id;
    const [a, b, c, elsewhere] = [
      await image(),
      await image(),
      await image(),
      await image('eu-west-1'),
    ];
    const role = await insertRole(database.db, account, [a]);
    const params = { roleId: role.id };
    const moments: [string, string[]][] = [];
    const remember = async () => void moments.push([await moment(), await imagesOf(role.id)]);
    await remember();
    await who.call('imageReplace', account, { params: { imageId: a }, body: { newImage: b } });
    await remember();
    await who.call('roleImageCreate', account, { params, body: { image: elsewhere } });
    await remember();
    await who.call('imageReplace', account, { params: { imageId: b }, body: { newImage: c } });
    await remember();
    await who.call('roleImageDelete', account, { params: { ...params, imageId: elsewhere } });
    await remember();
    await who.call('imageReplace', account, { params: { imageId: c }, body: { newImage: a } });
    for (const [at, were] of moments) expect(await imagesOf(role.id, { at })).toEqual(were);
    expect(new Set(moments.map(([, were]) => were.join())).size).toBe(5);
  });
});

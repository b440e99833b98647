import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Moved } from '#contract/live.ts';
import { createSession, hashToken } from '../auth/sessions.ts';
import { openDatabase, poolOf } from '../database/connection/connection.ts';
import type { LiveOptions } from '../live/live.ts';
import { buildTestApp } from '../testing/app.ts';
import { withDatabase } from '../testing/database.ts';
import { askMoved, type EventStream, openEventStream } from '../testing/event-stream.ts';
import { insertFarm, insertImage, insertRole, insertServers } from '../testing/factories.ts';
import { type Client, createTenant, randomName, type Tenant } from '../testing/harness.ts';
import { captureStatements } from '../testing/statements.ts';

const database = withDatabase();
const url = '/api/v1beta0/self/events/';
let t: Tenant;
let other: Tenant;
let address: string;
/** Each with a memory of its own, as processes have. */
const apps: FastifyInstance[] = [];

async function serve(live?: LiveOptions, db = database.db): Promise<string> {
  const env = { allowedHosts: ['127.0.0.1'] };
  const app = buildTestApp(db, { env, ...(live && { live }) });
  await app.listen({ host: '127.0.0.1', port: 0 });
  apps.push(app);
  return `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
}

beforeAll(async () => {
  [t, other] = [await createTenant(database.db), await createTenant(database.db)];
  address = await serve();
});

afterAll(async () => {
  await Promise.all(apps.map((app) => app.close()));
});

async function idOf({ email }: Client): Promise<number> {
  const users = database.db.selectFrom('users').where('email', '=', email).select('id');
  return (await users.executeTakeFirstOrThrow()).id;
}

async function signIn(client: Client): Promise<string> {
  return (await createSession(database.db, await idOf(client))).token;
}

async function open(client: Client, at = address): Promise<EventStream> {
  return openEventStream(at, await signIn(client));
}

/** Registers an image in an environment. */
function change(tenant: Tenant) {
  const body = {
    name: randomName('image'),
    cloudPlatform: 'ec2',
    cloudLocation: 'us-east-1',
    cloudImageId: randomName('ami'),
    os: 'ubuntu-24-04',
    architecture: 'x86_64',
  } as const;
  return tenant.environmentAdmin.call('imageCreate', tenant.environment, { body });
}

const scopesOf = (moved: readonly Moved[]) => moved.flatMap(({ scopes }) => scopes);
const accountsOf = (moved: readonly Moved[]) => scopesOf(moved).map((scope) => scope.accountId);

describe('a page that listens', () => {
  test('is told where something changed, to which revision, and what it touched: nothing else', async () => {
    const stream = await open(t.environmentAdmin);
    const { revision } = await change(t);
    await expect.poll(() => scopesOf(stream.moved)).not.toEqual([]);
    stream.close();
    expect(scopesOf(stream.moved)).toEqual([
      {
        accountId: t.account.accountId,
        revision: Number(revision?.split('.')[1]),
        fleet: 0,
        nouns: ['images', 'roles', 'counts', 'operations'],
      },
    ]);
  });

  test('is told of Corporate, and of no account that its user may not see', async () => {
    const [mine, all] = [await open(t.viewer), await open(t.corporateAdmin)];
    await change(other);
    await t.corporateAdmin.call('accountCreate', t.corporate, { body: { name: randomName('a') } });
    await change(t);
    await expect.poll(() => accountsOf(mine.moved)).toContain(t.account.accountId);
    await expect.poll(() => accountsOf(all.moved)).toContain(t.account.accountId);
    for (const stream of [mine, all]) stream.close();
    expect(new Set(accountsOf(mine.moved))).toEqual(new Set([null, t.account.accountId]));
    expect(accountsOf(all.moved)).toContain(other.account.accountId);
  });

  test('is told that servers changed, though no operation did it', async () => {
    const image = await insertImage(database.db, t.environment);
    const role = await insertRole(database.db, t.environment, [image.id]);
    const farm = await insertFarm(database.db, t.environment, role.id);
    const stream = await open(t.viewer);
    const [server] = await insertServers(database.db, farm.farmRoleId, image.id, 1);
    await expect.poll(() => stream.moved.length).toBe(1);
    const servers = database.db.updateTable('servers').where('id', '=', server ?? '');
    await servers.set({ status: 'pending_terminate' }).execute();
    await expect.poll(() => stream.moved.length).toBe(2);
    stream.close();
    const [launched, ended] = scopesOf(stream.moved);
    expect(launched).toMatchObject({
      accountId: t.account.accountId,
      nouns: ['rollouts', 'farms', 'counts'],
    });
    expect(ended?.revision).toBe(launched?.revision);
    expect(ended?.fleet).toBe(Number(launched?.fleet) + 1);
  });

  test('is told once it connects again what it missed, by whichever process', async () => {
    const elsewhere = await serve();
    const there = await open(t.viewer, elsewhere);
    const token = await signIn(t.viewer);
    // While something long runs in another database, the first process is behind what the second began with.
    const since = async () => {
      const before = await openEventStream(address, token);
      before.close();
      return before.position();
    };
    const began = Number(there.position());
    await expect.poll(async () => Number(await since())).toBeGreaterThanOrEqual(began);
    const position = await since();
    await change(t);
    await expect.poll(() => there.moved.length).toBe(1);
    there.close();
    await whenNothingElseRuns();
    const after = await openEventStream(elsewhere, token, { lastEventId: position });
    await expect.poll(() => after.moved.length).toBe(1);
    after.close();
    expect(after.moved[0]?.everything).toBe(false);
    expect(scopesOf(after.moved)).toMatchObject([{ accountId: t.account.accountId }]);
    const again = await openEventStream(elsewhere, token, { lastEventId: after.position() });
    again.close();
    expect(again.moved).toEqual([]);
  });

  test('is told that it may be anything where nobody knows what it missed', async () => {
    const token = await signIn(t.viewer);
    await open(t.viewer).then((stream) => stream.close());
    await change(t);
    const fresh = await serve();
    const late = await openEventStream(fresh, token, { since: 1 });
    await expect.poll(() => late.moved.length).toBe(1);
    late.close();
    expect(late.moved[0]).toMatchObject({ everything: true, scopes: [] });
    // As after a restore: the database was never so far.
    expect(await askMoved(fresh, token, 999_999_999_999_999)).toMatchObject({ everything: true });
  });

  test('misses nothing that changed after an answer, and is not told what is in it', async () => {
    const token = await signIn(t.viewer);
    const listen = await openEventStream(address, token);
    await change(t);
    await expect.poll(() => listen.moved.length).toBe(1);
    listen.close();
    await whenNothingElseRuns();
    const path = `/api/v1beta0/account/${t.account.accountId}/images/`;
    const answer = await fetch(address + path, { headers: { cookie: `slipway=${token}` } });
    const position = answer.headers.get('x-position') ?? '';
    expect((await askMoved(address, token, position)).scopes).toEqual([]);
    await change(t);
    const scopes = async () => (await askMoved(address, token, position)).scopes;
    await expect.poll(scopes).toMatchObject([{ accountId: t.account.accountId }]);
    expect((await askMoved(address, token, position)).through).toBeGreaterThan(Number(position));
  });
});

/** A position is of the whole cluster: while something runs in another database, it is that much older. */
async function whenNothingElseRuns(): Promise<void> {
  const isIdle = async () => {
    const { rows } = await sql<{ idle: boolean }>`
      SELECT pg_snapshot_xmin(s) = pg_snapshot_xmax(s) AS idle FROM pg_current_snapshot() s`.execute(
      database.db,
    );
    return rows[0]?.idle;
  };
  await expect.poll(isIdle, { timeout: 120_000, interval: 5 }).toBe(true);
}

describe('rights and sessions are looked at again within 5 s', () => {
  const within = { timeout: 5_000 };

  test('a grant that is taken away ends news of its account, and the page is told to look anew', async () => {
    const { accountAdmin: leaver, account } = await createTenant(database.db);
    const watcher = await open(t.corporateAdmin);
    const stream = await open(leaver);
    await database.db
      .deleteFrom('grants')
      .where('user_id', '=', await idOf(leaver))
      .execute();
    await expect.poll(() => stream.moved, within).toMatchObject([{ everything: true, scopes: [] }]);
    await sql`SELECT raise_fleet_revisions(ARRAY[${account.accountId}]::int[])`.execute(
      database.db,
    );
    await expect.poll(() => accountsOf(watcher.moved)).toContain(account.accountId);
    for (const one of [stream, watcher]) one.close();
    expect(stream.moved).toHaveLength(1);
  });

  test('a session that ends, and a user who is suspended, end their streams', async () => {
    const { viewer, accountAdmin } = await createTenant(database.db);
    const token = await signIn(viewer);
    const [signedOut, suspended] = [
      await openEventStream(address, token),
      await open(accountAdmin),
    ];
    await database.db.deleteFrom('sessions').where('token_hash', '=', hashToken(token)).execute();
    const user = database.db.updateTable('users').where('email', '=', accountAdmin.email);
    await user.set({ status: 'suspended' }).execute();
    await expect.poll(() => signedOut.hasEnded() && suspended.hasEnded(), within).toBe(true);
    await user.set({ status: 'active' }).execute();
    await expect(openEventStream(address, token)).rejects.toThrow(/^401 .*BadAuthentication/);
  });

  test('neither a stream nor asking prolongs a session', async () => {
    const token = await signIn(t.viewer);
    const idle = database.db
      .updateTable('sessions')
      .where('token_hash', '=', hashToken(token))
      .set({ last_seen_at: sql`clock_timestamp() - interval '29 minutes 52 seconds'` });
    await idle.execute();
    await askMoved(address, token);
    const stream = await openEventStream(address, token);
    // Nor does what a page reads by itself, since it was told something, while nobody is at it.
    const headers = { cookie: `slipway=${token}`, 'x-unattended': '1' };
    expect((await fetch(`${address}/api/v1beta0/self/session/`, { headers })).status).toBe(200);
    // It ends by itself, as 30 minutes without use do.
    await expect.poll(() => stream.hasEnded(), { timeout: 14_000 }).toBe(true);
    await expect(askMoved(address, token)).rejects.toThrow(/^401 /);
  });
});

describe('streams cost little', () => {
  test('there are only so many of one user, and in all, and there is room again when one ends', async () => {
    const small = await serve({ perUser: 1, inAll: 2 });
    const token = await signIn(t.viewer);
    const first = await openEventStream(small, token);
    await expect(openEventStream(small, token)).rejects.toThrow(/^429 .*LimitExceeded/);
    const second = await open(t.accountAdmin, small);
    await expect(open(t.corporateAdmin, small)).rejects.toThrow(/^429 .*LimitExceeded/);
    expect(await askMoved(small, token)).toMatchObject({ everything: false });
    first.close();
    await expect
      .poll(() => openEventStream(small, token).then((one) => one.close()))
      .toBeUndefined();
    second.close();
  });

  test('they hold no connection and no transaction', async () => {
    const db = openDatabase(database.url, { maxConnections: 1 });
    const narrow = await serve({}, db);
    const token = await signIn(t.viewer);
    const streams = await Promise.all(
      Array.from({ length: 5 }, () => openEventStream(narrow, token)),
    );
    // The one connection is there for everybody else.
    for (let turn = 0; turn < 20; turn++) await askMoved(narrow, token);
    await expect.poll(() => poolOf(db).counts()).toMatchObject({ open: 1, idle: 1, waiting: 0 });
    for (const stream of streams) stream.close();
    await apps.pop()?.close();
    await db.destroy();
  });

  test('one look serves all of them, and there is none while nobody listens', async () => {
    const lone = await serve();
    const looks = async (work: () => Promise<unknown>) =>
      (
        await captureStatements(() => Promise.all([work(), sql`SELECT 1`.execute(database.db)]), {
          keep: true,
        })
      ).filter(({ text }) => text.includes('fleet_revisions')).length;
    const streams = await Promise.all(Array.from({ length: 8 }, () => open(t.viewer, lone)));
    // Others in this file may listen for a moment yet, each once in half a second.
    expect(await looks(() => sleep(2_000))).toBeLessThanOrEqual(2 * 5);
    for (const stream of streams) stream.close();
    await expect.poll(() => looks(() => sleep(1_200)), { timeout: 10_000 }).toBe(0);
  });

  test('a server that stops ends them at once', async () => {
    const leaving = await serve();
    const stream = await open(t.viewer, leaving);
    const started = performance.now();
    await apps.pop()?.close();
    expect(performance.now() - started).toBeLessThan(1_000);
    await expect.poll(() => stream.hasEnded()).toBe(true);
  });
});

test('nobody else gets in, and there is no other way', async () => {
  const statusOf = async (init: RequestInit) => (await fetch(address + url, init)).status;
  const headers = { accept: 'text/event-stream', cookie: `slipway=${await signIn(t.viewer)}` };
  expect(await statusOf({})).toBe(401);
  expect(await statusOf({ headers: { cookie: 'slipway=wrong' } })).toBe(401);
  expect(await statusOf({ headers, method: 'POST' })).toBe(405);
  expect(await statusOf({ headers, method: 'HEAD' })).toBe(405);
  const wrong = await fetch(`${address}${url}?since=abc`, { headers });
  expect([wrong.status, await wrong.text()]).toMatchObject([
    400,
    expect.stringContaining('InvalidValue'),
  ]);
});

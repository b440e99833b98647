import { sql } from 'kysely';
import { expect, test, vi } from 'vitest';
import { createSession, findSession, hashToken } from '../auth/sessions.ts';
import { createSignInLink } from '../auth/sign-in-links.ts';
import { pruneRecords } from '../database/queries/people/pruning.ts';
import { insertFarm, insertImage, insertRole } from '../testing/factories.ts';
import { settleServers } from '../testing/fleet.ts';
import { withDatabase } from '../testing/database.ts';
import { createTenant, type Client, type Tenant } from '../testing/harness.ts';
import { startForgettingAnswers } from './old-answers.ts';

const database = withDatabase();

const denialsOf = ({ email }: Client) =>
  database.db
    .selectFrom('denials')
    .where('actor', '=', email)
    .select(['operation', 'code', 'count', 'last_at'])
    .orderBy('id')
    .execute();

const create = ({ viewer, account }: Tenant, name: string) =>
  viewer.call('environmentCreate', account, { body: { name } });

test('equal denials of one person within a minute are one row with their count', async () => {
  const t = await createTenant(database.db);
  const all = Array.from({ length: 20 }, (_, n) => create(t, `refused-${n}`));
  const refused = await Promise.allSettled(all);
  expect(new Set(refused.map(({ status }) => status))).toEqual(new Set(['rejected']));
  const rows = await denialsOf(t.viewer);
  // Two where the minute ended meanwhile.
  expect(rows.length).toBeLessThanOrEqual(2);
  expect(rows.reduce((sum, { count }) => sum + count, 0)).toBe(20);
  await expect(
    t.viewer.call('roleCategoryCreate', t.account, { body: { name: 'refused' } }),
  ).rejects.toThrow();
  expect((await denialsOf(t.viewer)).at(-1)).toMatchObject({ count: 1, last_at: null });
});

test('plans that can no longer be applied are forgotten a week later, others are kept', async () => {
  const t = await createTenant(database.db);
  const plan = async () => {
    const [a, b] = [
      await insertImage(database.db, t.account),
      await insertImage(database.db, t.account),
    ];
    const body = { oldImage: a.id, newImage: b.id };
    return (await t.viewer.call('replacementPlan', t.account, { body })).data.id;
  };
  const ids = [await plan(), await plan(), await plan(), await plan()];
  const [expired, cancelled, applied, fresh] = ids as [string, string, string, string];
  await t.viewer.call('replacementCancel', t.account, { params: { replacementId: cancelled } });
  await t.accountAdmin.call('replacementApply', t.account, { params: { replacementId: applied } });
  await database.db
    .updateTable('replacements')
    .set({ expires_at: sql<Date>`clock_timestamp() - interval '8 days'` })
    .where('id', 'in', [expired, cancelled, applied])
    .execute();
  await pruneRecords(database.db, 30);
  const rows = await database.db.selectFrom('replacements').select('id').execute();
  expect(new Set(rows.map(({ id }) => id))).toEqual(new Set([applied, fresh]));
});

test('denials, sessions and links are forgotten so many days after their end, and not before', async () => {
  const t = await createTenant(database.db);
  const { db } = database;
  await expect(create(t, 'refused')).rejects.toThrow();
  const { id } = await db
    .selectFrom('users')
    .where('email', '=', t.viewer.email)
    .select('id')
    .executeTakeFirstOrThrow();
  const [old, recent] = [await createSession(db, id), await createSession(db, id)];
  await createSignInLink(db, { email: t.viewer.email, baseUrl: '' });
  const counts = async () => {
    const of = async (table: 'sessions' | 'sign_in_links') =>
      (await db.selectFrom(table).where('user_id', '=', id).select('token_hash').execute()).length;
    return [(await denialsOf(t.viewer)).length, await of('sessions'), await of('sign_in_links')];
  };
  const runOnce = async () => {
    const onRun = vi.fn();
    const onError = vi.fn();
    const loop = startForgettingAnswers(db, { onRun, onError, keepDays: 30 });
    await vi.waitFor(() => expect(onRun).toHaveBeenCalled(), 10_000);
    await loop.stop();
    expect(onError).not.toHaveBeenCalled();
  };
  await runOnce();
  expect(await counts()).toEqual([1, 2, 1]);

  const age = sql<Date>`clock_timestamp() - interval '31 days'`;
  const made = sql<Date>`clock_timestamp() - interval '38 days'`;
  await db.updateTable('denials').set({ at: age }).where('actor', '=', t.viewer.email).execute();
  await db
    .updateTable('sign_in_links')
    .set({ created_at: made, expires_at: age })
    .where('user_id', '=', id)
    .execute();
  await sql`UPDATE sessions SET created_at = ${made}, last_seen_at = ${made}, expires_at = ${age}
    WHERE user_id = ${id} AND token_hash = ${hashToken(old.token)}`.execute(db);
  await runOnce();
  expect(await counts()).toEqual([0, 1, 0]);
  expect(await findSession(db, recent.token)).toBeDefined();
});

test('what servers did is forgotten in time: their jobs after a day, their events with all records', async () => {
  const t = await createTenant(database.db);
  const image = await insertImage(database.db, t.account);
  const role = await insertRole(database.db, t.account, [image.id]);
  const { farmRoleId } = await insertFarm(database.db, t.environment, role.id);
  const params = { farmRoleId };
  await t.environmentAdmin.call('farmRoleServerLaunch', t.environment, { params });
  await settleServers(database.db);
  const left = async () => {
    const { rows } = await sql<{ jobs: number; events: number }>`
      SELECT (SELECT count(*)::int FROM outbox WHERE kind = 'server-step') AS jobs,
        (SELECT count(*)::int FROM server_events) AS events`.execute(database.db);
    return rows[0];
  };
  await pruneRecords(database.db, 30);
  expect(await left()).toEqual({ jobs: 1, events: 2 });
  await sql`UPDATE outbox SET done_at = done_at - interval '25 hours'`.execute(database.db);
  await sql`UPDATE server_events SET at = at - interval '31 days' WHERE status = 'pending_launch'`.execute(
    database.db,
  );
  await pruneRecords(database.db, 30);
  expect(await left()).toEqual({ jobs: 0, events: 1 });
});

import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { withDatabase } from '../../../testing/database.ts';
import { insertFarm, insertImage, insertRole, insertServers } from '../../../testing/factories.ts';
import { createTenant } from '../../../testing/harness.ts';
import type { Db } from '../../connection/connection.ts';
import { updateImages } from '../images/image-changes.ts';
import { swapRoleImages } from '../roles/role-images.ts';
import { judgeOnce } from './judging.ts';

const database = withDatabase();
const stamp = { at: new Date('2026-03-01T10:00:00Z'), by: 'test@example.com' };

/** A farm with servers on an image of its role, and what puts another in its place. */
async function runningImage() {
  const t = await createTenant(database.db);
  const old = await insertImage(database.db, t.account);
  const next = await insertImage(database.db, t.account);
  const role = await insertRole(database.db, t.account, [old.id]);
  const { farmRoleId } = await insertFarm(database.db, t.environment, role.id);
  await insertServers(database.db, farmRoleId, old.id, 3);
  const place = { roleId: role.id, cloudPlatform: 'ec2', cloudLocation: 'us-east-1' };
  const swap = (tx: Db, oldImageId: string, newImageId: string) =>
    swapRoleImages(tx, [{ ...place, oldImageId, newImageId }], stamp);
  const readGroups = async (tx: Db) => {
    const { rows } = await sql<object>`
      SELECT stale, deprecated, since FROM server_groups WHERE farm_role_id = ${farmRoleId}`.execute(
      tx,
    );
    return rows;
  };
  return { old, next, swap, readGroups };
}

const deprecated = { deprecated_at: stamp.at, deprecated_by: stamp.by };
const judged = { stale: true, deprecated: true, since: stamp.at };

async function countWrites(tx: Db): Promise<number> {
  const { rows } = await sql<{ writes: number }>`
    SELECT pg_stat_get_xact_tuples_updated('server_groups'::regclass) AS writes`.execute(tx);
  return rows[0]?.writes ?? Number.NaN;
}

test('servers that several changes concern are judged once, after them all', async () => {
  const { old, next, swap, readGroups } = await runningImage();
  await database.db.transaction().execute(async (tx) => {
    await judgeOnce(tx, async () => {
      await swap(tx, old.id, next.id);
      await updateImages(tx, [{ id: old.id, columns: deprecated }]);
      expect(await readGroups(tx)).toMatchObject([{ stale: false, deprecated: false }]);
    });
    expect(await readGroups(tx)).toEqual([judged]);
    expect(await countWrites(tx)).toBe(1);
    // What comes after is judged by itself again.
    await swap(tx, next.id, old.id);
    expect(await readGroups(tx)).toMatchObject([{ stale: false, deprecated: true }]);
  });
});

test('what fails before its servers are judged leaves nothing waiting in its connection', async () => {
  const { old, next, swap, readGroups } = await runningImage();
  await database.db.connection().execute(async (connection) => {
    const failed = connection.transaction().execute((tx) =>
      judgeOnce(tx, async () => {
        await swap(tx, old.id, next.id);
        throw new Error('Something else is wrong.');
      }),
    );
    await expect(failed).rejects.toThrow('Something else is wrong.');
    await connection.transaction().execute((tx) => swap(tx, old.id, next.id));
    expect(await readGroups(connection)).toMatchObject([{ stale: true, since: stamp.at }]);
  });
});

test('since when servers are stale is asked of the place, not of all that ever had their image', async () => {
  class Undone extends Error {}
  const explained = database.db.transaction().execute(async (tx) => {
    // With it gone, nothing is left but the table: what else has an index are the images.
    await sql`DROP INDEX role_image_history_place`.execute(tx);
    await sql`ALTER TABLE role_image_history DROP CONSTRAINT role_image_history_pkey`.execute(tx);
    await sql`SET LOCAL enable_seqscan = off`.execute(tx);
    const { rows } = await sql<{ 'QUERY PLAN': string }>`
      EXPLAIN SELECT * FROM server_group_verdicts`.execute(tx);
    const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
    expect(plan).toMatch(/Seq Scan on role_image_history/);
    throw new Undone();
  });
  await expect(explained).rejects.toBeInstanceOf(Undone);
});

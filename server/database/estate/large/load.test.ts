import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { createClient } from '../../../testing/harness.ts';
import { withDatabase } from '../../../testing/database.ts';
import type { Db } from '../../connection/connection.ts';
import { EstateNotEmptyError } from '../empty-database.ts';
import { addCandidates } from './candidates.ts';
import { findLandmarks } from './landmarks.ts';
import { type LargeSummary, loadLargeEstate } from './load.ts';
import { type EstateShape, largeShapes } from './shape.ts';

/** Estate `l`, a twentieth in each direction; the same statements make it. */
const small: EstateShape = {
  accounts: 10,
  environments: 100,
  images: 2_500,
  corporateImages: 250,
  roles: 250,
  farms: 100,
  servers: 3_000,
  serversOnOneImage: 1_000,
  rolesOnOneImage: [50, 25],
};
const now = new Date('2026-11-22T12:00:00Z');

// Each is checked for every invariant when the tests of this file are done.
const database = withDatabase();
const second = withDatabase();
const untouched = withDatabase();

let summary: LargeSummary;

test('a large estate has exactly the size that was asked for, and tells of its progress', async () => {
  const progress: number[] = [];
  summary = await loadLargeEstate(database.db, {
    shape: small,
    now,
    onProgress: (_step, done) => progress.push(done),
  });
  const { accounts, environments, images, roles, farms, servers } = small;
  expect(summary).toMatchObject({ accounts, environments, images, roles, farms, servers });
  expect(progress).toEqual(progress.toSorted((a, b) => a - b));
  expect(progress.at(-1)).toBe(1);
});

test('the same moment gives the same rows in another database', async () => {
  await loadLargeEstate(second.db, { shape: small, now });
  expect(await hashTables(second.db)).toEqual(await hashTables(database.db));
});

test('images are skewed: Corporate, one account with 40 %, one environment with 20 % of that', async () => {
  const { rows } = await sql`
    SELECT count(*) FILTER (WHERE scope = 'scalr') AS corporate,
      count(*) FILTER (WHERE account_id = 1) AS big_account,
      count(*) FILTER (WHERE environment_id = 1) AS big_environment FROM images`.execute(
    database.db,
  );
  expect(rows[0]).toEqual({ corporate: 250, big_account: 900, big_environment: 180 });
});

test('one image is used by as many servers as asked, and two by as many roles', async () => {
  const { mostUsedImage, inThousandRoles, inFiveHundredRoles } = await findLandmarks(database.db);
  const { rows } = await sql`
    SELECT image_id, count(*) AS servers FROM servers WHERE status = 'running'
    GROUP BY 1 ORDER BY 2 DESC LIMIT 1`.execute(database.db);
  expect(rows).toEqual([{ image_id: mostUsedImage, servers: 1_000 }]);
  expect([inThousandRoles.roles, inFiveHundredRoles.roles]).toEqual([50, 25]);
});

test('what is to be replaced has a successor that fits, in the same place', async () => {
  const { inThousandRoles, inFiveHundredRoles } = await findLandmarks(database.db);
  for (const { id, successor } of [inThousandRoles, inFiveHundredRoles]) {
    const { rows } = await sql`
      SELECT a.status, b.status AS successor_status, b.deprecated_at FROM images a JOIN images b
        USING (scope, account_id, cloud_platform, cloud_location, os_id, architecture)
      WHERE a.id = ${id} AND b.id = ${successor} AND b.added_at > a.added_at`.execute(database.db);
    expect(rows).toEqual([{ status: 'active', successor_status: 'active', deprecated_at: null }]);
  }
});

test('a role of the big environment has twelve images of that environment, to be promoted', async () => {
  const { promotableRole, bigEnvironment } = await findLandmarks(database.db);
  const { rows } = await sql`
    SELECT count(*) AS images FROM role_images ri JOIN images i ON i.id = ri.image_id
    WHERE ri.role_id = ${promotableRole} AND i.environment_id = ${bigEnvironment.environmentId}
      AND i.deprecated_at IS NULL`.execute(database.db);
  expect(rows).toEqual([{ images: 12 }]);
});

test('many servers are on old images, and for each replaced one it is known since when', async () => {
  const { rows } = await sql<{ stale: number; unknown: number }>`
    SELECT count(*) AS stale, count(*) FILTER (WHERE NOT EXISTS (
      SELECT FROM role_image_history h WHERE (h.role_id, h.cloud_platform, h.cloud_location, h.old_image_id)
        = (ri.role_id, ri.cloud_platform, ri.cloud_location, s.image_id))) AS unknown
    FROM servers s JOIN farm_roles fr ON fr.id = s.farm_role_id
    JOIN role_images ri ON (ri.role_id, ri.cloud_platform, ri.cloud_location)
      = (fr.role_id, fr.cloud_platform, fr.image_location)
    WHERE s.image_id <> ri.image_id`.execute(database.db);
  expect(rows[0]?.stale).toBeGreaterThan(500);
  expect(rows[0]?.unknown).toBe(0);
});

test('every farm role is in balance, whether suspended servers count or not', async () => {
  const { rows } = await sql`
    SELECT fr.id FROM farm_roles fr
    LEFT JOIN servers s ON s.farm_role_id = fr.id AND s.status NOT IN ('terminated', 'pending_terminate')
    GROUP BY fr.id
    HAVING fr.max_servers < count(s.id)
      OR fr.min_servers > count(s.id) FILTER (WHERE s.status <> 'suspended')`.execute(database.db);
  expect(rows).toEqual([]);
});

test('no index and no reference is lost on the way', async () => {
  const pieces = async (db: Db) =>
    (
      await sql<{ piece: string }>`
        SELECT indexdef AS piece FROM pg_indexes WHERE schemaname = 'public'
        UNION ALL
        SELECT conrelid::regclass || conname || pg_get_constraintdef(oid) FROM pg_constraint ORDER BY 1
      `.execute(db)
    ).rows;
  expect(await pieces(database.db)).toEqual(await pieces(untouched.db));
});

test('a picker gets as many candidates as asked for, seen from one environment', async () => {
  const { pickerImage } = await findLandmarks(second.db);
  const scope = await addCandidates(second.db, 700, now);
  const admin = await createClient(second.db, 'administrator', scope);
  const seen = await admin.call('imageCandidates', scope, {
    params: { imageId: pickerImage },
    query: { valid: true, include: 'total' },
  });
  expect(seen.page).toMatchObject({ total: 700 });
});

test('a database in use is refused, and left as it was', async () => {
  const again = loadLargeEstate(database.db, { shape: small, now });
  await expect(again).rejects.toThrow(EstateNotEmptyError);
  await again.catch(() => undefined);
  expect(await database.db.selectFrom('servers').select('id').execute()).toHaveLength(3_000);
});

test('the shapes that can be loaded by name are those that were promised', () => {
  expect(largeShapes.l).toMatchObject({ images: 50_000, corporateImages: 5_000, servers: 60_000 });
  expect(largeShapes.xl).toMatchObject({ images: 109_000, servers: 1_000_000 });
});

async function hashTables(db: Db): Promise<Record<string, unknown>> {
  const hashes: Record<string, unknown> = {};
  for (const table of [...Object.keys(summary), 'revisions']) {
    const { rows } = await sql`
      SELECT count(*), md5(string_agg(row::text, '' ORDER BY row::text)) AS hash
      FROM ${sql.table(table)} row`.execute(db);
    hashes[table] = rows[0];
  }
  return hashes;
}

import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { withDatabase } from '../../testing/database.ts';
import { EstateNotEmptyError } from './empty-database.ts';
import { type EstateSummary, loadEstate } from './load.ts';
import { planEstate } from './plan.ts';

const database = withDatabase();
const now = new Date('2026-11-22T12:00:00Z');

let summary: EstateSummary | undefined;
const steps: string[] = [];

test('the estate loads into an empty database and tells of its progress', async () => {
  summary = await loadEstate(database.db, {
    size: 's',
    now,
    onProgress: (step, done, total) => steps.push(`${step} ${done <= total}`),
  });
  expect(steps).toContain('servers true');
  expect(steps.at(-1)).toBe('done true');
});

test('it has the size that was promised', () => {
  expect(summary).toMatchObject({
    accounts: 3,
    environments: 12,
    roles: 60,
    farms: 40,
    // 900, and those that they came after.
    servers: 1_264,
  });
});

test('about 250 real images stand in twelve places, on two clouds and two architectures', async () => {
  const { rows } = await sql`
    SELECT count(*) AS images, count(DISTINCT (cloud_platform, cloud_location)) AS places,
      count(DISTINCT cloud_platform) AS clouds, count(DISTINCT architecture) AS architectures
    FROM images WHERE os_id = 'fedora-coreos' AND deleted_at IS NULL`.execute(database.db);
  expect(rows[0]).toMatchObject({ places: 12, clouds: 2, architectures: 2 });
  const { images } = rows[0] as { images: number };
  expect(Math.abs(images - 250)).toBeLessThanOrEqual(10);
});

test('every farm role is in balance, whether suspended servers count or not', async () => {
  const { rows } = await sql`
    SELECT fr.id, fr.min_servers, fr.max_servers, count(s.id) AS live FROM farm_roles fr
    LEFT JOIN servers s ON s.farm_role_id = fr.id AND s.status NOT IN ('terminated', 'pending_terminate')
    GROUP BY fr.id
    HAVING fr.max_servers < count(s.id)
      OR fr.min_servers > count(s.id) FILTER (WHERE s.status <> 'suspended')`.execute(database.db);
  expect(rows).toEqual([]);
});

test('it tells the story: unused, undeletable, failed and disappearing images', async () => {
  const names = async (condition: string) => {
    const found = await sql<{ name: string }>`
      SELECT DISTINCT i.name FROM images i WHERE i.deleted_at IS NULL AND ${sql.raw(condition)}
    `.execute(database.db);
    return found.rows.map(({ name }) => name);
  };
  const inRole = 'EXISTS (SELECT FROM role_images ri WHERE ri.image_id = i.id)';
  const ran = 'EXISTS (SELECT FROM servers s WHERE s.image_id = i.id)';
  expect(await names(`NOT ${inRole} AND NOT ${ran}`)).toContain('grafana-11-2');
  expect(await names(`${inRole} AND ${ran}`)).toContain('fcos-44-20260621-2-1');
  expect(await names(`${inRole} AND ${ran} AND i.deprecated_at IS NOT NULL`)).toContain(
    'fcos-44-20260510-3-1',
  );
  expect(await names(`i.status = 'failed' AND i.status_error <> ''`)).toHaveLength(1);
  expect(await names(`i.status = 'pending_delete'`)).toHaveLength(1);
  expect(await names(`i.deprecation_replacement_id IS NOT NULL`)).not.toHaveLength(0);
});

test('some farms still run servers on an old image, and one replacement was rolled back', async () => {
  const { rows } = await sql<{ stale: number; deprecated: number; rolled_back: number }>`
    SELECT count(*) FILTER (WHERE s.image_id <> ri.image_id) AS stale,
      count(*) FILTER (WHERE i.deprecated_at IS NOT NULL) AS deprecated,
      (SELECT count(*) FROM replacements WHERE rolls_back_id IS NOT NULL) AS rolled_back
    FROM servers s JOIN images i ON i.id = s.image_id JOIN farm_roles fr ON fr.id = s.farm_role_id
    JOIN role_images ri ON (ri.role_id, ri.cloud_platform, ri.cloud_location)
      = (fr.role_id, fr.cloud_platform, fr.image_location)
    WHERE s.status = 'running'`.execute(database.db);
  expect(rows[0]?.stale).toBeGreaterThan(100);
  expect(rows[0]?.deprecated).toBeGreaterThan(100);
  expect(rows[0]?.rolled_back).toBeGreaterThan(0);
});

test('a version was replaced in all its places by one replacement, and taken back by one', async () => {
  const { rows } = await sql<{ spec: string; replacements: number; pairs: number }>`
    SELECT concat_ws(' ', p.scope, p.account_id, o.name, n.name) AS spec,
      count(DISTINCT p.id)::int AS replacements, count(*)::int AS pairs
    FROM replacements p JOIN replacement_pairs pair ON pair.replacement_id = p.id
    JOIN images o ON o.id = pair.old_image_id JOIN images n ON n.id = pair.new_image_id
    GROUP BY 1 ORDER BY 1`.execute(database.db);
  expect(rows.map(({ replacements }) => replacements)).toEqual(rows.map(() => 1));
  expect(rows.filter(({ spec, pairs }) => spec.startsWith('scalr') && pairs >= 12)).not.toEqual([]);
  const places = await sql`
    SELECT back.id FROM replacements back
    JOIN replacement_roles undone ON undone.replacement_id = back.rolls_back_id
    LEFT JOIN replacement_roles done ON done.replacement_id = back.id
      AND (done.role_id, done.cloud_platform, done.cloud_location, done.new_image_id)
        = (undone.role_id, undone.cloud_platform, undone.cloud_location, undone.old_image_id)
    WHERE done.role_id IS NULL`.execute(database.db);
  expect(places.rows).toEqual([]);
});

test('each production environment has a running EC2 server known to the cloud', async () => {
  const { rows } = await sql<{ id: number }>`
    SELECT e.id FROM environments e WHERE e.name LIKE 'production%' AND NOT EXISTS (
      SELECT FROM servers s WHERE s.environment_id = e.id AND s.status = 'running'
        AND s.cloud_platform = 'ec2' AND s.cloud_server_id LIKE 'i-0%')`.execute(database.db);
  expect(rows).toEqual([]);
});

test('a publishing pipeline finds a Corporate image to build on, and the account role it publishes to', async () => {
  const { rows } = await sql`
    SELECT r.id, i.name, i.scope, i.cloud_location FROM roles r
    JOIN role_images ri ON ri.role_id = r.id JOIN images i ON i.id = ri.image_id
    WHERE r.name = 'ubuntu-16-04' AND r.scope = 'account' AND r.os_id = 'ubuntu-16-04'
    ORDER BY i.cloud_location`.execute(database.db);
  const image = { id: 83045, name: 'ubuntu-16-04-1', scope: 'account' };
  expect(rows).toEqual([
    { ...image, cloud_location: 'eu-west-1' },
    { ...image, cloud_location: 'us-east-1' },
  ]);
  const corporate = await sql`
    SELECT FROM images WHERE scope = 'scalr' AND os_id = 'ubuntu-16-04' AND status = 'active'
      AND cloud_platform = 'ec2' AND cloud_location = 'us-east-1' AND deprecated_at IS NULL
      AND scalr_agent_installed`.execute(database.db);
  expect(corporate.rows).toHaveLength(1);
});

test('what is invented says so', async () => {
  const { rows } = await sql`
    SELECT name FROM images WHERE os_id <> 'fedora-coreos' AND description NOT LIKE '%Invented%'
  `.execute(database.db);
  expect(rows).toEqual([]);
});

test('the next role gets the next number', async () => {
  const inserted = await database.db
    .insertInto('environments')
    .values({ account_id: 1, name: 'one-more' })
    .returning('id')
    .executeTakeFirstOrThrow();
  expect(inserted.id).toBe(13);
});

test('a database in use is refused, and left as it was', async () => {
  await expect(loadEstate(database.db, { size: 's', now })).rejects.toThrow(EstateNotEmptyError);
});

test('the same moment gives the same rows; another one the same ids', () => {
  const hash = (value: unknown) => createHash('sha256').update(JSON.stringify(value)).digest('hex');
  expect(hash(planEstate(now))).toBe(hash(planEstate(now)));
  const ids = (at: Date) => hash(planEstate(at).servers.map(({ id, image_id }) => [id, image_id]));
  expect(ids(now)).toBe(ids(new Date('2031-03-04T05:06:07Z')));
});

test('servers on old images were counted daily, and fewer are left of what was replaced', async () => {
  const { rows } = await sql<{ days: number; most: number; told: number; present: number }>`
    WITH counts AS (SELECT at, sum(sum(change)) OVER (ORDER BY at) AS servers FROM burn_down_points GROUP BY at)
    SELECT count(*)::int AS days, max(servers)::int AS most,
      (SELECT servers FROM counts ORDER BY at DESC LIMIT 1)::int AS told,
      (SELECT sum(servers) FROM server_groups WHERE old)::int AS present FROM counts`.execute(
    database.db,
  );
  const { days = 0, most = 0, told = 0, present = 0 } = rows[0] ?? {};
  expect(days).toBeGreaterThan(30);
  expect(told).toBeLessThan(most);
  // Counted a day ago: hardly anything has ended since.
  expect(Math.abs(told - present)).toBeLessThan(present / 5);
});

import { sql } from 'kysely';
import type { Db } from '#server/database/connection/connection.ts';
import type { ReadRow } from './reads.ts';
import { pathAt } from './reads.ts';
import type { Viewpoint } from './viewpoints.ts';

const records = 1_000_000;
const atOnce = 100_000;
const barMs = 150;
const group = 'Activity, 1,000,000 records';

/** Who does most, who did one thing long ago. */
const busy = 'bench-ci@example.com';
const rare = 'bench-rare@example.com';

/**
 * Fills the log as years of scripts and people would: most of it by one key, a third of it in one
 * environment, a tenth of it about one image. What it is read by follows by the trigger.
 */
export async function fillOperations(db: Db): Promise<{ hotImage: string; coldImage: string }> {
  const images = await sql<{ id: string }>`
    SELECT id FROM images WHERE deleted_at IS NULL ORDER BY id LIMIT 2`.execute(db);
  const [hot, cold] = images.rows.map(({ id }) => id);
  if (hot === undefined || cold === undefined) throw new Error('The estate has no images.');
  const filled = await sql`SELECT FROM operations WHERE actor = ${rare}`.execute(db);
  // A folder that was kept has them already.
  if (filled.rows.length > 0) return { hotImage: hot, coldImage: cold };
  await sql`INSERT INTO revisions (chain)
    SELECT 'account:' || id FROM accounts ON CONFLICT DO NOTHING`.execute(db);
  for (let from = 0; from < records; from += atOnce) {
    await fillSome(db, from);
    process.stderr.write(`\r${from + atOnce} records `);
  }
  await fillRare(db, cold);
  await sql`ANALYZE`.execute(db);
  process.stderr.write('\n');
  return { hotImage: hot, coldImage: cold };
}

async function fillSome(db: Db, from: number): Promise<void> {
  await sql`
    WITH environment AS MATERIALIZED (
      SELECT id, account_id, row_number() OVER (ORDER BY id) - 1 AS nth FROM environments),
    image AS MATERIALIZED (
      SELECT id, name, os_id, row_number() OVER (ORDER BY id) - 1 AS nth FROM images
      WHERE deleted_at IS NULL ORDER BY id LIMIT 10000)
    INSERT INTO operations_log (chain, revision, at, request_id, operation, actor, credential, origin, scope,
      account_id, environment_id, object, reason, before, after, shape, prev_hash, hash)
    SELECT 'account:' || e.account_id, 1000000000 + n, now() - (${records}::int - n) * interval '30 seconds',
      gen_random_uuid(),
      CASE WHEN n % 10 < 5 THEN 'imageUpdate' WHEN n % 10 < 8 THEN 'imageDeprecate' ELSE 'imageReplace' END,
      CASE WHEN n % 5 < 3 THEN ${busy} ELSE 'bench-' || n % 50 || '@example.com' END,
      'key:APIKBENCH', '10.0.0.1', 'environment', e.account_id, e.id, 'image:' || i.id,
      CASE WHEN n % 3 = 0 THEN 'nightly build ' || n WHEN n % 3 = 1 AND n < ${records / 2}::int THEN 'weekly build' END,
      object || '{"deprecated": false}', object || '{"deprecated": true}', 2, '', ''
    FROM generate_series(${from}::int + 1, ${from + atOnce}::int) n
    JOIN environment e ON e.nth = CASE WHEN n % 3 = 0 THEN 0 ELSE n % (SELECT count(*) FROM environment) END
    -- The first is the busy one; nothing happens to the second.
    JOIN image i ON i.nth = CASE WHEN n % 10 = 1 THEN 0 ELSE 2 + n % 9998 END
    CROSS JOIN LATERAL (SELECT jsonb_build_object('id', i.id, 'name', i.name, 'os', jsonb_build_object('id', i.os_id),
      'scope', 'environment', 'accountId', e.account_id, 'envId', e.id) AS object) made`.execute(
    db,
  );
}

/** One change of another kind by somebody who did nothing else, before all others. */
async function fillRare(db: Db, cold: string): Promise<void> {
  await sql`
    INSERT INTO operations_log (chain, revision, at, request_id, operation, actor, credential, origin, scope,
      account_id, environment_id, object, reason, after, others, shape, prev_hash, hash)
    SELECT 'account:' || e.account_id, 2000000000, now() - interval '2 years', gen_random_uuid(), 'projectCreate',
      ${rare}, 'session:bench', '10.0.0.2', 'environment', e.account_id, e.id,
      'project:' || gen_random_uuid(), 'unheardof', '{"name": "Rarely"}',
      jsonb_build_array(jsonb_build_object('object', 'image:' || ${cold}::text, 'before', '{}'::jsonb, 'after', '{}'::jsonb)), 2, '', ''
    FROM environments e ORDER BY e.id LIMIT 1`.execute(db);
}

/** Each filter with what is frequent, what is rare and what is not there, from each viewpoint. */
export function planOperationReads(
  viewpoints: readonly Viewpoint[],
  { hotImage, coldImage }: { hotImage: string; coldImage: string },
): ReadRow[] {
  const page = 'maxResults=50&cursor=start';
  const filters: Record<string, string> = {
    'first page': '',
    'first page with total': '&include=total',
    'a busy person': `&person=${busy}`,
    'a rare person': `&person=${rare}`,
    'a rare person with total': `&include=total&person=${rare}`,
    'an unknown person': '&person=nobody@example.com',
    'a frequent operation': '&operation=imageUpdate',
    'a rare operation': '&operation=projectCreate',
    'an operation that nobody did': '&operation=farmLock',
    'a frequent kind': '&kind=image',
    'a rare kind': '&kind=project',
    'a kind that nothing changed': '&kind=costCenter',
    'a busy object': `&object=image:${hotImage}`,
    'a rare object': `&object=image:${coldImage}`,
    'an unknown object': '&object=role:2147483647',
    'a frequent word': '&query=nightly',
    'a word that was frequent until half of them ago': '&query=weekly',
    'a rare word': '&query=unheardof',
    'a word that nobody used': '&query=neverwritten',
    'a rare person and a frequent operation': `&person=${rare}&operation=imageUpdate`,
    'a busy person and a rare operation': `&person=${busy}&operation=projectCreate`,
    'before everything': '&to=2000-01-01T00:00:00.000Z',
    'oldest first': '&sort=at',
  };
  return viewpoints.flatMap((view) =>
    Object.entries(filters).map(([name, filter]) => ({
      group,
      name: `${name}: ${view.name}`,
      path: pathAt(view, `/operations/?${page}${filter}`),
      barMs,
    })),
  );
}

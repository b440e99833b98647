import { sql } from 'kysely';
import { countBurnDown, keepBurnDown } from '#server/database/queries/farms/burn-down-points.ts';
import { type Db, openDatabase } from '#server/database/connection/connection.ts';
import { createSession } from '#server/auth/sessions.ts';
import { createClient } from '#server/testing/harness.ts';
import { openClient } from './http.ts';
import { printTable, renderDocument } from './report.ts';
import { describeMachine, type ResultRow, writeResults } from './results.ts';
import { startBenchServer } from './server.ts';

const about =
  'How much a year of burn-downs takes on estate l, and how long it takes to count and to read. In the year, the image of every farm role is replaced every 28 days, and each of its servers leaves the old image at a moment of its own within the next 28. The points of that year are made as they would have been counted, put together as they are kept, and stored anew (VACUUM FULL) before their tables and indexes are measured.';

/** Replaced so often, in days; and so long the servers take to leave. */
const cycleDays = 28;
const yearDays = 364;

/** All moments at which servers came to an old image and left it, as the loop would have written them. */
async function makeYear(db: Db): Promise<void> {
  const cycles = yearDays / cycleDays;
  await sql`
    INSERT INTO burn_down_series (farm_role_id, farm_id, account_id, environment_id, owner_id, role_id, image_id,
      servers, stale, deprecated, cloud_platform, cloud_location)
    SELECT fr.id, fr.farm_id, fr.account_id, fr.environment_id, f.owner_id, fr.role_id,
      md5(fr.role_id || ' ' || fr.image_location || ' ' || cycle)::uuid, 0, true, false, fr.cloud_platform, fr.cloud_location
    FROM farm_roles fr JOIN farms f ON f.id = fr.farm_id, generate_series(1, ${cycles}::int) cycle
    ORDER BY cycle, fr.id`.execute(db);
  await sql`
    INSERT INTO burn_down_points (series_id, change, at)
    SELECT series_id, sum(change), date_trunc('minute', at) FROM (
      SELECT told.series_id, part.change, clock_timestamp() - make_interval(days => ${yearDays}) + part.after AS at
      FROM (SELECT series.id AS series_id, s.id AS server_id,
          (row_number() OVER (PARTITION BY s.id ORDER BY series.id) - 1) * ${cycleDays} + series.role_id % ${cycleDays} AS day
        FROM burn_down_series series JOIN servers s ON s.farm_role_id = series.farm_role_id AND s.status = 'running'
        WHERE series.servers = 0) told,
      LATERAL (VALUES (1, make_interval(days => told.day::int)),
        (-1, make_interval(days => told.day::int)
          + ${cycleDays} * (1 + hashtext(told.server_id || ' ' || told.series_id)::bigint + 2147483648) / 4294967296.0 * interval '1 day')) part (change, after)
      ) moments GROUP BY 1, 3 HAVING sum(change) <> 0 AND date_trunc('minute', at) < date_trunc('minute', clock_timestamp())`.execute(
    db,
  );
  await sql`UPDATE burn_down_series series SET servers = told.servers FROM (
    SELECT series_id, sum(change) AS servers FROM burn_down_points GROUP BY 1) told WHERE told.series_id = series.id`.execute(
    db,
  );
}

async function timeMs(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return Math.round((performance.now() - started) * 10) / 10;
}

async function countOf(db: Db, what: 'burn_down_points' | 'burn_down_series'): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    SELECT count(*)::int AS n FROM ${sql.table(what)}`.execute(db);
  return rows[0]?.n ?? 0;
}

async function megabytes(db: Db): Promise<number> {
  const { rows } = await sql<{ mb: number }>`
    SELECT (pg_total_relation_size('burn_down_points') + pg_total_relation_size('burn_down_series')) / 1e6 AS mb`.execute(
    db,
  );
  return Math.round(Number(rows[0]?.mb ?? 0));
}

/** Reads for a corporate administrator, over the server. */
async function measureReads(db: Db, address: string): Promise<[name: string, p95: number][]> {
  const { email } = await createClient(db, 'administrator', { scope: 'scalr' });
  const users = db.selectFrom('users').where('email', '=', email).select('id');
  const { token } = await createSession(db, (await users.executeTakeFirstOrThrow()).id);
  const client = openClient(address, token);
  const year = new Date(Date.now() - yearDays * 86_400_000).toISOString();
  const reads = [
    ['90 days of all of Corporate', 'usage/burn-down/'],
    ['a year of all of Corporate', `usage/burn-down/?from=${year}`],
    ['90 days of all of Corporate, by farm', 'usage/burn-down/?split=farm'],
    ['50 replacements with their small burn-downs', 'replacements/?maxResults=50&include=burnDown'],
  ] as const;
  const measured: [string, number][] = [];
  for (const [name, path] of reads) {
    const times: number[] = [];
    for (let turn = 0; turn < 20; turn++)
      times.push(
        await timeMs(async () => {
          const { status, body } = await client.send('GET', `/api/v1beta0/global/${path}`);
          if (status !== 200) throw new Error(`${path}: ${status} ${body.toString()}`);
        }),
      );
    measured.push([name, times.toSorted((a, b) => a - b)[18] ?? 0]);
  }
  client.close();
  return measured;
}

const rows: ResultRow[] = [];
const note = (name: string, value: number, unit: string, most?: number) =>
  rows.push({
    name,
    p95: value,
    unit,
    ...(most === undefined ? {} : { bar: `< ${most} ${unit}`, holds: value < most }),
  } as ResultRow);

// npm run bench:burn-down: on a database of its own, which a server has been loaded into.
const machine = describeMachine();
const server = await startBenchServer('l', 0, process.env.SLIPWAY_BENCH_FOLDER);
const db = openDatabase(server.databaseUrl, { maxConnections: 2, limited: false });
try {
  await sql`INSERT INTO burn_down_changes SELECT farm_role_id FROM server_groups`.execute(db);
  note('counting every farm role at once', await timeMs(() => countBurnDown(db)), 'ms', 5_000);
  note('counting when nothing changed', await timeMs(() => countBurnDown(db)), 'ms', 20);
  await makeYear(db);
  note('points of a year, as counted', await countOf(db, 'burn_down_points'), 'rows');
  note('putting a year together at once', await timeMs(() => keepBurnDown(db)), 'ms');
  await sql`VACUUM (FULL, ANALYZE) burn_down_points, burn_down_series`.execute(db);
  note('points of a year, as kept', await countOf(db, 'burn_down_points'), 'rows');
  note('series of a year', await countOf(db, 'burn_down_series'), 'rows');
  note('a year, with indexes', await megabytes(db), 'MB', 150);
  for (const [name, p95] of await measureReads(db, server.address)) note(name, p95, 'ms', 300);
  printTable(rows);
  writeResults('burn-down', { title: 'Burn-down', about, machine, rows });
  renderDocument();
} finally {
  await db.destroy();
  await server.stop();
}
process.exit(0);

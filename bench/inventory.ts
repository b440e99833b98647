import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import type { Db } from '#server/database/connection/connection.ts';
import { checkInvariants } from '#server/database/invariants.ts';
import { addToEstate, group, image, server } from '#server/testing/estates.ts';
import { askLists } from './events.ts';
import type { HttpClient } from './http.ts';
import type { ReadRow } from './reads.ts';
import type { ResultRow } from './results.ts';
import { summarise } from './statistics.ts';

const locations = ['eu-west-1', 'sa-east-1', 'us-east-1'];
const [groupsPerPlace, serversPerGroup] = [100, 200];
const servers = locations.length * groupsPerPlace * serversPerGroup;
const barS = 60;
const barMs = 250;

/**
 * A cloud account with 60,000 servers in 300 groups is connected, and read by the server's own loop, while somebody
 * looks at one list after the other. The cloud is the simulated one, whose pages hold as much as those of EC2 and take
 * 400 ms each. Then it is read once more, and nothing may be written.
 */
export async function measureInventory(
  db: Db,
  client: HttpClient,
  reads: readonly ReadRow[],
): Promise<ResultRow[]> {
  const lists = reads.filter(({ body }) => body === undefined);
  const alone = await askLists(client, lists, () => false, 10_000);
  const id = await connect(db);
  const started = performance.now();
  let tookMs = Number.NaN;
  const isRead = async () => {
    if (Number.isNaN(tookMs) && (await countObserved(db)) >= servers)
      tookMs = performance.now() - started;
    return !Number.isNaN(tookMs);
  };
  const done = watch(isRead);
  const beside = await askLists(client, lists, done.is, 300_000);
  await done.end();
  const before = await countWrites(db);
  await readAgain(db, id);
  const written = (await countWrites(db)) - before;
  return toRows({ tookMs, alone, beside, written, broken: (await checkInvariants(db)).length });
}

/** Asks once a second whether something is so, beside what is measured. */
function watch(isSo: () => Promise<boolean>) {
  let done = false;
  const ending = (async () => {
    while (!done) {
      done = await isSo();
      if (!done) await sleep(500);
    }
  })();
  return { is: () => done, end: () => ending };
}

/** Credentials that an environment of the largest account uses, with an estate. @returns their id */
async function connect(db: Db): Promise<string> {
  const id = randomUUID();
  for (const location of locations) await addToEstate(db, id, location, factsAt(location));
  await db.transaction().execute(async (tx) => {
    await sql`INSERT INTO cloud_credentials (id, type, cloud_platform, name, created_by, scope, account_id)
      SELECT ${id}, 'SimulatedCloudCredentials', 'ec2', 'Measured', 'bench', 'account', account_id FROM farms
      GROUP BY account_id ORDER BY count(*) DESC LIMIT 1`.execute(tx);
    await sql`INSERT INTO environment_clouds (environment_id, account_id, cloud_platform, credentials_id)
      SELECT min(e.id), e.account_id, 'ec2', ${id} FROM environments e JOIN cloud_credentials c USING (account_id)
      WHERE c.id = ${id} GROUP BY 2`.execute(tx);
  });
  return id;
}

function factsAt(location: string) {
  const imageOf = (nth: number) => `ami-${location}-${nth % 20}`;
  const images = Array.from({ length: 20 }, (_, nth) => image(imageOf(nth)));
  const groups = Array.from({ length: groupsPerPlace }, (_, nth) => {
    const name = `group-${nth}`;
    const boots = [{ kind: 'image' as const, cloudImageId: imageOf(nth) }];
    // One in ten was started before the group moved on.
    const members = Array.from({ length: serversPerGroup }, (__, index) =>
      server(`i-${location}-${nth}-${index}`, imageOf(index % 10 === 0 ? nth + 1 : nth), name),
    );
    return [group(name, { boots, desired: serversPerGroup, maximum: 400 }), ...members];
  });
  return [...images, ...groups.flat()];
}

async function countObserved(db: Db): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    SELECT coalesce(sum(g.servers), 0)::int AS count FROM server_groups g JOIN observed_farms o USING (farm_id)`.execute(
    db,
  );
  return rows[0]?.count ?? 0;
}

/** A connection that has become idle tells what it has written after so long at the latest (PGSTAT_IDLE_INTERVAL). */
const toldAfterMs = 11_000;

/** How many rows of what was found have been written so far. */
async function countWrites(db: Db): Promise<number> {
  await sleep(toldAfterMs);
  await sql`SELECT pg_stat_force_next_flush(), pg_stat_clear_snapshot()`.execute(db);
  const { rows } = await sql<{ count: number }>`
    SELECT sum(n_tup_ins + n_tup_upd + n_tup_del)::int AS count FROM pg_stat_user_tables
    WHERE relname IN ('servers', 'farm_roles', 'observed_farms', 'observed_farm_roles', 'server_groups', 'role_images',
      'inventory_images', 'inventory_references')`.execute(db);
  return rows[0]?.count ?? 0;
}

/** Has everything read once more: credentials that were changed are due at once. */
async function readAgain(db: Db, id: string): Promise<void> {
  const { rows } = await sql<{ now: Date }>`SELECT clock_timestamp() AS now`.execute(db);
  await sql`UPDATE cloud_credentials SET version = version + 1 WHERE id = ${id}`.execute(db);
  for (;;) {
    const places = await sql<{ read_at: Date | null }>`
      SELECT read_at FROM inventory_locations WHERE credentials_id = ${id}`.execute(db);
    const since = rows[0]?.now ?? new Date(0);
    if (places.rows.every(({ read_at: at }) => at !== null && at > since)) break;
    await sleep(500);
  }
  // Farms are compared after a place is said to be read.
  await sleep(5_000);
}

interface Measured {
  tookMs: number;
  alone: readonly number[];
  beside: readonly number[];
  written: number;
  broken: number;
}

function toRows({ tookMs, alone, beside, written, broken }: Measured): ResultRow[] {
  const group = `${servers.toLocaleString('en-US')} servers of a cloud account are read, and lists meanwhile`;
  const lists = summarise(beside);
  const seconds = Math.round(tookMs / 100) / 10;
  return [
    {
      group,
      name: 'from connecting the account until all are shown',
      p95: seconds,
      unit: 's',
      bar: `< ${barS} s`,
      holds: seconds < barS,
      note: `${locations.length} places, ${locations.length * groupsPerPlace} groups`,
    },
    {
      group,
      name: 'lists, one after the other',
      ...lists,
      unit: 'ms',
      floor: summarise(alone),
      bar: `< ${barMs} ms`,
      holds: lists.p95 < barMs,
      note: `${beside.length} lists`,
    },
    {
      group,
      name: 'rows that reading the same once more writes',
      p95: written,
      unit: '',
      bar: 'none',
      holds: written === 0,
    },
    {
      group,
      name: 'rows that break an invariant, after it',
      p95: broken,
      unit: '',
      bar: 'none',
      holds: broken === 0,
    },
  ];
}

import { type RawBuilder, sql, type Transaction } from 'kysely';
import type { Database } from '../../schema.ts';
import type { Db } from '../../connection/connection.ts';

// How the points of docs/domain.md, "Burn-down", are made and kept.

/** What tells two series apart. */
const key = sql`farm_role_id, image_id, owner_id, role_id, cloud_location, stale, deprecated`;

/**
 * What there is to count now, as a subquery with the columns of `burn_down_series`: the groups of live servers on old
 * images, with the owner, the role and the place that each has at this moment.
 */
export const presentSeries = sql`(
  SELECT g.farm_role_id, g.farm_id, g.account_id, g.environment_id, f.owner_id, fr.role_id, g.image_id, g.servers,
    g.stale, g.deprecated, fr.cloud_platform, fr.cloud_location
  FROM server_groups g JOIN farms f ON f.id = g.farm_id JOIN farm_roles fr ON fr.id = g.farm_role_id WHERE g.old)`;

/**
 * Counts what may have changed since the last time, in one snapshot, and writes down what has.
 * @returns how many points it wrote; nothing is written where nothing changed
 */
export async function countBurnDown(db: Db): Promise<number> {
  const { rows } = await sql`SELECT FROM burn_down_changes LIMIT 1`.execute(db);
  if (rows.length === 0) return 0;
  return db
    .transaction()
    .setIsolationLevel('read committed')
    .execute(async (tx) => {
      // Held before the snapshot of the next statement is taken: of two that count, the second sees what the first wrote.
      const { rows: taken } = await sql<{ at: string }>`
        UPDATE burn_down_state SET counted_at = greatest(clock_timestamp(), counted_at + interval '1 ms')
        RETURNING counted_at::text AS at`.execute(tx);
      const { numAffectedRows } = await countSeries(sql`${taken[0]?.at}::timestamptz`).execute(tx);
      return Number(numAffectedRows);
    });
}

function countSeries(at: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`
    WITH noted AS (DELETE FROM burn_down_changes RETURNING farm_role_id),
    counted AS (SELECT * FROM ${presentSeries} present
      WHERE farm_role_id IN (SELECT farm_role_id FROM noted)),
    known AS (SELECT * FROM burn_down_series WHERE farm_role_id IN (SELECT farm_role_id FROM noted)),
    differing AS MATERIALIZED (
      SELECT known.id, ${key}, counted.farm_id, counted.account_id, counted.environment_id, counted.cloud_platform,
        coalesce(counted.servers, 0) - coalesce(known.servers, 0) AS change
      FROM counted FULL JOIN known USING (${key})
      WHERE coalesce(counted.servers, 0) <> coalesce(known.servers, 0)),
    changed AS (
      UPDATE burn_down_series series SET servers = servers + differing.change
      FROM differing WHERE series.id = differing.id),
    added AS (
      INSERT INTO burn_down_series (${key}, farm_id, account_id, environment_id, cloud_platform, servers)
      SELECT ${key}, farm_id, account_id, environment_id, cloud_platform, change FROM differing WHERE id IS NULL
      RETURNING id, servers)
    INSERT INTO burn_down_points (series_id, change, at)
    SELECT id, change, ${at} FROM differing WHERE id IS NOT NULL
    UNION ALL SELECT id, servers, ${at} FROM added`;
}

/** Of each of these units, the last moment alone is kept once it is so old. */
const steps = [
  { until: 'hourly_until', unit: 'hour', keptFor: '2 days' },
  { until: 'daily_until', unit: 'day', keptFor: '60 days' },
] as const;

/** What is older than this many days is one moment: the first that is known. */
const keptDays = 400;

/**
 * Puts old points together: by the hour, by the day, and those of more than 400 days ago to where the rest begins;
 * what then has no points any more goes.
 * What is kept stays exact, since whole moments go: what changed by then is told at the next that stays.
 */
export async function keepBurnDown(db: Db): Promise<void> {
  let merged = await mergeOldest(db);
  for (const { until, unit, keptFor } of steps)
    while (await putTogether(db, until, unit, keptFor)) merged = true;
  if (!merged) return;
  await db.transaction().execute(async (tx) => {
    await holdState(tx);
    await sql`DELETE FROM burn_down_series series WHERE servers = 0
      AND NOT EXISTS (SELECT FROM burn_down_points WHERE series_id = series.id)`.execute(tx);
  });
}

/** @returns whether there was more than one moment that is too old */
async function mergeOldest(db: Db): Promise<boolean> {
  const end = sql`date_trunc('day', clock_timestamp() - make_interval(days => ${keptDays}), 'UTC')`;
  return db.transaction().execute(async (tx) => {
    await holdState(tx);
    const { rows } = await sql`
      SELECT FROM burn_down_points WHERE at < ${end} AND at > (SELECT min(at) FROM burn_down_points) LIMIT 1`.execute(
      tx,
    );
    if (rows.length === 0) return false;
    await merge(tx, sql`at < ${end}`, sql`0`);
    return true;
  });
}

/** Goes on by a day at most, so that no transaction takes long. @returns whether more may be left */
async function putTogether(
  db: Db,
  until: 'hourly_until' | 'daily_until',
  unit: 'hour' | 'day',
  keptFor: string,
): Promise<boolean> {
  return db.transaction().execute(async (tx) => {
    await holdState(tx);
    const { rows } = await sql<{ from: string; to: string }>`
      SELECT first.at::text AS "from",
        least(date_trunc('day', first.at, 'UTC') + interval '1 day',
          date_trunc(${unit}, clock_timestamp() - ${keptFor}::interval, 'UTC'))::text AS "to"
      FROM burn_down_state, LATERAL (
        SELECT at FROM burn_down_points WHERE at >= ${sql.ref(until)} ORDER BY at LIMIT 1) first
      WHERE first.at < date_trunc(${unit}, clock_timestamp() - ${keptFor}::interval, 'UTC')`.execute(
      tx,
    );
    const [window] = rows;
    if (!window) return false;
    const { from, to } = window;
    await merge(
      tx,
      sql`at >= ${from}::timestamptz AND at < ${to}::timestamptz`,
      sql`date_trunc(${unit}, at, 'UTC')`,
    );
    await sql`UPDATE burn_down_state SET ${sql.ref(until)} = ${to}::timestamptz`.execute(tx);
    return true;
  });
}

async function holdState(tx: Transaction<Database>): Promise<void> {
  await sql`SELECT FROM burn_down_state FOR UPDATE`.execute(tx);
}

/** Moves what changed in the course of a unit to the last moment that was counted in it. */
async function merge(tx: Db, which: RawBuilder<unknown>, unit: RawBuilder<unknown>): Promise<void> {
  await sql`
    WITH moved AS (
      DELETE FROM burn_down_points WHERE ${which} RETURNING series_id, change, at, ${unit} AS unit),
    kept AS (SELECT unit, max(at) AS at FROM moved GROUP BY unit)
    INSERT INTO burn_down_points (series_id, change, at)
    SELECT moved.series_id, sum(moved.change), kept.at FROM moved JOIN kept USING (unit)
    GROUP BY moved.series_id, kept.at HAVING sum(moved.change) <> 0`.execute(tx);
}

import { type RawBuilder, sql } from 'kysely';
import type { BurnDownQuery, BurnDownSplit } from '#contract/farms/burn-down.ts';
import type { ScopeRef } from '#contract/scope.ts';
import type { BurnDownChange } from '../../../domain/burn-down.ts';
import type { Db } from '../../connection/connection.ts';
import { isSameCloudImage, registrationsWanted } from '../images/same-cloud-image.ts';
import { equal } from '../lists/equal.ts';
import { matchesSearch } from '../lists/search.ts';
import { whetherObserved } from '../observed-farms/observed-as.ts';
import { isAtOrBelow } from '../organisation/visibility.ts';
import { presentSeries } from './burn-down-points.ts';
import { usageWays } from './usage-rows.ts';

// Reads the points of docs/domain.md, "Burn-down".

/** So many lines are told apart; the rest is one. */
const mostLines = 8;
/** So many parts has the time, and each gives one moment. */
const parts = 120;

export type BurnDownFilters = Omit<BurnDownQuery, 'split' | 'from' | 'to'>;

/** Whether nothing is left out. */
function isEmpty(filters: BurnDownFilters): boolean {
  return Object.values(filters).every((value) => value === undefined);
}

/** Conditions on `g`, a series: the same filters as those of usage leave the same servers. */
function seriesIn(scope: ScopeRef, filters: BurnDownFilters): RawBuilder<unknown> {
  const { account, environment, farm, role, owner, cloudPlatform, cloudLocation } = filters;
  const where = [
    isAtOrBelow('g', scope),
    ...equal('g', { account_id: account, environment_id: environment, farm_id: farm }),
    ...equal('g', { role_id: role, owner_id: owner }),
    ...equal('g', { cloud_platform: cloudPlatform, cloud_location: cloudLocation }),
    ...registrationsWanted(filters).map((ids) => sql`g.image_id = ANY(${ids})`),
    ...whetherObserved('g.farm_id', filters.observed),
    ...(filters.why ? [sql`g.${sql.raw(filters.why)}`] : []),
    ...matchesSearch(filters.query, usageWays),
    ...(filters.replacement === undefined
      ? []
      : [sql`(g.role_id, g.image_id) IN (${replacedImages(filters.replacement)})`]),
  ];
  return sql.join(where, sql` AND `);
}

/** The roles that a replacement changed, each with every registration of what it had before. */
const replacedImages = (id: string) => sql`
  SELECT pr.role_id, started.id FROM replacement_roles pr
  JOIN images old_image ON old_image.id = pr.old_image_id
  JOIN images started ON ${isSameCloudImage('started', 'old_image')}
  WHERE pr.replacement_id = ${id}`;

const lineOf: Record<BurnDownSplit, RawBuilder<unknown>> = {
  account: sql`g.account_id::text`,
  environment: sql`g.environment_id::text`,
  farm: sql`g.farm_id::text`,
  owner: sql`g.owner_id::text`,
  place: sql`concat_ws('/', g.cloud_platform, nullif(g.cloud_location, ''))`,
};

export interface BurnDownRows {
  /** In the time that is looked at, those after its end in a part of their own. */
  changes: BurnDownChange[];
  /** What the lines had when they were last counted. */
  counted: Map<string | null, number>;
  /** What they have now. */
  present: Map<string | null, number>;
  /** The last moment before the time that is looked at that was counted, if there is one. */
  before: Date | undefined;
}

/** The part of what changed after the end. */
export const afterEnd = 1_000_000;

/** What changed at and below a scope between two moments, by line; without a split all is one line, ''. */
export async function fetchBurnDown(
  tx: Db,
  scope: ScopeRef,
  { split, ...filters }: BurnDownFilters & { split?: BurnDownSplit | undefined },
  { from, to }: { from: Date; to: Date },
): Promise<BurnDownRows> {
  const where = seriesIn(scope, filters);
  const line =
    split === undefined ? sql`''` : await lineAmongMost(tx, where, lineOf[split], { from });
  // Of everything in one line, no point needs to be looked up: half of the time.
  const isAll = split === undefined && scope.scope === 'scalr' && isEmpty(filters);
  const ofSeries = isAll ? sql`` : sql`JOIN burn_down_series g ON g.id = p.series_id AND ${where}`;
  const { rows } = await sql<{
    kind: 'change' | 'counted' | 'present';
    part: number;
    at: Date;
    line: string | null;
    servers: number;
  }>`
    WITH changes AS MATERIALIZED (
      SELECT p.at, ${line} AS line, sum(p.change)::int AS change FROM burn_down_points p ${ofSeries}
      WHERE p.at > ${from} GROUP BY 1, 2),
    begin AS (SELECT coalesce(min(at), ${to}) AS at FROM changes)
    SELECT 'change' AS kind,
      CASE WHEN c.at > ${to} THEN ${afterEnd} ELSE floor(${parts} * extract(epoch FROM c.at - begin.at)
        / greatest(extract(epoch FROM ${to}::timestamptz - begin.at), 1))::int END AS part,
      max(c.at) AS at, c.line, sum(c.change)::int AS servers
    FROM changes c CROSS JOIN begin GROUP BY 2, 4
    UNION ALL
    SELECT 'counted', 0, NULL, ${line}, sum(g.servers)::int FROM burn_down_series g WHERE ${where} GROUP BY 4
    UNION ALL
    SELECT 'present', 0, NULL, ${line}, sum(g.servers)::int FROM ${presentSeries} g WHERE ${where} GROUP BY 4`.execute(
    tx,
  );
  const countsOf = (kind: string) =>
    new Map(rows.filter((row) => row.kind === kind).map((row) => [row.line, row.servers]));
  return {
    changes: rows
      .filter(({ kind }) => kind === 'change')
      .map(({ part, at, line: of, servers }) => ({ part, at, line: of, change: servers })),
    counted: countsOf('counted'),
    present: countsOf('present'),
    before: await findLastBefore(tx, where, from),
  };
}

/** The line of `g`, a series, where it is one of those that have, or have lost, the most servers; else null. */
async function lineAmongMost(
  tx: Db,
  where: RawBuilder<unknown>,
  line: RawBuilder<unknown>,
  { from }: { from: Date },
): Promise<RawBuilder<unknown>> {
  const { rows } = await sql<{ line: string }>`
    SELECT line FROM (
      SELECT ${line} AS line, sum(g.servers) AS weight FROM ${presentSeries} g WHERE ${where} GROUP BY 1
      UNION ALL
      SELECT ${line}, -sum(p.change) FROM burn_down_points p JOIN burn_down_series g ON g.id = p.series_id
      WHERE p.at > ${from} AND p.change < 0 AND ${where} GROUP BY 1) w
    GROUP BY line ORDER BY sum(weight) DESC, line LIMIT ${mostLines}`.execute(tx);
  return sql`CASE WHEN ${line} = ANY(${rows.map((row) => row.line)}::text[]) THEN ${line} END`;
}

/** Where much is looked at, something changed in the last days before any moment. */
const shortDays = 2;

/** When series were last counted with a change until a moment, if they were. */
async function findLastBefore(
  tx: Db,
  where: RawBuilder<unknown>,
  moment: Date,
): Promise<Date | undefined> {
  const find = async (since: Date | '-infinity') => {
    const { rows } = await sql<{ at: Date | null }>`
      SELECT max(p.at) AS at FROM burn_down_points p
      WHERE p.at > ${since}::timestamptz AND p.at <= ${moment}
        AND p.series_id IN (SELECT g.id FROM burn_down_series g WHERE ${where})`.execute(tx);
    return rows[0]?.at ?? undefined;
  };
  return (await find(daysBefore(moment, shortDays))) ?? (await find('-infinity'));
}

const daysBefore = (moment: Date, days: number) => new Date(moment.getTime() - days * 86_400_000);

/** How long a farm has had no fewer, in days, when it does not move. */
const stillDays = 7;

/** The farms whose servers on old images are no fewer than a week ago, most servers first; the counts are whole. */
export async function fetchStillFarms(
  tx: Db,
  scope: ScopeRef,
  filters: BurnDownFilters,
  limit: number,
  now: Date,
): Promise<{ farm_id: number; servers: number; farms: number; all_servers: number }[]> {
  const where = seriesIn(scope, filters);
  const { rows } = await sql<{
    farm_id: number;
    servers: number;
    farms: number;
    all_servers: number;
  }>`
    WITH present AS (SELECT g.farm_id, sum(g.servers)::int AS servers FROM ${presentSeries} g WHERE ${where} GROUP BY 1),
    earlier AS (
      SELECT farm_id, sum(servers) AS servers FROM (
        SELECT g.farm_id, g.servers FROM burn_down_series g WHERE ${where}
        UNION ALL SELECT g.farm_id, -p.change FROM burn_down_points p JOIN burn_down_series g ON g.id = p.series_id
          WHERE p.at > ${daysBefore(now, stillDays)} AND ${where}) parts GROUP BY farm_id)
    SELECT farm_id, present.servers, count(*) OVER ()::int AS farms, sum(present.servers) OVER ()::int AS all_servers
    FROM present JOIN earlier USING (farm_id)
    WHERE earlier.servers > 0 AND present.servers >= earlier.servers
    ORDER BY present.servers DESC, farm_id LIMIT ${limit}`.execute(tx);
  return rows;
}

/** What lines are called, by id; what is gone has no name any more. */
export async function fetchLineNames(
  tx: Db,
  split: BurnDownSplit,
  ids: readonly string[],
): Promise<Map<string, string>> {
  if (split === 'place') return new Map(ids.map((id) => [id, id.replace('/', ' ')]));
  const table = { account: 'accounts', environment: 'environments', farm: 'farms', owner: 'users' }[
    split
  ];
  const { rows } = await sql<{ id: string; name: string }>`
    SELECT id::text AS id, name FROM ${sql.table(table)} WHERE id = ANY(${ids}::int[])`.execute(tx);
  return new Map(rows.map(({ id, name }) => [id, name]));
}

/** So many moments has a small chart. */
const smallParts = 24;

/** What changed of each replacement since it was made, at and below a scope, and what was counted last; in few parts. */
export async function fetchReplacementBurnDowns(
  tx: Db,
  scope: ScopeRef,
  ids: readonly string[],
): Promise<Map<string, Pick<BurnDownRows, 'changes' | 'counted'>>> {
  const { rows } = await sql<{ id: string; counted: number; changes: BurnDownChange[] | null }>`
    -- From the few images: a replacement may have changed thousands of roles, and a page has many replacements.
    WITH started AS MATERIALIZED (
      SELECT old_image.id AS old_image_id, started.id AS image_id
      FROM images old_image JOIN images started ON ${isSameCloudImage('started', 'old_image')}
      WHERE old_image.id IN (SELECT old_image_id FROM replacement_roles WHERE replacement_id = ANY(${ids}::uuid[]))),
    kept AS MATERIALIZED (
      SELECT DISTINCT pr.replacement_id, g.id, g.servers
      FROM started JOIN burn_down_series g ON g.image_id = started.image_id
      JOIN replacement_roles pr ON (pr.role_id, pr.old_image_id) = (g.role_id, started.old_image_id)
        AND pr.replacement_id = ANY(${ids}::uuid[])
      WHERE ${isAtOrBelow('g', scope)}),
    changes AS (
      SELECT kept.replacement_id, p.at, sum(p.change)::int AS change,
        min(p.at) OVER (PARTITION BY kept.replacement_id) AS begin
      FROM kept JOIN burn_down_points p ON p.series_id = kept.id GROUP BY 1, 2),
    parted AS (
      SELECT replacement_id, max(at) AS at, sum(change)::int AS change,
        floor(${smallParts} * extract(epoch FROM at - begin)
          / greatest(extract(epoch FROM clock_timestamp() - begin), 1))::int AS part
      FROM changes GROUP BY replacement_id, 4)
    SELECT kept.replacement_id AS id, sum(kept.servers)::int AS counted, (
      SELECT jsonb_agg(jsonb_build_object('part', part, 'at', at, 'line', '', 'change', change))
      FROM parted WHERE parted.replacement_id = kept.replacement_id) AS changes
    FROM kept GROUP BY 1`.execute(tx);
  return new Map(
    rows.map(({ id, counted, changes }) => [
      id,
      {
        counted: new Map([['', counted]]),
        changes: (changes ?? []).map((change) => ({ ...change, at: new Date(change.at) })),
      },
    ]),
  );
}

import { ApiError } from '#contract/errors.ts';
import type { BurnDownPoint } from '#contract/farms/burn-down-points.ts';
import type { BurnDownQuery } from '#contract/farms/burn-down.ts';
import type { Data } from '#contract/operations.ts';
import {
  afterEnd,
  fetchBurnDown,
  fetchLineNames,
  fetchReplacementBurnDowns,
  fetchStillFarms,
} from '../../database/queries/farms/burn-down.ts';
import { fetchFarmsInShort } from '../../database/queries/replacements/replacement-reach.ts';
import { countBack, planBurnDown } from '../../domain/burn-down.ts';
import { safeCell } from '../../domain/csv.ts';
import type { Context, CsvRow, SomeHandlers } from '../context.ts';
import { toFarmOnOld } from '../replacements/replacement-present.ts';

type BurnDown = Data<'usageBurnDown'>;

const usualDays = 90;
/** At most so many farms that do not move are listed. */
const listedFarms = 20;

/** Servers on old images over time: docs/domain.md, "Burn-down". */
export const burnDownHandlers = {
  usageBurnDown: async (ctx, { query }) => {
    const { split: _split, from: _from, to: _to, ...filters } = query;
    const { points, lines, servers } = await readPoints(ctx, query);
    const still = await fetchStillFarms(ctx.tx, ctx.scope, filters, listedFarms, ctx.now);
    const ids = still.map(({ farm_id }) => farm_id);
    const farms = await fetchFarmsInShort(ctx.tx, ids);
    return {
      data: {
        servers,
        points,
        lines,
        trend: planBurnDown(points),
        still: {
          farms: still[0]?.farms ?? 0,
          servers: still[0]?.all_servers ?? 0,
          items: still.flatMap((row) => toFarmOnOld(farms.get(row.farm_id), row.servers)),
        },
      },
    };
  },

  usageBurnDownExport: async (ctx, { query }) => ({ data: '', csv: exportRows(ctx, query) }),
} satisfies SomeHandlers;

async function* exportRows(ctx: Context, query: BurnDownQuery): AsyncGenerator<CsvRow> {
  const { points, lines } = await readPoints(ctx, query);
  const { split } = query;
  if (split === undefined) {
    yield ['At (UTC)', 'Servers on old images'];
    for (const { at, servers } of points) yield [at, servers];
    return;
  }
  yield ['At (UTC)', split, `${split} id`, 'Servers on old images'].map(capitalised);
  for (const [n, { at }] of points.entries())
    for (const { id, name, servers } of lines)
      yield [at, safeCell(name), safeCell(id), servers[n] ?? 0];
}

const capitalised = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

/** The time that is looked at. @throws ApiError InvalidValue when it ends before it begins */
function timeOf(ctx: Context, query: BurnDownQuery): { from: Date; to: Date; isToNow: boolean } {
  const asked = query.to === undefined ? ctx.now : new Date(query.to);
  const to = asked < ctx.now ? asked : ctx.now;
  const from = new Date(query.from ?? to.getTime() - usualDays * 86_400_000);
  if (from > asked)
    throw new ApiError('InvalidValue', '“from” is later than the end.', { field: 'from' });
  return { from, to, isToNow: to === ctx.now };
}

/** Each point as it was counted, and at the end what there is now. */
async function readPoints(
  ctx: Context,
  query: BurnDownQuery,
): Promise<Pick<BurnDown, 'servers' | 'points' | 'lines'>> {
  const { from, to, isToNow } = timeOf(ctx, query);
  const { split } = query;
  const { from: _from, to: _to, ...wanted } = query;
  const rows = await fetchBurnDown(ctx.tx, ctx.scope, wanted, { from, to });
  const later = rows.changes.filter(({ part }) => part === afterEnd);
  const end = countBack(later, rows.counted).before;
  const shown = countBack(
    rows.changes.filter(({ part }) => part !== afterEnd),
    end,
  );
  const names = new Set([...shown.lines.keys(), ...(isToNow ? rows.present.keys() : [])]);
  const countsOf = (line: string | null) => [
    ...(rows.before ? [shown.before.get(line) ?? 0] : []),
    ...(shown.lines.get(line) ?? shown.at.map(() => 0)),
    ...(isToNow ? [rows.present.get(line) ?? 0] : []),
  ];
  const moments = [
    ...(rows.before ? [rows.before] : []),
    ...shown.at,
    ...(isToNow ? [latest(ctx.now, shown.at.at(-1))] : []),
  ];
  const counts = [...names].map((line) => ({ line, servers: countsOf(line) }));
  return {
    servers: sum([...rows.present.values()]),
    points: moments.map((at, n) => ({
      at: at.toISOString(),
      servers: sum(counts.map(({ servers }) => servers[n] ?? 0)),
    })),
    lines: split === undefined ? [] : await named(ctx, split, counts),
  };
}

/** A count may be a moment younger than this read by its clock. */
function latest(now: Date, counted: Date | undefined): Date {
  return counted !== undefined && counted > now ? counted : now;
}

const sum = (counts: readonly number[]) => counts.reduce((all, count) => all + count, 0);

/** Lines by name, those with the most servers now first and the rest last. */
async function named(
  ctx: Context,
  split: NonNullable<BurnDownQuery['split']>,
  counts: readonly { line: string | null; servers: number[] }[],
): Promise<BurnDown['lines']> {
  const ids = counts.flatMap(({ line }) => line ?? []);
  const names = await fetchLineNames(ctx.tx, split, ids);
  return counts
    .map(({ line: id, servers }) => ({
      id,
      name: id === null ? 'All others' : (names.get(id) ?? `${capitalised(split)} ${id}, gone`),
      servers,
    }))
    .sort(
      (a, b) =>
        Number(a.id === null) - Number(b.id === null) ||
        (b.servers.at(-1) ?? 0) - (a.servers.at(-1) ?? 0) ||
        sum(b.servers) - sum(a.servers),
    );
}

/**
 * The small burn-down of each replacement of a page, with one read for them all.
 * @param present servers on old images now, by replacement
 */
export async function readReplacementBurnDowns(
  ctx: Context,
  ids: readonly string[],
  present: (id: string) => number,
): Promise<Map<string, BurnDownPoint[]>> {
  if (ids.length === 0) return new Map();
  const found = await fetchReplacementBurnDowns(ctx.tx, ctx.scope, ids);
  return new Map(
    ids.map((id) => {
      const rows = found.get(id);
      const { at, lines } = countBack(rows?.changes ?? [], rows?.counted ?? new Map());
      const counts = lines.get('') ?? [];
      const points = at.map((moment, n) => ({
        at: moment.toISOString(),
        servers: counts[n] ?? 0,
      }));
      const now = latest(ctx.now, at.at(-1)).toISOString();
      return [id, points.length === 0 ? [] : [...points, { at: now, servers: present(id) }]];
    }),
  );
}

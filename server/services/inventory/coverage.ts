import type { ScopeRef } from '#contract/scope.ts';
import type { Coverage } from '#contract/inventory/cloud-images.ts';
import {
  coverageListPlan,
  type CoverageRow,
  fetchCoverage,
} from '../../database/queries/inventory/coverage.ts';
import { fetchPage } from '../../database/queries/lists/paging.ts';
import {
  type Coverage as JoinedCoverage,
  joinCoverage,
  notReadOf,
  type PlaceCoverage,
} from '../../domain/inventory/image-use.ts';
import type { Db } from '../../database/connection/connection.ts';
import type { Context, SomeHandlers } from '../context.ts';

/** Which places were read when: docs/domain.md, "Inventory". */
export const coverageHandlers = {
  inventoryCoverageList: async (ctx, { query }) => {
    const sort = query.sort ?? 'name';
    const plan = coverageListPlan(ctx.scope, query, sort);
    const of = ['inventoryCoverageList', ctx.scope];
    const { ids, page } = await fetchPage<string>(ctx.tx, plan, { ...query, sort }, of);
    const rows = await fetchCoverage(ctx.tx, ctx.scope, ids);
    return { data: rows.map((row) => toCoverage(ctx, row)), page };
  },
} satisfies SomeHandlers;

/** Every place that credentials within reach of a scope have, be that of the request or another. */
export function fetchAllCoverage(ctx: Context, scope: ScopeRef): Promise<CoverageRow[]> {
  return fetchCoverage(ctx.tx, scope);
}

/** By platform, what everything in reach of the scope together was read of. */
export async function readCoverage(
  ctx: Pick<Context, 'scope' | 'now'> & { tx: Db },
): Promise<Map<string, JoinedCoverage>> {
  const byPlatform = Map.groupBy(
    await fetchCoverage(ctx.tx, ctx.scope),
    (row) => row.cloud_platform,
  );
  return new Map(
    [...byPlatform].map(([platform, rows]) => [
      platform,
      joinCoverage(rows.map(toPlaceCoverage), ctx.now),
    ]),
  );
}

/** The platforms of which everything was read, so that what is not found is not there. */
export function wholeOf(coverage: ReadonlyMap<string, JoinedCoverage>): string[] {
  return [...coverage].flatMap(([platform, { notRead, since }]) =>
    notRead.length === 0 && since !== undefined ? [platform] : [],
  );
}

export async function findWholePlatforms(ctx: Context): Promise<string[]> {
  return wholeOf(await readCoverage(ctx));
}

/** A place as the rules look at it. */
export function toPlaceCoverage(row: CoverageRow): PlaceCoverage {
  return {
    credentials: row.credentials_name,
    account: row.account,
    location: row.cloud_location,
    readAt: row.read_at,
    error: row.error,
    unread: row.unread,
    unresolved: row.unresolved,
  };
}

function toCoverage(ctx: Context, row: CoverageRow): Coverage {
  return {
    id: row.id,
    credentials: { id: row.credentials_id, name: row.credentials_name },
    cloudPlatform: row.cloud_platform,
    cloudLocation: row.cloud_location,
    account: row.account,
    read: row.read_at?.toISOString() ?? null,
    milliseconds: row.took_ms,
    tried: row.tried_at?.toISOString() ?? null,
    error: row.error,
    unread: row.unread,
    unresolved: row.unresolved.map(({ id, kind, name, words }) => ({
      id,
      kind,
      words: `${name} ${words}`,
    })),
    isWhole: notReadOf(toPlaceCoverage(row), ctx.now).length === 0,
  };
}

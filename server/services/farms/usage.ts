import { sql } from 'kysely';
import type { ServiceInput } from '#contract/operations.ts';
import { fetchPage, type ListPlan, parseSort } from '../../database/queries/lists/paging.ts';
import { fetchUsageGroups, usageGroups } from '../../database/queries/farms/usage-groups.ts';
import {
  fetchUsageRows,
  fetchUsageTotals,
  matchesOf,
  oldGroups,
  streamUsageRows,
  type UsageFilters,
} from '../../database/queries/farms/usage-rows.ts';
import type { Context, CsvRow, Handlers } from '../context.ts';
import { toUsageGroup, toUsageRow, usageCsvHeader, usageCsvRow } from './present-usage.ts';

type Sort = NonNullable<ServiceInput<'usageList'>['query']['sort']>;

/** Which farms still run old images: docs/domain.md, "Usage and staleness". */
export const usageHandlers: Handlers<
  'usageList' | 'usageGroupList' | 'usageTotals' | 'usageExport'
> = {
  usageList: async (ctx, { query }) => {
    const { sort = '-servers', include, pageNum, maxResults, cursor, ...filters } = query;
    const { ids, page } = await fetchPage<string>(
      ctx.tx,
      {
        from: sql`server_groups g${parseSort(sort).name === 'farm' ? sql` JOIN farms f ON f.id = g.farm_id` : sql``}`,
        branches: filters.query ? matchesOf(filters.query) : [sql`true`],
        overlapping: true,
        where: oldGroups(ctx.scope, { ...filters, query: undefined }),
        id: sql`g.id`,
        idType: 'text',
        ...order(sort, 'f'),
      },
      { pageNum, maxResults, cursor },
      {
        list: ['usageList', ctx.scope, filters, sort],
        total: include?.includes('total') ?? false,
      },
    );
    return { data: (await fetchUsageRows(ctx.tx, ids)).map(toUsageRow), page };
  },

  usageGroupList: async (ctx, { query }) => {
    const { by, sort = '-servers', include, pageNum, maxResults, cursor, ...filters } = query;
    const { ids, page } = await fetchPage<string>(
      ctx.tx,
      {
        from: sql`${usageGroups(by, ctx.scope, filters)} g`,
        branches: [sql`true`],
        where: [],
        id: sql`g.id`,
        idType: 'text',
        ...order(sort, 'g'),
      },
      { pageNum, maxResults, cursor },
      {
        list: ['usageGroupList', ctx.scope, by, filters, sort],
        total: include?.includes('total') ?? false,
      },
    );
    const rows = await fetchUsageGroups(ctx.tx, by, ctx.scope, filters, ids);
    return { data: rows.map(toUsageGroup), page };
  },

  usageTotals: async (ctx, { query }) => {
    const totals = await fetchUsageTotals(ctx.tx, ctx.scope, query);
    const { farm_roles, live_servers, ...rest } = totals;
    return { data: { ...rest, farmRoles: farm_roles, liveServers: live_servers } };
  },

  usageExport: async (ctx, { query }) => ({ data: '', csv: exportRows(ctx, query) }),
};

/** @param named the alias whose `name` stands for the farm */
function order(sort: Sort, named: 'f' | 'g'): Pick<ListPlan, 'key' | 'keyType' | 'descending'> {
  const { name, descending } = parseSort(sort);
  if (name === 'farm') return { key: sql`${sql.raw(named)}.name`, keyType: 'text', descending };
  if (name === 'servers') return { key: sql`g.servers`, keyType: 'integer', descending };
  // What is old since a time that nobody knows counts as the oldest.
  return { key: sql`coalesce(g.since, '-infinity')`, keyType: 'timestamptz', descending };
}

async function* exportRows(ctx: Context, filters: UsageFilters): AsyncGenerator<CsvRow> {
  yield usageCsvHeader;
  for await (const row of streamUsageRows(ctx.tx, ctx.scope, filters)) yield usageCsvRow(row);
}

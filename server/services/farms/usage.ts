import type { ServiceInput } from '#contract/operations.ts';
import { fetchUsageGroups } from '../../database/queries/farms/usage-groups.ts';
import { usageGroupListPlan, usageListPlan } from '../../database/queries/farms/usage-list.ts';
import {
  fetchUsageRows,
  fetchUsageTotals,
  streamUsageRows,
} from '../../database/queries/farms/usage-rows.ts';
import { fetchPage } from '../../database/queries/lists/paging.ts';
import type { Context, CsvRow, SomeHandlers } from '../context.ts';
import { toUsageGroup, toUsageRow, usageCsvHeader, usageCsvRow } from './present-usage.ts';

/** Which farms still run old images: docs/domain.md, "Usage and staleness". */
export const usageHandlers = {
  usageList: async (ctx, { query }) => {
    const sort = query.sort ?? '-servers';
    const plan = usageListPlan(ctx.scope, query, sort);
    const of = ['usageList', ctx.scope];
    const { ids, page } = await fetchPage<string>(ctx.tx, plan, { ...query, sort }, of);
    return { data: (await fetchUsageRows(ctx.tx, ids)).map(toUsageRow), page };
  },

  usageGroupList: async (ctx, { query }) => {
    const { by, sort = '-servers' } = query;
    const plan = usageGroupListPlan(by, ctx.scope, query, sort);
    const of = ['usageGroupList', ctx.scope];
    const { ids, page } = await fetchPage<string>(ctx.tx, plan, { ...query, sort }, of);
    const rows = await fetchUsageGroups(ctx.tx, by, ctx.scope, query, ids);
    return { data: rows.map(toUsageGroup), page };
  },

  usageTotals: async (ctx, { query }) => {
    const totals = await fetchUsageTotals(ctx.tx, ctx.scope, query);
    const { farm_roles, live_servers, ...rest } = totals;
    return { data: { ...rest, farmRoles: farm_roles, liveServers: live_servers } };
  },

  usageExport: async (ctx, { query }) => ({ data: '', csv: exportRows(ctx, query) }),
} satisfies SomeHandlers;

async function* exportRows(
  ctx: Context,
  { sort = '-servers', ...filters }: ServiceInput<'usageExport'>['query'],
): AsyncGenerator<CsvRow> {
  yield usageCsvHeader;
  for await (const row of streamUsageRows(ctx.tx, ctx.scope, filters, sort)) yield usageCsvRow(row);
}

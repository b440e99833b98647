import type { CostCenter } from '#contract/organisation/cost-centers.ts';
import { ApiError } from '#contract/errors.ts';
import { fetchPage } from '../../database/queries/lists/paging.ts';
import {
  billingListPlan,
  type CostCenterRow,
  fetchCostCenters,
  findVisibleCostCenter,
} from '../../database/queries/organisation/projects.ts';
import type { SomeHandlers } from '../context.ts';

/** Who pays in the end: docs/domain.md, "Projects and cost centers". */
export const costCenterHandlers = {
  costCenterList: async (ctx, { query }) => {
    const sort = query.sort ?? 'added';
    const plan = billingListPlan('cost_centers', ctx.scope, query, sort);
    const of = ['costCenterList', ctx.scope];
    const { ids, page } = await fetchPage<string>(ctx.tx, plan, { ...query, sort }, of);
    return { data: (await fetchCostCenters(ctx.tx, ids)).map(toCostCenter), page };
  },

  costCenterGet: async (ctx, { params }) => {
    const row = await findVisibleCostCenter(ctx.tx, ctx.scope, params.costCenterId);
    if (row) return { data: toCostCenter(row) };
    throw new ApiError('ObjectNotFound', `No cost center has the id ${params.costCenterId} here.`);
  },
} satisfies SomeHandlers;

/** The wire form of a cost center. */
export function toCostCenter(row: CostCenterRow): CostCenter {
  return {
    id: row.id,
    name: row.name,
    billingCode: row.billing_code,
    leadEmail: row.lead_email,
    description: row.description,
    scope: row.scope,
    accountId: row.account_id,
    envId: row.environment_id,
    added: row.added_at.toISOString(),
  };
}

import { fetchOwners, ownerListPlan } from '../../database/queries/farms/owners.ts';
import { fetchPage } from '../../database/queries/lists/paging.ts';
import type { SomeHandlers } from '../context.ts';

/** Who owns farms: docs/domain.md, "Farms". */
export const ownerHandlers = {
  ownerList: async (ctx, { query }) => {
    const plan = ownerListPlan(ctx.scope, query);
    const { ids, page } = await fetchPage<number>(ctx.tx, plan, query, ['ownerList', ctx.scope]);
    return { data: await fetchOwners(ctx.tx, ids), page };
  },
} satisfies SomeHandlers;

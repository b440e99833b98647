import { fetchOwners, ownerListPlan } from '../../database/queries/farms/owners.ts';
import { fetchPage } from '../../database/queries/lists/paging.ts';
import type { Handlers } from '../context.ts';

/** Who owns farms: docs/domain.md, "Farms". */
export const ownerHandlers: Handlers<'ownerList'> = {
  ownerList: async (ctx, { query }) => {
    const plan = ownerListPlan(ctx.scope, query);
    const { ids, page } = await fetchPage<number>(ctx.tx, plan, query, ['ownerList', ctx.scope]);
    return { data: await fetchOwners(ctx.tx, ids), page };
  },
};

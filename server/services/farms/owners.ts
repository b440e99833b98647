import { fetchOwners, ownerListPlan } from '../../database/queries/farms/owners.ts';
import { fetchPage } from '../../database/queries/lists/paging.ts';
import type { Handlers } from '../context.ts';

/** Who owns farms: docs/domain.md, "Farms". */
export const ownerHandlers: Handlers<'ownerList'> = {
  ownerList: async (ctx, { query }) => {
    const { pageNum: _page, maxResults: _size, cursor: _cursor, include, ...filters } = query;
    const plan = ownerListPlan(ctx.scope, query);
    const { ids, page } = await fetchPage<number>(ctx.tx, plan, query, {
      list: ['ownerList', ctx.scope, filters],
      total: include?.includes('total') ?? false,
    });
    return { data: await fetchOwners(ctx.tx, ids), page };
  },
};

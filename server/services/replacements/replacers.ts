import { fetchPage } from '../../database/queries/lists/paging.ts';
import { fetchReplacers, replacerListPlan } from '../../database/queries/replacements/replacers.ts';
import type { Handlers } from '../context.ts';

/** Who replaces: docs/domain.md, "Lists". */
export const replacerHandlers: Handlers<'replacerList'> = {
  replacerList: async (ctx, { query }) => {
    const { pageNum: _page, maxResults: _size, cursor: _cursor, include, ...filters } = query;
    const plan = replacerListPlan(ctx.scope, query);
    const { ids, page } = await fetchPage<string>(ctx.tx, plan, query, {
      list: ['replacerList', ctx.scope, filters],
      total: include?.includes('total') ?? false,
    });
    return { data: await fetchReplacers(ctx.tx, ids), page };
  },
};

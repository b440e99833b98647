import { fetchPage } from '../../database/queries/lists/paging.ts';
import { fetchReplacers, replacerListPlan } from '../../database/queries/replacements/replacers.ts';
import type { SomeHandlers } from '../context.ts';

/** Who replaces: docs/domain.md, "Lists". */
export const replacerHandlers = {
  replacerList: async (ctx, { query }) => {
    const plan = replacerListPlan(ctx.scope, query);
    const { ids, page } = await fetchPage<string>(ctx.tx, plan, query, ['replacerList', ctx.scope]);
    return { data: await fetchReplacers(ctx.tx, ids), page };
  },
} satisfies SomeHandlers;

import { ApiError } from '#contract/errors.ts';
import { fetchOs, osListPlan } from '../../database/queries/roles/os.ts';
import { fetchPage } from '../../database/queries/lists/paging.ts';
import type { Handlers } from '../context.ts';

/** Operating systems are the same for everyone: docs/domain.md, "Operating systems". */
export const osHandlers: Handlers<'osList' | 'osGet'> = {
  osList: async (ctx, { query }) => {
    const plan = osListPlan(query, query.sort ?? 'id');
    const { ids, page } = await fetchPage<string>(ctx.tx, plan, query, {
      list: ['osList', query.id, query.name, query.family, query.generation, plan.descending],
      total: query.include?.includes('total') ?? false,
    });
    return { data: await fetchOs(ctx.tx, ids), page };
  },

  osGet: async (ctx, { params }) => {
    const [row] = await fetchOs(ctx.tx, [params.osId]);
    if (!row)
      throw new ApiError('ObjectNotFound', `No operating system has the id "${params.osId}".`);
    return { data: row };
  },
};

import { ApiError } from '#contract/errors.ts';
import type { Os } from '#contract/images/os.ts';
import { fetchOs, osListPlan, type OsRow } from '../../database/queries/roles/os.ts';
import { fetchPage } from '../../database/queries/lists/paging.ts';
import type { SomeHandlers } from '../context.ts';

/** Operating systems are the same for everyone: docs/domain.md, "Operating systems". */
export const osHandlers = {
  osList: async (ctx, { query: { sort = 'id', ...query } }) => {
    const plan = osListPlan(query, sort);
    const { ids, page } = await fetchPage<string>(ctx.tx, plan, { ...query, sort }, ['osList']);
    return { data: (await fetchOs(ctx.tx, ids)).map(toOs), page };
  },

  osGet: async (ctx, { params }) => {
    const [row] = await fetchOs(ctx.tx, [params.osId]);
    if (!row)
      throw new ApiError('ObjectNotFound', `No operating system has the id "${params.osId}".`);
    return { data: toOs(row) };
  },
} satisfies SomeHandlers;

/** The wire form of an operating system: its version is a text, empty where it has none. */
function toOs(row: OsRow): Os {
  return { ...row, version: row.version ?? '' };
}

import { sql } from 'kysely';
import { ApiError } from '#contract/errors.ts';
import type { Os } from '#contract/images/os.ts';
import { fetchOs, type OsRow } from '../../database/queries/roles/os.ts';
import { fetchPage, parseSort } from '../../database/queries/lists/paging.ts';
import type { Handlers } from '../context.ts';

/** Operating systems are the same for everyone: docs/domain.md, "Operating systems". */
export const osHandlers: Handlers<'osList' | 'osGet'> = {
  osList: async (ctx, { query }) => {
    const { descending } = parseSort(query.sort ?? 'id');
    const plan = {
      from: sql`os`,
      branches: [sql`true`],
      where: [
        ...(query.id ? [sql`os.id = ${query.id}`] : []),
        ...(query.name === undefined ? [] : [sql`os.name = ${query.name}`]),
        ...(query.family === undefined ? [] : [sql`os.family = ${query.family}`]),
        ...(query.generation === undefined ? [] : [sql`os.generation = ${query.generation}`]),
      ],
      key: sql`os.id`,
      keyType: 'text' as const,
      id: sql`os.id`,
      idType: 'text' as const,
      descending,
    };
    const { ids, page } = await fetchPage<string>(ctx.tx, plan, query, {
      list: ['osList', query.id, query.name, query.family, query.generation, descending],
      total: query.include?.includes('total') ?? false,
    });
    return { data: (await fetchOs(ctx.tx, ids)).map(toOs), page };
  },

  osGet: async (ctx, { params }) => {
    const [row] = await fetchOs(ctx.tx, [params.osId]);
    if (!row)
      throw new ApiError('ObjectNotFound', `No operating system has the id "${params.osId}".`);
    return { data: toOs(row) };
  },
};

/** The wire form of an operating system: its version is a text, empty where it has none. */
function toOs(row: OsRow): Os {
  return { ...row, version: row.version ?? '' };
}

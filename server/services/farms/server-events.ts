import type { ServerEvent, ServerEventListQuery } from '#contract/farms/server-events.ts';
import {
  fetchServerEvents,
  type ServerEventRow,
  serverEventListPlan,
} from '../../database/queries/farms/server-events.ts';
import { fetchPage, type PageInfo } from '../../database/queries/lists/paging.ts';
import type { Context, SomeHandlers } from '../context.ts';
import { getFarm } from './farm-access.ts';
import { getServer } from './servers.ts';

/** What servers went through, newest first: docs/domain.md, "What servers do". */
export const serverEventHandlers = {
  serverEventList: async (ctx, { params, query }) => {
    const { id } = await getServer(ctx, params.serverId);
    return listEvents(ctx, { serverId: id }, query);
  },

  farmEventList: async (ctx, { params, query }) => {
    const { id } = await getFarm(ctx, params.farmId);
    return listEvents(ctx, { farmId: id }, query);
  },
} satisfies SomeHandlers;

async function listEvents(
  ctx: Context,
  of: { serverId: string } | { farmId: number },
  query: ServerEventListQuery,
): Promise<{ data: ServerEvent[]; page: PageInfo }> {
  const sort = query.sort ?? '-at';
  const plan = serverEventListPlan(of, query, sort);
  const list = ['serverEventList', ctx.scope, of];
  const { ids, page } = await fetchPage<number>(ctx.tx, plan, { ...query, sort }, list);
  return { data: (await fetchServerEvents(ctx.tx, ids)).map(toServerEvent), page };
}

function toServerEvent(row: ServerEventRow): ServerEvent {
  return {
    id: row.id,
    at: row.at.toISOString(),
    server: { id: row.server_id, hostname: row.hostname, index: row.server_index },
    status: row.status,
    actor: row.actor,
    reason: row.reason,
    cloudWords: row.cloud_words,
  };
}

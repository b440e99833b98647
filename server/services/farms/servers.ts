import { ApiError } from '#contract/errors.ts';
import type { Server } from '#contract/farms/servers.ts';
import { type ServerListQuery, serverListPlan } from '../../database/queries/farms/server-list.ts';
import { fetchServers, findServer, type ServerRow } from '../../database/queries/farms/servers.ts';
import { fetchPage, type PageInfo } from '../../database/queries/lists/paging.ts';
import type { Context, SomeHandlers } from '../context.ts';
import { decideServerActions } from './fleet-verdicts.ts';

/** Servers, readable from their environment and every scope above: docs/domain.md, "Farms". */
export const serverHandlers = {
  serverList: async (ctx, { query }) => listServers(ctx, query),

  serverGet: async (ctx, { params, query }) => {
    const rows = [await getServer(ctx, params.serverId)];
    const [server] = await toServers(ctx, rows, query.include);
    if (!server) throw new Error('A server that was found is shown');
    return { data: server };
  },
} satisfies SomeHandlers;

/** Servers at and below the request's scope, or of one farm or farm role there. */
export async function listServers(
  ctx: Context,
  query: ServerListQuery,
  of: { farm?: number; farmRole?: number } = {},
): Promise<{ data: Server[]; page: PageInfo }> {
  const sort = query.sort ?? 'launched';
  const plan = serverListPlan(ctx.scope, query, of, sort);
  const list = ['serverList', ctx.scope, of];
  const { ids, page } = await fetchPage<string>(ctx.tx, plan, { ...query, sort }, list);
  return { data: await toServers(ctx, await fetchServers(ctx.tx, ids), query.include), page };
}

async function toServers(
  ctx: Context,
  rows: readonly ServerRow[],
  include: readonly string[] | undefined,
): Promise<Server[]> {
  const servers = rows.map(toServer);
  if (include?.includes('actions') !== true) return servers;
  const verdicts = await decideServerActions(ctx, servers);
  return servers.map((server) => ({ ...server, ...verdicts.get(server.id) }));
}

/** @throws ApiError ObjectNotFound when there is no such server at the request's scope or below */
export async function getServer(ctx: Context, id: string): Promise<ServerRow> {
  const row = await findServer(ctx.tx, ctx.scope, id);
  if (row) return row;
  throw new ApiError(
    'ObjectNotFound',
    `No server has the id ${id} here. It may be gone, or it belongs to another scope.`,
  );
}

/** The wire form of a server. */
export function toServer(row: ServerRow): Server {
  return {
    id: row.id,
    cloudPlatform: row.cloud_platform,
    cloudLocation: row.cloud_location,
    cloudServerId: row.cloud_server_id,
    instanceType: row.instance_type,
    type: row.instance_type,
    hostname: row.hostname,
    publicIp: row.public_ip === null ? [] : [row.public_ip],
    privateIp: row.private_ip === null ? [] : [row.private_ip],
    index: row.server_index,
    status: row.status,
    launched: row.launched_at.toISOString(),
    launchReason: row.launch_reason,
    launchedBy:
      row.launcher_id === null
        ? null
        : {
            id: row.launcher_id,
            name: row.launcher_name ?? '',
            email: row.launcher_email ?? '',
          },
    farm: { id: row.farm_id, name: row.farm_name },
    farmRole: { id: row.farm_role_id, alias: row.farm_role_alias },
    role: { id: row.role_id, name: row.role_name },
    accountId: row.account_id,
    envId: row.environment_id,
    image:
      row.image_id === null
        ? null
        : {
            id: row.image_id,
            name: row.image_name ?? '',
            cloudImageId: row.image_cloud_id ?? '',
            deprecated: row.image_deprecated,
            ...(row.image_found && { found: true }),
          },
    roleImage: {
      id: row.role_image_id,
      name: row.role_image_name,
      cloudImageId: row.role_image_cloud_id,
      deprecated: row.role_image_deprecated,
      ...(row.role_image_found && { found: true }),
    },
    ...(row.observed && { observed: true }),
    stale: row.stale,
    version: row.version,
  };
}

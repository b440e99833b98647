import { isIP } from 'node:net';
import { type RawBuilder, sql } from 'kysely';
import { ApiError } from '#contract/errors.ts';
import type { ServiceInput } from '#contract/operations.ts';
import type { Server } from '#contract/farms/servers.ts';
import {
  containsPattern,
  fetchPage,
  type PageInfo,
  parseSort,
} from '../../database/queries/lists/paging.ts';
import {
  fetchServers,
  findServer,
  type ServerRow,
  serversWithImages,
} from '../../database/queries/farms/servers.ts';
import { isLive, isOld } from '../../database/queries/farms/usage.ts';
import { isAtOrBelow } from '../../database/queries/organisation/visibility.ts';
import type { Context, Handlers } from '../context.ts';

type Query = ServiceInput<'serverList'>['query'];
type Filters = Partial<Omit<Query, 'sort' | 'include' | 'pageNum' | 'maxResults' | 'cursor'>>;

/** Servers, readable from their environment and every scope above: docs/domain.md, "Farms". */
export const serverHandlers: Handlers<'serverList' | 'serverGet'> = {
  serverList: async (ctx, { query }) => listServers(ctx, query),

  serverGet: async (ctx, { params }) => ({ data: toServer(await getServer(ctx, params.serverId)) }),
};

/** Servers at and below the request's scope, or of one farm or farm role there. */
export async function listServers(
  ctx: Context,
  query: Query,
  of: { farm?: number; farmRole?: number } = {},
): Promise<{ data: Server[]; page: PageInfo }> {
  const { sort = 'launched', include, pageNum, maxResults, cursor, ...filters } = query;
  const { ids, page } = await fetchPage<string>(
    ctx.tx,
    {
      // Only the question for old images needs to know what the servers and their roles have.
      from: filters.onOldImage === undefined ? sql`servers s` : serversWithImages,
      branches: [isAtOrBelow('s', ctx.scope)],
      where: [...conditions(of), ...conditions(filters)],
      key: sql`s.launched_at`,
      keyType: 'timestamptz',
      id: sql`s.id`,
      idType: 'uuid',
      descending: parseSort(sort).descending,
    },
    { pageNum, maxResults, cursor },
    {
      list: ['serverList', ctx.scope, filters, of, sort],
      total: include?.includes('total') ?? false,
    },
  );
  return { data: (await fetchServers(ctx.tx, ids)).map(toServer), page };
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

function conditions(filters: Filters): RawBuilder<unknown>[] {
  const { query, id, status, cloudPlatform, cloudLocation, cloudServerId } = filters;
  const { farm, farmRole, role, image, onOldImage } = filters;
  const pattern = query ? containsPattern(query) : '';
  const old = sql`((${isLive('s')} AND ${isOld('ran', 'current')}) IS TRUE)`;
  return [
    ...(query ? [sql`(s.hostname ILIKE ${pattern} OR s.cloud_server_id ILIKE ${pattern})`] : []),
    ...(id ? [sql`s.id = ${id}`] : []),
    ...(status ? [sql`s.status = ${status}`] : []),
    ...(cloudPlatform ? [sql`s.cloud_platform = ${cloudPlatform}`] : []),
    ...exactly(sql`s.cloud_location`, cloudLocation),
    ...exactly(sql`s.cloud_server_id`, cloudServerId),
    ...addressConditions(filters),
    ...(filters.index ? [sql`s.server_index = ${filters.index}`] : []),
    ...exactly(sql`s.instance_type`, filters.instanceType),
    ...exactly(sql`s.instance_type`, filters.type),
    ...exactly(sql`s.launch_reason`, filters.launchReason),
    ...(filters.launchedBy
      ? [sql`s.launched_by = (SELECT email FROM users WHERE id = ${filters.launchedBy})`]
      : []),
    ...(farm ? [sql`s.farm_role_id IN (SELECT id FROM farm_roles WHERE farm_id = ${farm})`] : []),
    ...(farmRole ? [sql`s.farm_role_id = ${farmRole}`] : []),
    ...(role ? [sql`s.farm_role_id IN (SELECT id FROM farm_roles WHERE role_id = ${role})`] : []),
    ...(image ? [sql`s.image_id = ${image}`] : []),
    ...(onOldImage === undefined ? [] : [onOldImage ? old : sql`NOT ${old}`]),
  ];
}

function exactly(column: RawBuilder<unknown>, value: string | undefined): RawBuilder<unknown>[] {
  return value === undefined ? [] : [sql`${column} = ${value}`];
}

/** What is no address is the address of no server. */
function addressConditions({ hostname, publicIp, privateIp }: Filters): RawBuilder<unknown>[] {
  const at = (column: string, ip: string | undefined) => {
    if (ip === undefined) return [];
    return [isIP(ip) === 0 ? sql`false` : sql`s.${sql.raw(column)} = ${ip}::inet`];
  };
  return [
    ...exactly(sql`s.hostname`, hostname),
    ...at('public_ip', publicIp),
    ...at('private_ip', privateIp),
  ];
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
          },
    roleImage: {
      id: row.role_image_id,
      name: row.role_image_name,
      cloudImageId: row.role_image_cloud_id,
      deprecated: row.role_image_deprecated,
    },
    stale: row.stale,
  };
}

import { isIP } from 'node:net';
import { type RawBuilder, sql } from 'kysely';
import type { ServiceInput } from '#contract/operations.ts';
import type { ScopeRef } from '#contract/scope.ts';
import { registrationsOf, registrationsWanted } from '../images/same-cloud-image.ts';
import { equal } from '../lists/equal.ts';
import { type ListPlan, parseSort } from '../lists/paging.ts';
import { matchesSearch, type Ways, waysIn } from '../lists/search.ts';
import { whetherObserved } from '../observed-farms/observed-as.ts';
import { isAtOrBelow } from '../organisation/visibility.ts';
import { serversWithImages } from './servers.ts';
import { isLive, isOld } from './usage.ts';

export type ServerListQuery = ServiceInput<'serverList'>['query'];
type Filters = Partial<
  Omit<ServerListQuery, 'sort' | 'include' | 'pageNum' | 'maxResults' | 'cursor'>
>;

/**
 * How to walk the servers at and below a scope.
 * @param of those of one farm or farm role alone
 */
export function serverListPlan(
  scope: ScopeRef,
  filters: Filters,
  of: { farm?: number; farmRole?: number },
  sort: NonNullable<ServerListQuery['sort']>,
): ListPlan {
  return {
    // Only the question for old images needs to know what the servers and their roles have.
    from: filters.onOldImage === undefined ? sql`servers s` : serversWithImages,
    branches: [isAtOrBelow('s', scope)],
    where: [...conditions(of), ...conditions(filters)],
    key: sql`s.launched_at`,
    keyType: 'timestamptz',
    id: sql`s.id`,
    idType: 'uuid',
    descending: parseSort(sort).descending,
  };
}

function conditions(filters: Filters): RawBuilder<unknown>[] {
  const { query, id, status, live, cloudPlatform, cloudLocation, cloudServerId } = filters;
  const { farm, farmRole, role, image, imageSet, onOldImage } = filters;
  const old = sql`((${isLive('s')} AND ${isOld('ran', 'current', 's')}) IS TRUE)`;
  return [
    ...matchesSearch(query, serverWays),
    ...equal('s', {
      id,
      status,
      hostname: filters.hostname,
      cloud_platform: cloudPlatform,
      cloud_location: cloudLocation,
      cloud_server_id: cloudServerId,
      server_index: filters.index,
      launch_reason: filters.launchReason,
      farm_role_id: farmRole,
    }),
    // Scalr has two names for it.
    ...equal('s', { instance_type: filters.instanceType }),
    ...equal('s', { instance_type: filters.type }),
    ...(live === undefined ? [] : [live ? isLive('s') : sql`NOT ${isLive('s')}`]),
    ...whetherObserved('s.farm_id', filters.observed),
    ...addressConditions(filters),
    ...(filters.launchedBy
      ? [sql`s.launched_by = (SELECT email FROM users WHERE id = ${filters.launchedBy})`]
      : []),
    ...(farm ? [sql`s.farm_role_id IN (SELECT id FROM farm_roles WHERE farm_id = ${farm})`] : []),
    ...(role ? [sql`s.farm_role_id IN (SELECT id FROM farm_roles WHERE role_id = ${role})`] : []),
    ...(image
      ? [sql`s.image_id = ANY(array_append(${registrationsOf(image)}, ${image}::uuid))`]
      : []),
    ...registrationsWanted({ imageSet }).map((ids) => sql`s.image_id = ANY(${ids})`),
    ...(onOldImage === undefined ? [] : [onOldImage ? old : sql`NOT ${old}`]),
  ];
}

/** `s` has a word in its host name or its cloud id, or it is its id. */
const serverWays: Ways = (term) => [
  ...waysIn('s.hostname', 's.cloud_server_id')(term),
  ...(term.uuid === undefined ? [] : [sql`s.id = ${term.uuid}`]),
];

/** What is no address is the address of no server. */
function addressConditions({ publicIp, privateIp }: Filters): RawBuilder<unknown>[] {
  const at = (column: string, ip: string | undefined) => {
    if (ip === undefined) return [];
    return [isIP(ip) === 0 ? sql`false` : sql`s.${sql.raw(column)} = ${ip}::inet`];
  };
  return [...at('public_ip', publicIp), ...at('private_ip', privateIp)];
}

import { type RawBuilder, sql } from 'kysely';
import type { ScopeRef } from '#contract/scope.ts';
import { isDeprecatedAt } from '../images/same-cloud-image.ts';
import type { Db } from '../../connection/connection.ts';
import { inOrder } from '../lists/in-order.ts';
import type { ServerStatus } from '#contract/farms/statuses.ts';
import { isLive, isStale, isThere, joinCurrentImage } from './usage.ts';
import { type ObservedAs, observedAs } from '../observed-farms/observed-as.ts';
import { isAtOrBelow } from '../organisation/visibility.ts';

/** A server with what it runs and what its role would start now. */
export interface ServerRow {
  id: string;
  cloud_platform: string;
  cloud_location: string;
  cloud_server_id: string | null;
  instance_type: string;
  hostname: string;
  public_ip: string | null;
  private_ip: string | null;
  server_index: number;
  status: ServerStatus;
  launched_at: Date;
  launch_reason: string;
  launcher_id: number | null;
  launcher_name: string | null;
  launcher_email: string | null;
  farm_id: number;
  farm_name: string;
  farm_role_id: number;
  farm_role_alias: string;
  role_id: number;
  role_name: string;
  account_id: number;
  environment_id: number;
  image_id: string | null;
  image_name: string | null;
  image_cloud_id: string | null;
  image_deprecated: boolean;
  role_image_id: string;
  role_image_name: string;
  role_image_cloud_id: string;
  role_image_deprecated: boolean;
  /** They are not in the catalogue. */
  image_found: boolean;
  role_image_found: boolean;
  stale: boolean;
  observed: ObservedAs | null;
  version: number;
}

/** Servers with the image they ran (`ran`) and the one that their role has now (`current`). */
export const serversWithImages = sql`servers s
    JOIN farm_roles fr ON fr.id = s.farm_role_id
    ${joinCurrentImage('fr')}
    LEFT JOIN images ran ON ran.id = s.image_id`;

/** Servers by id, in the order of the ids; unknown ids are left out. */
export async function fetchServers(tx: Db, ids: readonly string[]): Promise<ServerRow[]> {
  if (ids.length === 0) return [];
  return inOrder(ids, await selectServers(tx, sql`s.id = ANY(${ids}::uuid[])`));
}

/** All servers of a farm or a farm role, ended ones too. */
export async function fetchServersOf(
  tx: Db,
  of: { farmId: number } | { farmRoleId: number },
): Promise<ServerRow[]> {
  const condition =
    'farmId' in of ? sql`s.farm_id = ${of.farmId}` : sql`s.farm_role_id = ${of.farmRoleId}`;
  return selectServers(tx, sql`${condition} ORDER BY s.launched_at, s.id`);
}

/** A server if it is at `scope` or below it. */
export async function findServer(
  tx: Db,
  scope: ScopeRef,
  id: string,
): Promise<ServerRow | undefined> {
  const [row] = await selectServers(tx, sql`s.id = ${id} AND ${isAtOrBelow('s', scope)}`);
  return row;
}

/** A server by its id in its cloud, if it is there for an environment. */
export async function findServerInCloudOf(
  tx: Db,
  scope: ScopeRef,
  { cloudServerId, cloudPlatform }: { cloudServerId: string; cloudPlatform: string },
): Promise<ServerRow | undefined> {
  const [row] = await selectServers(
    tx,
    sql`s.cloud_server_id = ${cloudServerId} AND s.cloud_platform = ${cloudPlatform} AND ${isThere('s')}
      AND ${isAtOrBelow('s', scope)}`,
  );
  return row;
}

async function selectServers(tx: Db, condition: RawBuilder<unknown>): Promise<ServerRow[]> {
  const { rows } = await sql<ServerRow>`
    SELECT s.id, s.cloud_platform, s.cloud_location, s.cloud_server_id, s.instance_type, s.hostname,
      host(s.public_ip) AS public_ip, host(s.private_ip) AS private_ip, s.server_index, s.status, s.version,
      s.launched_at, s.launch_reason, launcher.id AS launcher_id, launcher.name AS launcher_name,
      launcher.email AS launcher_email, s.farm_id, f.name AS farm_name,
      s.farm_role_id, fr.alias AS farm_role_alias, fr.role_id, r.name AS role_name,
      s.account_id, s.environment_id,
      ran.id AS image_id, ran.name AS image_name, ran.cloud_image_id AS image_cloud_id,
      coalesce(${isDeprecatedAt('ran', 's')}, false) AS image_deprecated,
      current.id AS role_image_id, current.name AS role_image_name,
      current.cloud_image_id AS role_image_cloud_id,
      coalesce(${isDeprecatedAt('current', 's')}, false) AS role_image_deprecated,
      coalesce(ran.found_at IS NOT NULL, false) AS image_found, current.found_at IS NOT NULL AS role_image_found,
      ${observedAs('s.farm_id')} AS observed,
      ${isLive('s')} AND coalesce(${isStale('ran', 'current')}, false) AS stale
    FROM ${serversWithImages}
    JOIN farms f ON f.id = s.farm_id
    JOIN roles r ON r.id = fr.role_id
    LEFT JOIN users launcher ON launcher.email = s.launched_by
    WHERE ${condition}`.execute(tx);
  return rows;
}

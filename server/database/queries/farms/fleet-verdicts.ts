import { sql } from 'kysely';
import type { CredentialsInUse } from '../../../domain/credentials/cloud-credentials.ts';
import type { KeptFarmRole } from '../../../domain/farms/keeping.ts';
import type { LaunchingFarmRole } from '../../../domain/farms/launches.ts';
import type { ServerFacts } from '../../../domain/farms/servers.ts';
import type { Db } from '../../connection/connection.ts';
import { attachedTo } from '../clouds/environment-clouds.ts';
import { observedAs } from '../observed-farms/observed-as.ts';
import { isThere } from './usage.ts';

// What the verdicts on farms, farm roles and servers look at: for many of them at once.

/** Servers of farms that a step of the whole farm may fail at: one of each kind that the rules tell apart. */
export async function fetchKindsOfServers(
  tx: Db,
  farmIds: readonly number[],
): Promise<(ServerFacts & { farm_id: number })[]> {
  const { rows } = await sql<ServerFacts & { farm_id: number }>`
    SELECT DISTINCT ON (s.farm_id, i.type, r.builtin_automation, cc.id) s.farm_id, s.id, s.status,
      f.status AS farm_status, s.cloud_platform, s.image_id, i.type AS image_type, r.builtin_automation,
      cc.name AS credentials_name, cc.rights AS cloud_rights
    FROM farms f JOIN farm_roles fr ON fr.farm_id = f.id JOIN roles r ON r.id = fr.role_id
    JOIN servers s ON s.farm_role_id = fr.id AND ${isThere('s')}
    LEFT JOIN images i ON i.id = s.image_id LEFT JOIN cloud_credentials cc ON cc.id = s.cloud_credentials_id
    WHERE f.id = ANY(${farmIds}::int[]) AND f.status IN ('running', 'suspended')
    ORDER BY s.farm_id, i.type, r.builtin_automation, cc.id, s.id`.execute(tx);
  return rows;
}

/** How many servers of terminated farms have not ended. */
export async function countLeftServers(
  tx: Db,
  farmIds: readonly number[],
): Promise<Map<number, number>> {
  const { rows } = await sql<{ farm_id: number; count: number }>`
    SELECT fr.farm_id, count(*)::int AS count
    FROM farms f JOIN farm_roles fr ON fr.farm_id = f.id JOIN servers s ON s.farm_role_id = fr.id
    WHERE f.id = ANY(${farmIds}::int[]) AND f.status = 'terminated' AND ${isThere('s')}
    GROUP BY fr.farm_id`.execute(tx);
  return new Map(rows.map((row) => [row.farm_id, row.count]));
}

/** The first deprecated Role of each farm that has one: it enters no other farm. */
export async function fetchDeprecatedMembers(
  tx: Db,
  farmIds: readonly number[],
): Promise<Map<number, string>> {
  const { rows } = await sql<{ farm_id: number; name: string }>`
    SELECT DISTINCT ON (fr.farm_id) fr.farm_id, r.name
    FROM farm_roles fr JOIN roles r ON r.id = fr.role_id
    WHERE fr.farm_id = ANY(${farmIds}::int[]) AND r.deprecated_at IS NOT NULL
    ORDER BY fr.farm_id, fr.id`.execute(tx);
  return new Map(rows.map((row) => [row.farm_id, row.name]));
}

/** What the credentials of their environment allow farm roles of terminated farms, which would be launched. */
export async function fetchLaunchRights(
  tx: Db,
  farmIds: readonly number[],
): Promise<(CredentialsInUse & { farm_id: number })[]> {
  const { rows } = await sql<CredentialsInUse & { farm_id: number }>`
    SELECT fr.farm_id, cc.name AS credentials_name, cc.rights AS cloud_rights
    FROM farms f JOIN farm_roles fr ON fr.farm_id = f.id
    JOIN cloud_credentials cc ON cc.id = ${attachedTo('fr')}
    WHERE f.id = ANY(${farmIds}::int[]) AND f.status = 'terminated' ORDER BY fr.launch_index, fr.id`.execute(
    tx,
  );
  return rows;
}

/** A farm role with what decides whether it may be changed, and what starts in it. */
export interface FarmRoleFacts extends LaunchingFarmRole {
  alias: string;
  farm_id: number;
}

/** Farm roles as a launch looks at them, without the numbers of their servers. */
export async function fetchFarmRoleFacts(
  tx: Db,
  ids: readonly number[],
): Promise<Map<number, FarmRoleFacts>> {
  const { rows } = await sql<FarmRoleFacts>`
    SELECT fr.id, fr.alias, fr.farm_id, fr.scaling_enabled, fr.min_servers, fr.max_servers,
      '{}'::int[] AS indexes, coalesce(live.servers, 0)::int AS live, cc.name AS credentials_name, cc.rights AS cloud_rights
    FROM farm_roles fr LEFT JOIN cloud_credentials cc ON cc.id = ${attachedTo('fr')}
    LEFT JOIN LATERAL (
      SELECT sum(servers) AS servers FROM server_groups WHERE farm_role_id = fr.id) live ON true
    WHERE fr.id = ANY(${ids}::int[])`.execute(tx);
  return new Map(rows.map((row) => [row.id, row]));
}

/** A server with its farm and its farm role, as the rules on ending and on locks look at it. */
export interface ServerActionFacts extends ServerFacts, Omit<KeptFarmRole, 'farm_status'> {
  account_id: number;
  environment_id: number;
  farm_name: string;
  owner_id: number;
  alias: string;
  locked_at: Date | null;
  locked_by: string | null;
  lock_comment: string | null;
}

/** Servers by id; unknown ids are left out. */
export async function fetchServerActionFacts(
  tx: Db,
  ids: readonly string[],
): Promise<Map<string, ServerActionFacts>> {
  const { rows } = await sql<ServerActionFacts>`
    SELECT s.id, s.status, s.account_id, s.environment_id, f.status AS farm_status, f.name AS farm_name,
      f.owner_id, f.locked_at, f.locked_by, f.lock_comment, s.cloud_platform, s.image_id, i.type AS image_type,
      r.builtin_automation, fr.alias, fr.scaling_enabled, fr.min_servers, fr.max_servers,
      coalesce(live.servers, 0)::int AS live, cc.name AS credentials_name, cc.rights AS cloud_rights,
      ${observedAs('s.farm_id')} AS observed
    FROM servers s JOIN farm_roles fr ON fr.id = s.farm_role_id JOIN farms f ON f.id = fr.farm_id
    JOIN roles r ON r.id = fr.role_id LEFT JOIN images i ON i.id = s.image_id
    LEFT JOIN cloud_credentials cc ON cc.id = s.cloud_credentials_id
    LEFT JOIN (
      SELECT farm_role_id, sum(servers) AS servers FROM server_groups
      WHERE farm_role_id IN (SELECT farm_role_id FROM servers WHERE id = ANY(${ids}::uuid[]))
      GROUP BY farm_role_id) live ON live.farm_role_id = fr.id
    WHERE s.id = ANY(${ids}::uuid[])`.execute(tx);
  return new Map(rows.map((row) => [row.id, row]));
}

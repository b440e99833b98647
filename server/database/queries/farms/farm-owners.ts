import { sql } from 'kysely';
import type { Db } from '../../connection/connection.ts';

/** What names a farm: itself, one of its roles, or one of its servers. */
export interface FarmNamed {
  farmId?: number | undefined;
  farmRoleId?: number | undefined;
  serverId?: string | undefined;
}

/** Whether somebody owns the farm of an environment that is named. */
export async function isFarmOwner(
  tx: Db,
  userId: number,
  environmentId: number,
  {
    farmId = null,
    farmRoleId = null,
    serverId = null,
  }: { [Name in keyof FarmNamed]: FarmNamed[Name] | null },
): Promise<boolean> {
  const { rows } = await sql`
    SELECT FROM farms f WHERE f.owner_id = ${userId} AND f.environment_id = ${environmentId} AND f.id = coalesce(
      ${farmId}::int, (SELECT farm_id FROM farm_roles WHERE id = ${farmRoleId}::int),
      (SELECT farm_id FROM servers WHERE id = ${serverId}::uuid))`.execute(tx);
  return rows.length > 0;
}

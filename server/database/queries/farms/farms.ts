import { type RawBuilder, sql } from 'kysely';
import type { ActingRight } from '#contract/clouds/acting-rights.ts';
import type { Farm } from '#contract/farms/farms.ts';
import type { ScopeRef } from '#contract/scope.ts';
import type { Db } from '../../connection/connection.ts';
import { type ObservedAs, placeOfCredentials } from '../observed-farms/observed-as.ts';
import { inOrder } from '../lists/in-order.ts';
import { countServersBy, type ServerCounts } from './usage.ts';
import { isAtOrBelow } from '../organisation/visibility.ts';

/** A farm with the names that people read beside it. */
export interface FarmRow {
  id: number;
  name: string;
  description: string;
  owner_id: number;
  owner_name: string;
  owner_email: string;
  status: Farm['status'];
  account_id: number;
  account_name: string;
  environment_id: number;
  environment_name: string;
  added_at: Date;
  launched_at: Date | null;
  timezone: string;
  launch_order: 'simultaneous' | 'sequential';
  project_id: string | null;
  project_name: string | null;
  locked_at: Date | null;
  locked_by: string | null;
  lock_comment: string | null;
  unlock_permission: 'anyone' | 'owner' | 'team' | null;
  version: number;
  /** What runs it, where that is not Slipway. */
  observed: ObservedFarmFacts | null;
}

/** An observed farm as it was found. Times are as JSON has them. */
interface ObservedFarmFacts extends ObservedAs {
  credentials: { id: string; name: string };
  account: string;
  cloudPlatform: string;
  cloudLocation: string;
  ownerTag: string | null;
  minimum: number | null;
  desired: number | null;
  maximum: number | null;
  managedBy: 'terraform' | 'cloudformation' | null;
  read: string | null;
  notRead: string | null;
  /** Of the credentials: what they let Slipway do, and where they belong. */
  rights: ActingRight[];
  credentialsAt: string;
}

const observedFacts = sql`(
  SELECT jsonb_build_object('kind', o.kind, 'name', o.name, 'credentials', jsonb_build_object('id', c.id, 'name', c.name),
    'account', o.account, 'cloudPlatform', o.cloud_platform, 'cloudLocation', o.cloud_location,
    'ownerTag', o.owner_tag, 'minimum', o.minimum, 'desired', o.desired, 'maximum', o.maximum,
    'managedBy', o.managed_by, 'read', l.read_at, 'rights', to_jsonb(c.rights), 'credentialsAt', ${placeOfCredentials('c')},
    'notRead', coalesce(r.error, l.error, (SELECT part ->> 'words' FROM jsonb_array_elements(l.unread) part
      WHERE part ->> 'part' IN ('servers', 'groups') LIMIT 1)))
  FROM observed_farms o JOIN cloud_credentials c ON c.id = o.credentials_id
  JOIN inventory_locations l ON (l.credentials_id, l.cloud_platform, l.cloud_location)
    = (o.credentials_id, o.cloud_platform, o.cloud_location)
  LEFT JOIN inventory_reach r ON r.credentials_id = o.credentials_id
  WHERE o.farm_id = f.id)`;

/** Farms by id, in the order of the ids; unknown ids are left out. */
export async function fetchFarms(tx: Db, ids: readonly number[]): Promise<FarmRow[]> {
  if (ids.length === 0) return [];
  return inOrder(ids, await selectFarms(tx, sql`f.id = ANY(${ids}::int[])`));
}

/** A farm if it is at `scope` or below it. */
export async function findFarm(tx: Db, scope: ScopeRef, id: number): Promise<FarmRow | undefined> {
  const [row] = await selectFarms(tx, sql`f.id = ${id} AND ${isAtOrBelow('f', scope)}`);
  return row;
}

async function selectFarms(tx: Db, condition: RawBuilder<unknown>): Promise<FarmRow[]> {
  const { rows } = await sql<FarmRow>`
    SELECT f.id, f.name, f.description, f.owner_id, owner.name AS owner_name, owner.email AS owner_email,
      f.status, f.account_id, a.name AS account_name, f.environment_id, e.name AS environment_name,
      f.added_at, f.launched_at, f.timezone, f.launch_order, f.project_id, p.name AS project_name,
      f.locked_at, f.locked_by, f.lock_comment, f.unlock_permission, f.version, ${observedFacts} AS observed
    FROM farms f
    JOIN users owner ON owner.id = f.owner_id
    JOIN accounts a ON a.id = f.account_id
    JOIN environments e ON e.id = f.environment_id
    LEFT JOIN projects p ON p.id = f.project_id
    WHERE ${condition}`.execute(tx);
  return rows;
}

export interface FarmUsage {
  farmRoles: number;
  servers: ServerCounts;
}

/** How many roles and servers each of these farms has. */
export async function countFarmUsage(
  tx: Db,
  ids: readonly number[],
): Promise<(id: number) => FarmUsage> {
  const servers = await countServersBy(tx, 'farm_id', sql`g.farm_id = ANY(${ids}::int[])`);
  const roles = await tx
    .selectFrom('farm_roles')
    .where('farm_id', '=', sql<number>`ANY(${ids}::int[])`)
    .groupBy('farm_id')
    .select((eb) => ['farm_id', eb.fn.countAll<number>().as('count')])
    .execute();
  const roleCounts = new Map(roles.map((row) => [row.farm_id, row.count]));
  return (id) => ({
    farmRoles: roleCounts.get(id) ?? 0,
    servers: servers.get(id) ?? { live: 0, old: 0 },
  });
}

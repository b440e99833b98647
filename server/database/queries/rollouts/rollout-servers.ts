import { sql } from 'kysely';
import type { ServerStatus } from '#contract/farms/statuses.ts';
import type { ServiceInput } from '#contract/operations.ts';
import type { RolloutServerState } from '#contract/rollouts/rollout-members.ts';
import type { ScopeRef } from '#contract/scope.ts';
import type { Db } from '../../connection/connection.ts';
import { equal } from '../lists/equal.ts';
import { inOrder } from '../lists/in-order.ts';
import { type ListPlan, parseSort } from '../lists/paging.ts';
import { isAtOrBelow } from '../organisation/visibility.ts';

/** A server of a rollout, with what came in its place. */
export interface RolloutServerRow {
  id: string;
  farm_id: number;
  farm_name: string;
  farm_role_id: number;
  alias: string;
  account_id: number;
  environment_id: number;
  hostname: string;
  server_index: number;
  wave: number;
  position: number;
  state: RolloutServerState;
  new_server_id: string | null;
  new_hostname: string | null;
  new_status: ServerStatus | null;
  reason: string | null;
  failures: number;
  cloud_words: string | null;
  started_at: Date | null;
  ended_at: Date | null;
}

/** How to walk the servers of a rollout that a scope sees, in the order in which they are moved. */
export function rolloutServerListPlan(
  scope: ScopeRef,
  rolloutId: string,
  { state, farm, sort = 'position' }: ServiceInput<'rolloutServerList'>['query'],
): ListPlan {
  return {
    from: sql`rollout_servers rs`,
    branches: [sql`rs.rollout_id = ${rolloutId} AND ${isAtOrBelow('rs', scope)}`],
    where: [...(state ? [sql`rs.state = ANY(${state})`] : []), ...equal('rs', { farm_id: farm })],
    key: sql`rs.position`,
    keyType: 'integer',
    id: sql`rs.server_id`,
    idType: 'uuid',
    descending: parseSort(sort).descending,
  };
}

/** Servers of a rollout by id, in the order of the ids. */
export async function fetchRolloutServers(
  tx: Db,
  rolloutId: string,
  ids: readonly string[],
): Promise<RolloutServerRow[]> {
  if (ids.length === 0) return [];
  const { rows } = await sql<RolloutServerRow>`
    SELECT rs.server_id AS id, rs.*, n.hostname AS new_hostname, n.status AS new_status
    FROM rollout_servers rs LEFT JOIN servers n ON n.id = rs.new_server_id
    WHERE rs.rollout_id = ${rolloutId} AND rs.server_id = ANY(${ids}::uuid[])`.execute(tx);
  return inOrder(ids, rows);
}

/** The servers of a rollout in whose place new ones did not come up, latest first. */
export async function fetchFailedMoves(
  tx: Db,
  scope: ScopeRef,
  rolloutId: string,
  limit: number,
): Promise<RolloutServerRow[]> {
  const { rows } = await sql<{ id: string }>`
    SELECT rs.server_id AS id FROM rollout_servers rs
    WHERE rs.rollout_id = ${rolloutId} AND ${isAtOrBelow('rs', scope)} AND rs.failed_at IS NOT NULL
    ORDER BY rs.failed_at DESC, rs.position LIMIT ${limit}`.execute(tx);
  return fetchRolloutServers(
    tx,
    rolloutId,
    rows.map(({ id }) => id),
  );
}

/** What a farm role has left to do in a wave that has not ended. */
export interface OpenFarmRoleRow {
  wave: number;
  farm_id: number;
  farm_name: string;
  farm_role_id: number;
  alias: string;
  waiting: number;
  moving: number;
  baking: number;
  /** Of those that wait. */
  waiting_statuses: ServerStatus[];
  /** Live servers of the farm role. */
  live: number;
}

/** What is left to do, by wave and farm role, those under way first. */
export async function fetchOpenFarmRoles(
  tx: Db,
  scope: ScopeRef,
  rolloutId: string,
): Promise<OpenFarmRoleRow[]> {
  const { rows } = await sql<OpenFarmRoleRow>`
    SELECT rs.wave, rs.farm_id, min(rs.farm_name) AS farm_name, rs.farm_role_id, min(rs.alias) AS alias,
      (count(*) FILTER (WHERE rs.state = 'waiting'))::int AS waiting,
      (count(*) FILTER (WHERE rs.state = 'moving'))::int AS moving,
      (count(*) FILTER (WHERE rs.state = 'baking'))::int AS baking,
      coalesce(array_agg(s.status) FILTER (WHERE rs.state = 'waiting' AND s.id IS NOT NULL), '{}') AS waiting_statuses,
      coalesce((SELECT sum(g.servers)::int FROM server_groups g
        WHERE g.farm_role_id = rs.farm_role_id), 0) AS live
    FROM rollout_servers rs LEFT JOIN servers s ON s.id = rs.server_id
    WHERE rs.rollout_id = ${rolloutId} AND rs.state IN ('waiting', 'moving', 'baking')
      AND ${isAtOrBelow('rs', scope)}
    GROUP BY rs.wave, rs.farm_id, rs.farm_role_id
    ORDER BY rs.wave, count(*) FILTER (WHERE rs.state <> 'waiting') DESC, rs.farm_id, rs.farm_role_id`.execute(
    tx,
  );
  return rows;
}

/** Which wave is under way, or was last, and how many there are; undefined before the start. */
export async function findWave(
  tx: Db,
  rolloutId: string,
): Promise<{ now: number; of: number } | undefined> {
  const { rows } = await sql<{ now: number | null; of: number | null }>`
    SELECT coalesce(min(wave) FILTER (WHERE state IN ('waiting', 'moving', 'baking')), max(wave)) AS now,
      max(wave) AS of
    FROM rollout_servers WHERE rollout_id = ${rolloutId}`.execute(tx);
  const { now = null, of = null } = rows[0] ?? {};
  return now === null || of === null ? undefined : { now, of };
}

import { type RawBuilder, sql } from 'kysely';
import type { PlanRollout } from '#contract/rollouts/rollout-members.ts';
import type { ScopeRef } from '#contract/scope.ts';
import type { CandidateServer } from '../../../domain/rollout-plans.ts';
import type { Db } from '../../connection/connection.ts';
import { attachedTo } from '../clouds/environment-clouds.ts';
import { isLive, joinCurrentImage } from '../farms/usage.ts';
import { registrationsWanted } from '../images/same-cloud-image.ts';
import { observedAs } from '../observed-farms/observed-as.ts';
import { naturally } from '../lists/natural-order.ts';
import { isAtOrBelow } from '../organisation/visibility.ts';
import { openGroup } from './rollout-groups.ts';
import { serversOnOldImages } from '../replacements/replaced-places.ts';

/** A server that somebody wants to be moved, with what a plan says of its farm. */
export interface CandidateRow extends CandidateServer {
  environment_name: string;
  owner_id: number;
  owner_name: string;
  owner_email: string;
  locked_at: Date | null;
  locked_by: string | null;
  lock_comment: string | null;
}

/** Which servers somebody wants to be moved: what was asked for, and that alone. */
export type Wanted = Pick<
  PlanRollout,
  'farm' | 'farmRole' | 'servers' | 'image' | 'imageSet' | 'replacement' | 'owner'
> & {
  /** All that is old in some farm roles. */
  farmRoles?: readonly number[];
};

/**
 * The live servers at and below a scope that somebody wants to be moved: those on old images, or those that are
 * named. In the order in which they are moved.
 */
export async function fetchCandidates(
  tx: Db,
  scope: ScopeRef,
  wanted: Wanted,
): Promise<CandidateRow[]> {
  return select(
    tx,
    sql`${isAtOrBelow('s', scope)} AND ${sql.join(conditions(scope, wanted), sql` AND `)}`,
  );
}

/** All live servers of farm roles, whatever they run. */
export async function fetchLiveServers(
  tx: Db,
  farmRoleIds: readonly number[],
): Promise<CandidateRow[]> {
  if (farmRoleIds.length === 0) return [];
  return select(tx, sql`s.farm_role_id = ANY(${farmRoleIds}::int[])`);
}

async function select(tx: Db, condition: RawBuilder<unknown>): Promise<CandidateRow[]> {
  const { rows } = await sql<CandidateRow>`
    SELECT s.id, s.hostname, s.server_index, s.status, coalesce(g.old, false) AS old,
      coalesce(g.stale, false) AS stale, s.image_id, ran.name AS image_name, current.id AS role_image_id,
      current.name AS role_image_name, r.name AS role_name, s.farm_id, f.name AS farm_name,
      f.status AS farm_status, s.farm_role_id, fr.alias, fr.scaling_enabled, fr.min_servers, fr.max_servers,
      live.servers AS live, s.account_id, s.environment_id, e.name AS environment_name, f.owner_id,
      owner.name AS owner_name, owner.email AS owner_email, f.locked_at, f.locked_by, f.lock_comment,
      ${observedAs('s.farm_id')} AS observed, ${inUse('own')} AS launched_with, ${inUse('attached')} AS relaunched_with
    FROM servers s
    LEFT JOIN server_groups g ON (g.farm_role_id, g.image_id) = (s.farm_role_id, s.image_id)
    JOIN farm_roles fr ON fr.id = s.farm_role_id ${joinCurrentImage('fr')}
    JOIN farms f ON f.id = s.farm_id
    JOIN roles r ON r.id = fr.role_id
    JOIN environments e ON e.id = s.environment_id
    JOIN users owner ON owner.id = f.owner_id
    LEFT JOIN images ran ON ran.id = s.image_id
    LEFT JOIN cloud_credentials own ON own.id = s.cloud_credentials_id
    LEFT JOIN cloud_credentials attached ON attached.id = ${attachedTo('fr')}
    CROSS JOIN LATERAL (SELECT sum(all_groups.servers)::int AS servers FROM server_groups all_groups
      WHERE all_groups.farm_role_id = s.farm_role_id) live
    WHERE ${isLive('s')} AND ${condition}
    ORDER BY ${naturally(sql`f.name`)}, f.id, fr.launch_index, fr.id, s.server_index, s.id`.execute(
    tx,
  );
  return rows;
}

/** Credentials as the rules look at them; of a server or an environment without any, nothing. */
function inUse(alias: 'own' | 'attached'): RawBuilder<unknown> {
  const cc = sql.raw(alias);
  return sql`jsonb_build_object('credentials_name', ${cc}.name, 'cloud_rights', to_jsonb(${cc}.rights))`;
}

function conditions(scope: ScopeRef, wanted: Wanted): RawBuilder<unknown>[] {
  const { farm, farmRole, farmRoles, servers, image, imageSet, replacement, owner } = wanted;
  // Who names servers is told of each why it stays.
  if (servers) return [sql`s.id = ANY(${servers.map(({ id }) => id)}::uuid[])`];
  const images = registrationsWanted({ image: image?.id, imageSet: imageSet?.id });
  return [
    sql`g.old`,
    ...(farm ? [sql`s.farm_id = ${farm.id}`] : []),
    ...(farmRole ? [sql`s.farm_role_id = ${farmRole.id}`] : []),
    ...(farmRoles ? [sql`s.farm_role_id = ANY(${farmRoles}::int[])`] : []),
    ...(owner ? [sql`f.owner_id = ${owner.id}`] : []),
    ...images.map((ids) => sql`s.image_id = ANY(${ids})`),
    ...(replacement
      ? [
          sql`(g.farm_role_id, g.image_id) IN (
            SELECT g.farm_role_id, g.image_id ${serversOnOldImages(scope, [replacement.id])})`,
        ]
      : []),
  ];
}

/** Of some servers one that is not at or below a scope. */
export async function findUnknownServer(
  tx: Db,
  scope: ScopeRef,
  ids: readonly string[],
): Promise<string | undefined> {
  const { rows } = await sql<{ id: string }>`
    SELECT wanted.id FROM unnest(${ids}::uuid[]) wanted (id)
    WHERE NOT EXISTS (SELECT FROM servers s WHERE s.id = wanted.id AND ${isAtOrBelow('s', scope)})
    LIMIT 1`.execute(tx);
  return rows[0]?.id;
}

/** Boots of so many of a farm role's servers are looked at. */
const measuredBoots = 20;

/**
 * How long the last servers of farm roles took from their launch until they ran, in milliseconds (median). Of those
 * that came with an estate nobody knows: they are told to run since their launch.
 */
export async function fetchBootTimes(
  tx: Db,
  farmRoleIds: readonly number[],
): Promise<Map<number, number>> {
  const { rows } = await sql<{ id: number; ms: number }>`
    SELECT wanted.id, percentile_cont(0.5) WITHIN GROUP (ORDER BY boot.ms)::float8 AS ms
    FROM unnest(${farmRoleIds}::int[]) wanted (id)
    CROSS JOIN LATERAL (
      SELECT extract(epoch FROM ran.at - s.launched_at) * 1000 AS ms
      FROM (SELECT id, launched_at FROM servers WHERE farm_role_id = wanted.id
        ORDER BY launched_at DESC LIMIT ${measuredBoots}) s
      JOIN LATERAL (SELECT min(e.at) AS at FROM server_events e
        WHERE e.server_id = s.id AND e.status = 'running') ran ON ran.at > s.launched_at) boot
    GROUP BY wanted.id`.execute(tx);
  return new Map(rows.map(({ id, ms }) => [id, ms]));
}

/** Farms that a rollout works on which has not ended, or is still finishing moves. */
export interface BusyFarmRow {
  id: number;
  name: string;
  rollout_id: string;
}

/**
 * Of some farms those that another rollout works on.
 * @param but the rollout that is undone by the one that asks: what is left of it is in nobody's way
 */
export async function fetchBusyFarms(
  tx: Db,
  farmIds: readonly number[],
  but?: string,
): Promise<BusyFarmRow[]> {
  const { rows } = await sql<BusyFarmRow>`
    SELECT f.id, f.name, rs.rollout_id FROM rollout_servers rs JOIN farms f ON f.id = rs.farm_id
    WHERE rs.farm_id = ANY(${farmIds}::int[]) AND rs.state IN ('waiting', 'moving', 'baking')
      AND rs.rollout_id IS DISTINCT FROM ${but ?? null}::uuid
    UNION
    SELECT f.id, f.name, rg.rollout_id FROM rollout_groups rg JOIN farms f ON f.id = rg.farm_id
    WHERE rg.farm_id = ANY(${farmIds}::int[]) AND rg.state IN ${openGroup}
      AND rg.rollout_id IS DISTINCT FROM ${but ?? null}::uuid
    ORDER BY 1`.execute(tx);
  return rows;
}

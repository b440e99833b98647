import { sql } from 'kysely';
import type { RolloutServerState, RolloutSettings } from '#contract/rollouts/rollout-members.ts';
import type { MovingFarmRole, NewServer, WaitingServer } from '../../../domain/rollout-moves.ts';
import type { Db } from '../../connection/connection.ts';
import { isLive } from '../farms/usage.ts';
import { openGroup } from './rollout-groups.ts';
import type { RolloutRow } from './rollouts.ts';

/** A farm that a rollout has to look at now. */
export interface RolloutFarm {
  rollout_id: string;
  farm_id: number;
}

/**
 * The farms in which a rollout has something to do: moves under way in whichever state it is, and servers of the
 * present wave that wait, where it runs and the farm is not locked. All servers of a farm are in one wave, as they
 * are of one environment, and a wave that has ended stays so: no step need look at the wave again.
 */
export async function findRolloutFarms(db: Db): Promise<RolloutFarm[]> {
  const { rows } = await sql<RolloutFarm>`
    SELECT rs.rollout_id, rs.farm_id FROM rollout_servers rs WHERE rs.state IN ('moving', 'baking')
      AND NOT EXISTS (SELECT FROM rollout_groups rg WHERE rg.rollout_id = rs.rollout_id
        AND rg.farm_role_id = rs.farm_role_id)
    UNION
    SELECT rg.rollout_id, rg.farm_id FROM rollout_groups rg JOIN rollouts p ON p.id = rg.rollout_id
    WHERE rg.state = 'waiting' AND p.state = 'running' AND NOT EXISTS (SELECT FROM rollout_servers before
      WHERE before.rollout_id = rg.rollout_id AND before.wave < rg.wave AND before.state IN ('waiting', 'moving', 'baking'))
    UNION
    SELECT rs.rollout_id, rs.farm_id FROM rollouts p
    CROSS JOIN LATERAL (SELECT min(wave) AS wave FROM rollout_servers
      WHERE rollout_id = p.id AND state IN ('waiting', 'moving', 'baking')) present
    JOIN rollout_servers rs ON rs.rollout_id = p.id AND rs.wave = present.wave AND rs.state = 'waiting'
    LEFT JOIN farms f ON f.id = rs.farm_id
    WHERE p.state = 'running' AND f.locked_at IS NULL AND NOT EXISTS (SELECT FROM rollout_groups rg
      WHERE rg.rollout_id = rs.rollout_id AND rg.farm_role_id = rs.farm_role_id)
    ORDER BY 1, 2`.execute(db);
  return rows;
}

/** A rollout as a step of it looks at it. */
export interface SteppingRollout extends Pick<RolloutRow, 'id' | 'state' | 'failures'> {
  settings: RolloutSettings;
}

/** A rollout, which nobody else changes until the step commits. @returns nothing once it has gone */
export async function lockRollout(tx: Db, id: string): Promise<SteppingRollout | undefined> {
  const locked = await sql`SELECT FROM rollouts WHERE id = ${id} FOR NO KEY UPDATE`.execute(tx);
  if (locked.rows.length === 0) return undefined;
  // Read after the lock: what others have done until then counts.
  const { rows } = await sql<SteppingRollout>`
    SELECT p.id, p.state, p.failures, p.settings FROM rollouts p WHERE p.id = ${id}`.execute(tx);
  return rows[0];
}

/** A farm as a step of a rollout looks at it. */
export interface RolledFarm {
  id: number;
  status: 'running' | 'suspended' | 'terminated';
  locked_at: Date | null;
}

/** The farm of a step. One that was deleted has no servers left, as if it were terminated. */
export async function findRolledFarm(tx: Db, id: number): Promise<RolledFarm> {
  const found = await tx
    .selectFrom('farms')
    .where('id', '=', id)
    .select(['id', 'status', 'locked_at'])
    .executeTakeFirst();
  return found ?? { id, status: 'terminated', locked_at: null };
}

/** A move that has not ended, with both servers as they are now. */
export interface OpenMove {
  server_id: string;
  farm_role_id: number;
  state: Extract<RolloutServerState, 'waiting' | 'moving' | 'baking'>;
  started_at: Date | null;
  ran_at: Date | null;
  /** The server that goes. */
  server: (WaitingServer & Pick<NewServer, 'cloud_words'>) | null;
  /** What came in its place. */
  new_server_id: string | null;
  new_server: NewServer | null;
}

/** The moves of a rollout in one farm that have not ended, in the order of the plan; those of groups are left to their cloud. */
export async function fetchOpenMoves(tx: Db, of: RolloutFarm): Promise<OpenMove[]> {
  const endedBy = (alias: string) => sql`(SELECT e.actor FROM server_events e
    WHERE e.server_id = ${sql.raw(alias)}.id AND e.status = 'pending_terminate' ORDER BY e.id DESC LIMIT 1)`;
  const cloudWords = (alias: string) => sql`(SELECT e.cloud_words FROM server_events e
    WHERE e.server_id = ${sql.raw(alias)}.id AND e.cloud_words IS NOT NULL ORDER BY e.id DESC LIMIT 1)`;
  const { rows } = await sql<OpenMove>`
    SELECT rs.server_id, rs.farm_role_id, rs.state, rs.started_at, rs.ran_at, rs.new_server_id,
      CASE WHEN s.id IS NOT NULL THEN jsonb_build_object('status', s.status, 'stale', coalesce(g.stale, false),
        'ended_by', ${endedBy('s')}, 'cloud_words', ${cloudWords('s')}) END AS server,
      CASE WHEN n.id IS NOT NULL THEN jsonb_build_object('status', n.status, 'ended_by', ${endedBy('n')},
        'cloud_words', ${cloudWords('n')}) END AS new_server
    FROM rollout_servers rs
    LEFT JOIN servers s ON s.id = rs.server_id
    LEFT JOIN server_groups g ON (g.farm_role_id, g.image_id) = (s.farm_role_id, s.image_id)
    LEFT JOIN servers n ON n.id = rs.new_server_id
    WHERE rs.rollout_id = ${of.rollout_id} AND rs.farm_id = ${of.farm_id}
      AND rs.state IN ('waiting', 'moving', 'baking')
      AND NOT EXISTS (SELECT FROM rollout_groups rg WHERE rg.rollout_id = rs.rollout_id
        AND rg.farm_role_id = rs.farm_role_id)
    ORDER BY rs.position`.execute(tx);
  return rows;
}

/** How the roles of some farms are: their live servers, places that are empty, and when the last move of each ended. */
export async function fetchRolledFarmRoles(
  tx: Db,
  rolloutId: string,
  farmIds: readonly number[],
): Promise<Map<number, RolledFarmRole>> {
  const { rows } = await sql<RolledFarmRole & { id: number }>`
    SELECT fr.id, fr.scaling_enabled, fr.min_servers,
      ARRAY(SELECT s.status FROM servers s WHERE s.farm_role_id = fr.id AND ${isLive('s')}) AS live,
      (SELECT max(rs.ended_at) FROM rollout_servers rs WHERE rs.rollout_id = ${rolloutId}
        AND rs.farm_id = fr.farm_id AND rs.farm_role_id = fr.id AND rs.state = 'moved') AS "lastMovedAt",
      (SELECT count(*)::int FROM rollout_servers rs WHERE rs.rollout_id <> ${rolloutId} AND rs.farm_id = fr.farm_id
        AND rs.farm_role_id = fr.id AND rs.state = 'moving' AND rs.new_server_id IS NULL) AS "emptiedBefore"
    FROM farm_roles fr WHERE fr.farm_id = ANY(${farmIds}::int[])`.execute(tx);
  return new Map(rows.map(({ id, ...rolled }) => [id, rolled]));
}

/** A farm role as rollouts count what is up. */
export type RolledFarmRole = Pick<
  MovingFarmRole,
  'scaling_enabled' | 'min_servers' | 'live' | 'emptiedBefore' | 'lastMovedAt'
>;

/**
 * A live server that something else launched since, and that no move has, of whichever rollout: it may stand in an
 * emptied place.
 */
export async function findSpareServer(
  tx: Db,
  { farmRoleId, since }: { farmRoleId: number; since: Date },
): Promise<string | undefined> {
  const { rows } = await sql<{ id: string }>`
    SELECT s.id FROM servers s WHERE s.farm_role_id = ${farmRoleId} AND s.launched_at >= ${since}
      AND s.status IN ('pending_launch', 'pending', 'initializing', 'running')
      AND s.launched_by IS NULL
      AND NOT EXISTS (SELECT FROM rollout_servers rs WHERE rs.farm_id = s.farm_id AND rs.new_server_id = s.id)
    ORDER BY s.launched_at, s.id LIMIT 1`.execute(tx);
  return rows[0]?.id;
}

/** Writes down how far a move is. */
export async function updateMove(
  tx: Db,
  rolloutId: string,
  serverId: string,
  columns: {
    state?: RolloutServerState;
    new_server_id?: string | null;
    reason?: string | null;
    started_at?: Date;
    ran_at?: Date | null;
    ended_at?: Date;
  },
): Promise<void> {
  await tx
    .updateTable('rollout_servers')
    .set(columns)
    .where('rollout_id', '=', rolloutId)
    .where('server_id', '=', serverId)
    .execute();
}

/** Notes that what came in the place of a server did not come up. @returns how many did not, in all of the rollout */
export async function noteFailure(
  tx: Db,
  rolloutId: string,
  serverId: string,
  { at, cloudWords }: { at: Date; cloudWords: string },
): Promise<number> {
  await sql`UPDATE rollout_servers SET state = 'moving', new_server_id = NULL, ran_at = NULL,
      failures = failures + 1, failed_at = ${at}, cloud_words = ${cloudWords}
    WHERE rollout_id = ${rolloutId} AND server_id = ${serverId}`.execute(tx);
  const { rows } = await sql<{ failures: number }>`
    UPDATE rollouts SET failures = failures + 1, cloud_words = ${cloudWords} WHERE id = ${rolloutId}
    RETURNING failures`.execute(tx);
  return rows[0]?.failures ?? 0;
}

/** Stops a rollout that fails too often: nothing of it is launched or ended until somebody resumes it. */
export async function stopRollout(tx: Db, id: string): Promise<void> {
  await sql`UPDATE rollouts SET state = 'stopped', stopped_at = clock_timestamp(), version = version + 1 WHERE id = ${id}`.execute(
    tx,
  );
}

/** Ends the rollouts that have nothing left to do, and tells the pages that show them. */
export async function endFinishedRollouts(db: Db): Promise<void> {
  await sql`
    WITH ended AS (
      UPDATE rollouts p SET state = 'done', ended_at = clock_timestamp(), version = version + 1
      WHERE p.state = 'running' AND NOT EXISTS (SELECT FROM rollout_servers rs
        WHERE rs.rollout_id = p.id AND rs.state IN ('waiting', 'moving', 'baking'))
        AND NOT EXISTS (SELECT FROM rollout_groups rg WHERE rg.rollout_id = p.id AND rg.state IN ${openGroup})
      RETURNING p.id)
    SELECT raise_fleet_revisions(ARRAY(SELECT DISTINCT rs.account_id FROM ended
      JOIN (SELECT rollout_id, account_id FROM rollout_servers
        UNION SELECT rollout_id, account_id FROM rollout_groups) rs ON rs.rollout_id = ended.id))`.execute(
    db,
  );
}

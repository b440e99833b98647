import { sql } from 'kysely';
import type { Db } from '../../connection/connection.ts';
import { laneOfCredentials, queueJob } from '../records/outbox.ts';
import { openGroup, type RolloutGroupRow } from './rollout-groups.ts';
import type { RolloutFarm } from './rollout-steps.ts';
import type { RolloutRow } from './rollouts.ts';

/** The kind of job that moves one group of one rollout. */
export const groupMoveKind = 'group-move';

/** Which group of which rollout. */
export interface GroupOf {
  rolloutId: string;
  farmRoleId: number;
}

/** A group with the rollout that moves it, as a job finds them. */
export interface GroupTask extends RolloutGroupRow {
  rollout_state: RolloutRow['state'];
  max_unavailable: string;
  bake_seconds: number;
  batch_size: string;
  /** How many servers the group shall have, as far as that is known. */
  desired: number;
}

/** @returns nothing where it is not under way, or no longer */
export async function findGroupTask(db: Db, of: GroupOf): Promise<GroupTask | undefined> {
  const { rows } = await sql<GroupTask>`
    SELECT rg.*, p.state AS rollout_state, p.settings ->> 'maxUnavailable' AS max_unavailable,
      (p.settings ->> 'bakeSeconds')::int AS bake_seconds,
      p.settings ->> 'batchSize' AS batch_size,
      coalesce((SELECT o.desired FROM observed_farms o WHERE o.farm_id = rg.farm_id), 0) AS desired
    FROM rollout_groups rg JOIN rollouts p ON p.id = rg.rollout_id
    WHERE rg.rollout_id = ${of.rolloutId} AND rg.farm_role_id = ${of.farmRoleId} AND rg.state = 'moving'`.execute(
    db,
  );
  return rows[0];
}

/** Begins what waits of a rollout's groups in a farm, with their servers. */
export async function beginGroups(tx: Db, of: RolloutFarm, at: Date): Promise<void> {
  const { rows } = await sql<{ farm_role_id: number; credentials_id: string }>`
    UPDATE rollout_groups SET state = 'moving', started_at = coalesce(started_at, ${at}::timestamptz), words = NULL,
      percentage = 0
    WHERE rollout_id = ${of.rollout_id} AND farm_id = ${of.farm_id} AND state = 'waiting'
    RETURNING farm_role_id, credentials_id`.execute(tx);
  for (const { farm_role_id, credentials_id } of rows) {
    await sql`UPDATE rollout_servers SET state = 'moving', started_at = ${at}
      WHERE rollout_id = ${of.rollout_id} AND farm_role_id = ${farm_role_id} AND state = 'waiting'`.execute(
      tx,
    );
    await queueJob(tx, {
      kind: groupMoveKind,
      lane: laneOfCredentials(sql`${credentials_id}::uuid`),
      payload: { rolloutId: of.rollout_id, farmRoleId: farm_role_id } satisfies GroupOf,
      subject: `${of.rollout_id} ${farm_role_id}`,
      at,
    });
  }
}

/** Writes down how far a group is that is under way. */
export async function updateGroup(
  tx: Db,
  { rolloutId, farmRoleId }: GroupOf,
  columns: {
    state?: RolloutGroupRow['state'];
    by_members?: boolean;
    refresh_id?: string | null;
    cancelled_refresh_id?: string | null;
    undone_refresh_id?: string | null;
    percentage?: number;
    words?: string | null;
    started_at?: Date | null;
    ended_at?: Date;
  },
): Promise<void> {
  await tx
    .updateTable('rollout_groups')
    .set(columns)
    .where('rollout_id', '=', rolloutId)
    .where('farm_role_id', '=', farmRoleId)
    .execute();
}

/**
 * Takes the servers of a group for moved that it does not have any more.
 * @param left what it has still to exchange, by the cloud's ids
 */
export async function noteExchanged(
  tx: Db,
  of: GroupOf,
  left: readonly string[],
  at: Date,
): Promise<void> {
  await sql`UPDATE rollout_servers rs SET state = 'moved', ended_at = ${at}
    WHERE rs.rollout_id = ${of.rolloutId} AND rs.farm_role_id = ${of.farmRoleId} AND rs.state = 'moving'
      AND NOT EXISTS (SELECT FROM servers s WHERE s.id = rs.server_id
        AND s.cloud_server_id = ANY(${left}::text[]))`.execute(tx);
}

/** What is still to be exchanged is left as it is, for good or until the rollout goes on. */
export async function leaveServers(
  tx: Db,
  of: GroupOf,
  to: { state: 'waiting' } | { state: 'skipped'; reason: string; at: Date },
): Promise<void> {
  const columns =
    to.state === 'waiting'
      ? sql`state = 'waiting', started_at = NULL`
      : sql`state = 'skipped', reason = ${to.reason}, ended_at = ${to.at}`;
  await sql`UPDATE rollout_servers SET ${columns}
    WHERE rollout_id = ${of.rolloutId} AND farm_role_id = ${of.farmRoleId} AND state IN ('waiting', 'moving')`.execute(
    tx,
  );
}

/** Notes that the cloud has given up, or refused: the rollout goes no further by itself. */
export async function stopForGroup(
  tx: Db,
  of: GroupOf,
  { words }: { words: string },
): Promise<void> {
  await updateGroup(tx, of, { state: 'failed', words, refresh_id: null });
  await sql`UPDATE rollouts SET failures = failures + 1, cloud_words = ${words},
      state = CASE WHEN state IN ('running', 'paused') THEN 'stopped' ELSE state END,
      stopped_at = CASE WHEN state IN ('running', 'paused') THEN clock_timestamp() ELSE stopped_at END,
      version = version + 1
    WHERE id = ${of.rolloutId}`.execute(tx);
}

/** Ends the groups of a rollout that are not under way: nothing more is moved. @param but whatever is under way too */
export async function endGroups(
  tx: Db,
  rolloutId: string,
  { at, reason, isAll = false }: { at: Date; reason: string; isAll?: boolean },
): Promise<void> {
  const states = isAll ? openGroup : sql`('waiting', 'failed')`;
  await sql`WITH ended AS (
      UPDATE rollout_groups SET state = 'ended', ended_at = ${at}, words = ${reason}
      WHERE rollout_id = ${rolloutId} AND state IN ${states} RETURNING farm_role_id)
    UPDATE rollout_servers rs SET state = 'skipped', reason = ${reason}, ended_at = ${at}
    FROM ended WHERE rs.rollout_id = ${rolloutId} AND rs.farm_role_id = ended.farm_role_id
      AND rs.state IN ('waiting', 'moving')`.execute(tx);
}

/** What failed is tried again. */
export async function retryGroups(tx: Db, rolloutId: string): Promise<void> {
  await sql`UPDATE rollout_groups SET state = 'waiting'
    WHERE rollout_id = ${rolloutId} AND state = 'failed'`.execute(tx);
}

import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import type { PlanItem } from '#contract/plans.ts';
import type { PlanRollout, RolloutSettings } from '#contract/rollouts/rollout-members.ts';
import type { Rollout } from '#contract/rollouts/rollouts.ts';
import type { ScopeRef } from '#contract/scope.ts';
import type { GroupMove } from '../../../domain/inventory/group-moves.ts';
import type { Db } from '../../connection/connection.ts';
import { placeColumns } from '../records/operations-log.ts';
import type { CandidateRow } from './rollout-candidates.ts';
import { endGroups, retryGroups } from './rollout-group-steps.ts';
import { insertRolloutGroups } from './rollout-groups.ts';
import type { RolloutRow } from './rollouts.ts';

/** A group with what moves it, as a rollout takes it on. */
export type GroupToStart = Parameters<typeof insertRolloutGroups>[2][number];

/** A rollout that is planned, before it is started. */
export interface NewRollout {
  scope: ScopeRef;
  wish: PlanRollout;
  items: readonly PlanItem[];
  target: Rollout['target'];
  settings: RolloutSettings;
  at: Date;
  by: string;
  expiresAt: Date;
  undoesId?: string;
}

/** Keeps a plan. @returns its id */
export async function insertRollout(tx: Db, made: NewRollout): Promise<string> {
  const { scope, wish, items, target, settings, at, by, expiresAt, undoesId } = made;
  const id = randomUUID();
  await tx
    .insertInto('rollouts')
    .values({
      id,
      ...placeColumns(scope),
      state: 'planned',
      wish: JSON.stringify(wish),
      items: JSON.stringify(items),
      target: JSON.stringify(target),
      settings: JSON.stringify(settings),
      replacement_id: wish.replacement?.id ?? null,
      at,
      by,
      reason: wish.reason ?? null,
      expires_at: expiresAt,
      undoes_id: undoesId ?? null,
    })
    .execute();
  return id;
}

/** Starts a rollout with the servers that it moves, in this order, and the groups. */
export async function startRolloutRow(
  tx: Db,
  id: string,
  {
    moves,
    groups,
    at,
    by,
  }: {
    moves: readonly { server: CandidateRow; wave: number }[];
    groups: readonly GroupToStart[];
    at: Date;
    by: string;
  },
): Promise<void> {
  await sql`UPDATE rollouts SET state = 'running', started_at = ${at}, started_by = ${by}, version = version + 1
    WHERE id = ${id}`.execute(tx);
  const servers = moves.map(({ server, wave }, index) => ({
    server_id: server.id,
    farm_id: server.farm_id,
    farm_role_id: server.farm_role_id,
    account_id: server.account_id,
    environment_id: server.environment_id,
    hostname: server.hostname,
    server_index: server.server_index,
    farm_name: server.farm_name,
    alias: server.alias,
    wave,
    position: index + 1,
  }));
  await sql`INSERT INTO rollout_servers (rollout_id, server_id, farm_id, farm_role_id, account_id, environment_id,
      hostname, server_index, farm_name, alias, wave, position)
    SELECT ${id}::uuid, m.server_id, m.farm_id, m.farm_role_id, m.account_id, m.environment_id, m.hostname,
      m.server_index, m.farm_name, m.alias, m.wave, m.position
    FROM jsonb_to_recordset(${JSON.stringify(servers)}::jsonb) AS m (server_id uuid, farm_id int, farm_role_id int,
      account_id int, environment_id int, hostname text, server_index int, farm_name text, alias text, wave int,
      position int)`.execute(tx);
  await insertRolloutGroups(tx, id, groups);
}

/** The groups of a plan as a rollout keeps them. */
export function toGroupsToStart(
  groups: readonly { server: CandidateRow; wave: number; move: GroupMove }[],
): GroupToStart[] {
  return groups.map(({ server, wave, move }) => ({
    farm_role_id: server.farm_role_id,
    farm_id: server.farm_id,
    account_id: server.account_id,
    environment_id: server.environment_id,
    farm_name: server.farm_name,
    alias: server.alias,
    wave,
    move,
  }));
}

/** Brings a rollout into a state by an act of somebody. Resumed, it counts failures anew; cancelled, nothing waits. */
export async function setRolloutState(
  tx: Db,
  id: string,
  state: RolloutRow['state'],
  { at, reason }: { at: Date; reason: string },
): Promise<void> {
  const isEnd = state === 'cancelled' || state === 'done';
  const begun = state === 'running' ? sql`, failures = 0, cloud_words = NULL` : sql``;
  await sql`UPDATE rollouts SET state = ${state}, ended_at = ${isEnd ? at : null}::timestamptz,
      version = version + 1 ${begun}
    WHERE id = ${id}`.execute(tx);
  if (state === 'cancelled')
    await sql`UPDATE rollout_servers SET state = 'skipped', reason = ${reason}, ended_at = ${at}
      WHERE rollout_id = ${id} AND state = 'waiting'`.execute(tx);
  if (state === 'cancelled') await endGroups(tx, id, { at, reason });
  if (state === 'running') await retryGroups(tx, id);
}

/** Leaves to another rollout what this one has under way: its new servers count as moved. */
export async function closeMoves(tx: Db, id: string, at: Date, reason: string): Promise<void> {
  await sql`UPDATE rollout_servers SET state = 'moved', reason = ${reason}, ended_at = ${at}
    WHERE rollout_id = ${id} AND state IN ('moving', 'baking') AND new_server_id IS NOT NULL`.execute(
    tx,
  );
}

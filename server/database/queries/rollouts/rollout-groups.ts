import { type RawBuilder, sql } from 'kysely';
import type { CloudImageName, RolloutGroupState } from '#contract/rollouts/rollout-groups.ts';
import type { ScopeRef } from '#contract/scope.ts';
import type { GroupMove } from '../../../domain/inventory/group-moves.ts';
import type { Db } from '../../connection/connection.ts';
import { isAtOrBelow } from '../organisation/visibility.ts';

/** A group that a rollout moves. */
export interface RolloutGroupRow {
  rollout_id: string;
  farm_role_id: number;
  farm_id: number;
  account_id: number;
  environment_id: number;
  farm_name: string;
  alias: string;
  wave: number;
  credentials_id: string;
  cloud_platform: string;
  cloud_location: string;
  group_id: string;
  template_id: string;
  pointer_name: string | null;
  from_image: CloudImageName;
  to_image: CloudImageName;
  token: string;
  state: RolloutGroupState;
  by_members: boolean;
  refresh_id: string | null;
  /** One that Slipway has ended itself, since the rollout was paused or stopped. */
  cancelled_refresh_id: string | null;
  percentage: number;
  words: string | null;
  undone_refresh_id: string | null;
  started_at: Date | null;
  ended_at: Date | null;
}

export const openGroup = sql`('waiting', 'moving', 'failed')`;

/** Where a group is, among Slipway's own. */
export type GroupAt = Pick<
  RolloutGroupRow,
  'farm_role_id' | 'farm_id' | 'account_id' | 'environment_id' | 'farm_name' | 'alias' | 'wave'
>;

/** Keeps the groups that a rollout moves, as it starts. */
export async function insertRolloutGroups(
  tx: Db,
  rolloutId: string,
  groups: readonly (GroupAt & {
    move: Omit<GroupMove, 'words' | 'warnings'>;
    undoneRefreshId?: string | null;
  })[],
): Promise<void> {
  if (groups.length === 0) return;
  await tx
    .insertInto('rollout_groups')
    .values(
      groups.map(({ move, undoneRefreshId = null, ...at }) => ({
        ...at,
        rollout_id: rolloutId,
        credentials_id: move.credentialsId,
        cloud_platform: move.cloudPlatform,
        cloud_location: move.cloudLocation,
        group_id: move.groupId,
        template_id: move.templateId,
        pointer_name: move.pointerName,
        from_image: JSON.stringify(move.from),
        to_image: JSON.stringify(move.to),
        undone_refresh_id: undoneRefreshId,
      })),
    )
    .execute();
}

const listed = 200;

/** The groups of a rollout that a scope sees, in the order of their waves. */
export async function fetchRolloutGroups(
  tx: Db,
  scope: ScopeRef,
  rolloutId: string,
): Promise<RolloutGroupRow[]> {
  return select(tx, sql`rg.rollout_id = ${rolloutId} AND ${isAtOrBelow('rg', scope)}`);
}

/** Those that a rollout has begun to move, and that it can take back. */
export async function fetchBegunGroups(tx: Db, rolloutId: string): Promise<RolloutGroupRow[]> {
  return select(tx, sql`rg.rollout_id = ${rolloutId} AND rg.started_at IS NOT NULL`);
}

async function select(tx: Db, condition: RawBuilder<unknown>): Promise<RolloutGroupRow[]> {
  const { rows } = await sql<RolloutGroupRow>`
    SELECT rg.* FROM rollout_groups rg WHERE ${condition}
    ORDER BY rg.wave, rg.farm_name, rg.farm_role_id LIMIT ${listed}`.execute(tx);
  return rows;
}

import {
  type CandidateRow,
  fetchLiveServers,
} from '../../database/queries/rollouts/rollout-candidates.ts';
import type { RolloutGroupRow } from '../../database/queries/rollouts/rollout-groups.ts';
import type { GroupToStart } from '../../database/queries/rollouts/rollout-writes.ts';
import { findCredentialsInUse } from '../../database/queries/rollouts/movable-groups.ts';
import { findRightRefusal } from '../../domain/credentials/cloud-credentials.ts';
import type { Context } from '../context.ts';
import { refuseIf } from '../refuse.ts';

/** Groups that are moved back, with the servers that they have. */
export interface GroupsBack {
  groups: GroupToStart[];
  servers: CandidateRow[];
}

/**
 * What takes groups back to the image that ran before, whatever the catalogue says of it now. Which of their servers
 * run which image their cloud knows: those that need not go back have moved as soon as it was asked.
 * @throws ApiError UnacceptableState where the credentials do not let Slipway change groups any more
 */
export async function planGroupsBack(
  ctx: Context,
  begun: readonly RolloutGroupRow[],
): Promise<GroupsBack> {
  const ids = begun.map((group) => group.credentials_id);
  for (const credentials of await findCredentialsInUse(ctx.tx, ids))
    refuseIf(findRightRefusal(credentials, 'changeGroups'));
  return {
    groups: begun.map(toBack),
    servers: await fetchLiveServers(
      ctx.tx,
      begun.map((group) => group.farm_role_id),
    ),
  };
}

function toBack(row: RolloutGroupRow): GroupToStart {
  const { farm_role_id, farm_id, account_id, environment_id, farm_name, alias } = row;
  return {
    farm_role_id,
    farm_id,
    account_id,
    environment_id,
    farm_name,
    alias,
    wave: 1,
    undoneRefreshId: row.state === 'moving' ? row.refresh_id : null,
    move: {
      groupId: row.group_id,
      cloudPlatform: row.cloud_platform,
      cloudLocation: row.cloud_location,
      credentialsId: row.credentials_id,
      templateId: row.template_id,
      way: row.pointer_name === null ? 'template' : 'pointer',
      pointerName: row.pointer_name,
      from: row.to_image,
      to: row.from_image,
    },
  };
}

import type { RolloutGroup } from '#contract/rollouts/rollout-groups.ts';
import type { RolloutServer } from '#contract/rollouts/rollout-members.ts';
import type { Rollout, RolloutState } from '#contract/rollouts/rollouts.ts';
import type { RolloutGroupRow } from '../../database/queries/rollouts/rollout-groups.ts';
import type { RolloutServerRow } from '../../database/queries/rollouts/rollout-servers.ts';
import type { RolloutRow } from '../../database/queries/rollouts/rollouts.ts';
import type { Context } from '../context.ts';
import type { Recorded } from '../log-entry.ts';

/** The state of a rollout; what was planned a day ago has expired. */
export function stateOf(ctx: Pick<Context, 'now'>, row: RolloutRow): RolloutState {
  return row.state === 'planned' && row.expires_at <= ctx.now ? 'expired' : row.state;
}

/** The wire form of a rollout. */
export function toRollout(ctx: Pick<Context, 'now'>, row: RolloutRow): Rollout {
  return {
    id: row.id,
    scope: row.scope,
    accountId: row.account_id,
    envId: row.environment_id,
    state: stateOf(ctx, row),
    target: row.target,
    replacement: toLink(row.replacement_id),
    settings: row.settings,
    at: row.at.toISOString(),
    by: row.by,
    reason: row.reason,
    expiresAt: row.started_at ? null : row.expires_at.toISOString(),
    started: row.started_at?.toISOString() ?? null,
    startedBy: row.started_by,
    ended: row.ended_at?.toISOString() ?? null,
    failures: row.failures,
    cloudWords: row.cloud_words,
    undoes: toLink(row.undoes_id),
    undoneBy: toLink(row.undone_by_id),
    counts: row.counts,
    version: row.version,
  };
}

/** A rollout as the log keeps it: how far it is depends on when one looks. */
export function toRecordedRollout(ctx: Pick<Context, 'now'>, row: RolloutRow): Recorded<'rollout'> {
  const { counts: _counts, ...recorded } = toRollout(ctx, row);
  return recorded;
}

/** The wire form of one server of a rollout. */
export function toRolloutServer(row: RolloutServerRow): RolloutServer {
  return {
    id: row.id,
    hostname: row.hostname,
    index: row.server_index,
    farm: { id: row.farm_id, name: row.farm_name },
    farmRole: { id: row.farm_role_id, alias: row.alias },
    accountId: row.account_id,
    envId: row.environment_id,
    wave: row.wave,
    position: row.position,
    state: row.state,
    newServer:
      row.new_server_id === null
        ? null
        : {
            id: row.new_server_id,
            hostname: row.new_hostname ?? '',
            // Its row goes with its farm role.
            status: row.new_status ?? 'terminated',
          },
    reason: row.reason,
    failures: row.failures,
    cloudWords: row.cloud_words,
    started: row.started_at?.toISOString() ?? null,
    ended: row.ended_at?.toISOString() ?? null,
  };
}

/** The wire form of one group of a rollout. */
export function toRolloutGroup(row: RolloutGroupRow): RolloutGroup {
  return {
    farm: { id: row.farm_id, name: row.farm_name },
    farmRole: { id: row.farm_role_id, alias: row.alias },
    accountId: row.account_id,
    envId: row.environment_id,
    wave: row.wave,
    group: row.group_id,
    from: row.from_image,
    to: row.to_image,
    way: row.pointer_name === null ? 'template' : 'pointer',
    template: row.template_id,
    pointer: row.pointer_name,
    state: row.state,
    byMembers: row.by_members,
    refreshId: row.refresh_id,
    percentage: row.percentage,
    words: row.words,
    started: row.started_at?.toISOString() ?? null,
    ended: row.ended_at?.toISOString() ?? null,
  };
}

function toLink(id: string | null): { id: string } | null {
  return id === null ? null : { id };
}

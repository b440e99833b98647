import type { PlanRollout } from '#contract/rollouts/rollout-members.ts';
import {
  fetchMovedPlaces,
  type MovedPlace,
} from '../../database/queries/rollouts/rollout-origins.ts';
import { endGroups } from '../../database/queries/rollouts/rollout-group-steps.ts';
import { fetchBegunGroups } from '../../database/queries/rollouts/rollout-groups.ts';
import {
  closeMoves,
  insertRollout,
  setRolloutState,
  startRolloutRow,
} from '../../database/queries/rollouts/rollout-writes.ts';
import type { RolloutRow } from '../../database/queries/rollouts/rollouts.ts';
import { rolloutItems } from '../../domain/rollout-plans.ts';
import type { Context } from '../context.ts';
import type { Change, Mention } from '../log-entry.ts';
import { refusalError, refuseIf } from '../refuse.ts';
import { getVisibleReplacement } from '../replacements/find-replacement.ts';
import { carryOutRollBack, planRollBackOf } from '../replacements/roll-backs.ts';
import { type GroupsBack, planGroupsBack } from './groups-back.ts';
import { makeRolloutPlan, nothingToMove } from './make-plan.ts';
import { getVisibleRollout } from './rollout-detail.ts';
import { toRecordedRollout } from './rollout-present.ts';

/**
 * Takes a rollout back: the roles get the images back that they had, and a rollout of its own moves what was moved
 * back to them. Whatever the first one has not finished is left to the second.
 * @returns the rollout that moves back
 * @throws ApiError UnacceptableState where no role has an image that a replacement put there; as roll-backs do
 */
export async function undoRollout(ctx: Context, row: RolloutRow): Promise<RolloutRow> {
  const places = await fetchMovedPlaces(ctx.tx, row.id);
  const restorable = places.filter((place) => place.replacement_id !== null);
  const groups = await fetchBegunGroups(ctx.tx, row.id);
  if (restorable.length === 0 && groups.length === 0)
    throw refusalError({
      code: 'UnacceptableState',
      reason:
        places.length === 0
          ? 'Nothing can be moved back: no server that this rollout launched still runs what its role has now.'
          : `Nothing can be moved back: no replacement put the image into role "${places[0]?.role_name ?? ''}". Replace it there, and move the servers.`,
    });
  const back = await planGroupsBack(ctx, groups);
  await endUndone(ctx, row);
  const rolledBack = await rollBack(ctx, restorable);
  const id = await startBack(ctx, row, restorable, back);
  const undone = await getVisibleRollout(ctx, row.id);
  const made = await getVisibleRollout(ctx, id);
  ctx.record({
    kind: 'rollout',
    after: toRecordedRollout(ctx, made),
    others: [
      {
        kind: 'rollout',
        before: toRecordedRollout(ctx, row),
        after: toRecordedRollout(ctx, undone),
      },
      ...rolledBack,
    ],
  });
  return made;
}

async function endUndone(ctx: Context, row: RolloutRow): Promise<void> {
  const reason = `The rollout was undone by ${ctx.actor}.`;
  const isOpen = row.ended_at === null;
  if (isOpen) await setRolloutState(ctx.tx, row.id, 'cancelled', { at: ctx.now, reason });
  await endGroups(ctx.tx, row.id, { at: ctx.now, reason, isAll: true });
  await closeMoves(ctx.tx, row.id, ctx.now, reason);
}

/** Puts back into each place what the replacement that gave it its image took away. */
async function rollBack(
  ctx: Context,
  places: readonly MovedPlace[],
): Promise<(Change | Mention)[]> {
  const reason = 'A rollout was undone';
  const changes: (Change | Mention)[] = [];
  const parts = Map.groupBy(places, (place) =>
    [place.replacement_id, place.cloud_platform, place.cloud_location].join(' '),
  );
  for (const part of parts.values()) {
    const [first] = part;
    if (!first) continue;
    const replacement = await getVisibleReplacement(ctx, first.replacement_id ?? '');
    const planned = await planRollBackOf(ctx, replacement, {
      roles: part.map((place) => place.role_id),
      places: [{ cloudPlatform: first.cloud_platform, cloudLocation: first.cloud_location }],
    });
    refuseIf(planned.plan.refusal);
    for (const warning of planned.plan.warnings) ctx.warn(warning);
    changes.push(...(await carryOutRollBack(ctx, planned, reason)));
  }
  return changes;
}

async function startBack(
  ctx: Context,
  row: RolloutRow,
  places: readonly MovedPlace[],
  back: GroupsBack,
): Promise<string> {
  const { farm: _f, farmRole: _r, image: _i, imageSet: _s, replacement: _p, ...options } = row.wish;
  const ids = places.flatMap((place) => place.server_ids);
  const wish: PlanRollout = { ...options, servers: ids.map((id) => ({ id })) };
  const made =
    ids.length === 0 ? nothingToMove(wish) : await makeRolloutPlan(ctx, ctx.scope, wish, row.id);
  refuseIf(made.refusal);
  const id = await insertRollout(ctx.tx, {
    scope: ctx.scope,
    wish,
    items: rolloutItems(made),
    target: { type: 'servers', id: null, name: `Back: ${row.target.name}`.slice(0, 300) },
    settings: made.settings,
    at: ctx.now,
    by: ctx.actor,
    expiresAt: ctx.now,
    undoesId: row.id,
  });
  const moves = [...made.moves, ...back.servers.map((server) => ({ server, wave: 1 }))];
  const groups = back.groups;
  await startRolloutRow(ctx.tx, id, { moves, groups, at: ctx.now, by: ctx.actor });
  return id;
}

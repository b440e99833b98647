import type { CloudOf } from '../cloud/clouds.ts';
import { demandCapability } from '../cloud/port.ts';
import {
  findGroupTask,
  groupMoveKind,
  type GroupOf,
  type GroupTask,
} from '../database/queries/rollouts/rollout-group-steps.ts';
import { performFleetStep } from '../fleet-step.ts';
import type { FleetContext } from '../services/context.ts';
import { noteOutcome } from '../services/rollouts/move-groups.ts';
import { type Effect, type JobKind, toJobKind } from './effects.ts';
import { stepGroup } from './group-steps.ts';

/** A step is a few calls, one after the other. */
const deadlineMs = 15_000;

/**
 * Moves groups in their cloud and follows them: docs/domain.md, "Moving observed groups". What it knows is in the
 * database, and every call finds what it has begun, so it may die at any moment.
 * @param againMs how long after it was looked at a group is looked at again
 */
export function groupMoves(cloudOf: CloudOf, { againMs = 5_000 } = {}): JobKind {
  const effect: Effect<GroupTask, FleetContext> = {
    kind: groupMoveKind,
    deadlineMs,
    find: (db, payload) => findGroupTask(db, payload as GroupOf),
    ask: async (task, { signal, lane }) => {
      const groups = demandCapability(await cloudOf(lane), 'groups');
      const outcome = await stepGroup(groups, task, { signal, againMs });
      return (ctx, jobId) => noteOutcome(ctx, jobId, task, outcome);
    },
    fail: (ctx, jobId, task, words) => noteOutcome(ctx, jobId, task, { to: 'failed', words }),
    commit: (db, { farm_id: farmId }, work) =>
      performFleetStep(db, { actor: 'system:rollouts', farmId }, work),
  };
  return toJobKind(effect);
}

import type { RolloutState } from '#contract/rollouts/rollouts.ts';
import type { Refusal } from './refusal.ts';

// What may be done with a rollout: docs/domain.md, "Rollouts".

export type RolloutVerb = 'start' | 'pause' | 'resume' | 'cancel' | 'undo';

const possible: Record<RolloutVerb, { from: readonly RolloutState[]; done: string }> = {
  start: { from: ['planned'], done: 'started' },
  pause: { from: ['running'], done: 'paused' },
  resume: { from: ['paused', 'stopped'], done: 'resumed' },
  cancel: { from: ['planned', 'expired', 'running', 'paused', 'stopped'], done: 'cancelled' },
  undo: { from: ['running', 'paused', 'stopped', 'done', 'cancelled'], done: 'undone' },
};

const inWords: Record<RolloutState, string> = {
  planned: 'is planned and has not been started',
  running: 'is running',
  paused: 'is paused',
  stopped: 'has stopped after too many failures',
  done: 'is done',
  cancelled: 'was cancelled',
  expired: 'was planned more than a day ago; plan it anew',
};

/** What stands against an act by the state of the rollout alone. */
export function findStateRefusal(
  rollout: { state: RolloutState; undone_by_id: string | null; moved: number },
  verb: RolloutVerb,
): Refusal | undefined {
  const { from, done } = possible[verb];
  const refuse = (reason: string): Refusal => ({ code: 'UnacceptableState', reason });
  if (verb === 'undo' && rollout.undone_by_id !== null)
    return refuse('This rollout was undone already.');
  if (!from.includes(rollout.state))
    return refuse(`This rollout ${inWords[rollout.state]}, so it cannot be ${done}.`);
  if (verb === 'undo' && rollout.moved === 0)
    return refuse('This rollout has moved no server yet, so there is nothing to undo. Cancel it.');
  return undefined;
}

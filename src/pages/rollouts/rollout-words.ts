import type { RolloutServerState } from '#contract/rollouts/rollout-members.ts';
import type { Rollout, RolloutState } from '#contract/rollouts/rollouts.ts';

import { formatQuantity } from '../../util/format.ts';

export const stateWord: Record<RolloutState, string> = {
  planned: 'Planned',
  running: 'Running',
  paused: 'Paused',
  stopped: 'Stopped after failures',
  done: 'Done',
  cancelled: 'Cancelled',
  expired: 'Expired',
};

export const serverStateWord: Record<RolloutServerState, string> = {
  waiting: 'Waiting',
  moving: 'Moving',
  baking: 'Baking',
  moved: 'Moved',
  skipped: 'Skipped',
};

/** What it moves, as its title says it. */
export function rolloutTitle({ target, undoes }: Pick<Rollout, 'target' | 'undoes'>): string {
  if (undoes !== null) return target.name;
  // Of a replacement the name says it all: from which version to which.
  const to = target.type === 'replacement' ? '' : ' to the new image';
  return `Move ${target.name}${to}`;
}

/** `3 of 12 moved`. */
export function movedWords({ counts }: Pick<Rollout, 'counts'>): string {
  return `${counts.moved} of ${counts.total} moved`;
}

/** `3 of 12 moved, 2 moving, 7 waiting.`: where all of them are. */
export function progressWords(rollout: Pick<Rollout, 'counts'>): string {
  const others = (['moving', 'baking', 'waiting', 'skipped'] as const)
    .filter((state) => rollout.counts[state] > 0)
    .map((state) => `${rollout.counts[state]} ${state}`);
  return `${[movedWords(rollout), ...others].join(', ')}.`;
}

/** A time span as people say it: `about 3 minutes`. */
export function spanWords(seconds: number): string {
  if (seconds < 90) return `about ${formatQuantity(seconds, 'second')}`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 90) return `about ${formatQuantity(minutes, 'minute')}`;
  return `about ${formatQuantity(Math.round(minutes / 60), 'hour')}`;
}

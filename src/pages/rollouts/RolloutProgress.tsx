import type { RolloutDetail } from '#contract/rollouts/rollouts.ts';

import { Notice } from '../../components/Notice.tsx';
import { DetailSection } from '../../layouts/DetailLayout.tsx';
import { capitalized, formatQuantity } from '../../util/format.ts';

import { GroupProgress } from './RolloutGroups.tsx';
import { progressWords, spanWords } from './rollout-words.ts';
import classes from './RolloutProgress.module.css';

/** How far a rollout is, what it does now, and what went wrong. */
export function RolloutProgress({ rollout }: { rollout: RolloutDetail }) {
  const { counts, wave, now, groups, failures, cloudWords, secondsLeft, state } = rollout;
  if (rollout.started === null) return <p>It was never started.</p>;
  const ended = counts.moved + counts.skipped;
  const failed = groups.filter((group) => group.state === 'failed').length;
  return (
    <DetailSection title="How far it is">
      <progress
        className={classes['bar']}
        aria-label="Servers that are moved or skipped"
        max={Math.max(1, counts.total)}
        value={counts.total === 0 ? 1 : ended}
      />
      <p>
        {progressWords(rollout)}
        {wave !== null && wave.of > 1 && ` Wave ${wave.now} of ${wave.of}.`}
        {secondsLeft !== null && ` ${capitalized(spanWords(secondsLeft))} left.`}
      </p>
      {failures > 0 && (
        <Notice tone={state === 'stopped' ? 'danger' : 'warning'}>
          {failed > 0
            ? `${formatQuantity(failed, 'group')} could not be moved.`
            : `${formatQuantity(failures, 'new server')} did not come up.`}{' '}
          The cloud said: {cloudWords}
        </Notice>
      )}
      <GroupProgress groups={groups} />
      {now.length > 0 && (
        <ul aria-label="What it does now">
          {now.map(({ farm, farmRole, words }) => (
            <li key={farmRole.id}>
              {farmRole.alias} of {farm.name}: {words}
            </li>
          ))}
        </ul>
      )}
    </DetailSection>
  );
}

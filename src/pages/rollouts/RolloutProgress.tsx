import { Progress } from '@mantine/core';
import type { RolloutDetail, RolloutNow } from '#contract/rollouts/rollouts.ts';

import { Notice } from '../../components/Notice.tsx';
import { DataTable } from '../../components/table/DataTable.tsx';
import type { Column } from '../../components/table/table.ts';
import { DetailSection } from '../../layouts/DetailLayout.tsx';
import { formatQuantity } from '../../util/format.ts';

import { movedWords, spanWords } from './rollout-words.ts';

const nowColumns: readonly Column<RolloutNow>[] = [
  {
    id: 'where',
    header: 'Where',
    isName: true,
    cell: ({ farm, farmRole }) => `${farmRole.alias} of ${farm.name}`,
  },
  { id: 'words', header: 'What happens', cell: ({ words }) => words },
];
const nowKey = ({ farmRole }: RolloutNow) => String(farmRole.id);
const nowLabel = ({ farm, farmRole }: RolloutNow) => `${farmRole.alias} of ${farm.name}`;

/** How far a rollout is, what it does now, and what went wrong. */
export function RolloutProgress({ rollout }: { rollout: RolloutDetail }) {
  const { counts, wave, now, failures, cloudWords, secondsLeft, state } = rollout;
  if (rollout.started === null) return <p>It was never started.</p>;
  const ended = counts.moved + counts.skipped;
  return (
    <DetailSection title="How far it is">
      <Progress
        aria-label="Servers that are moved or skipped"
        value={counts.total === 0 ? 100 : (100 * ended) / counts.total}
      />
      <p>
        {movedWords(rollout)}, {counts.moving} moving, {counts.baking} baking, {counts.waiting}{' '}
        waiting, {counts.skipped} skipped.
        {wave !== null && wave.of > 1 && ` Wave ${wave.now} of ${wave.of}.`}
        {secondsLeft !== null && ` ${spanWords(secondsLeft)} left.`}
      </p>
      {failures > 0 && (
        <Notice tone={state === 'stopped' ? 'danger' : 'warning'}>
          {formatQuantity(failures, 'new server')} did not come up. The cloud said: {cloudWords}
        </Notice>
      )}
      {now.length > 0 && (
        <DataTable
          label="What it does now"
          columns={nowColumns}
          rows={now}
          rowKey={nowKey}
          rowLabel={nowLabel}
        />
      )}
    </DetailSection>
  );
}

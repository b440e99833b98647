import { NativeSelect } from '@mantine/core';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import type { RolloutPlan } from '#contract/rollouts/rollout-members.ts';
import type { Rollout } from '#contract/rollouts/rollouts.ts';

import { usePlanRollout } from '../../api/rollouts.ts';
import type { RolloutWish } from '../../api/rollouts.ts';
import { ActionButton } from '../../components/actions/ActionButton.tsx';
import { ErrorNotice } from '../../components/ErrorNotice.tsx';
import { paths } from '../../util/paths.ts';
import type { PathScope } from '../../util/paths.ts';

type WaveOf = Readonly<Record<number, number>>;

interface PlanWavesProps {
  at: PathScope;
  rollout: Rollout;
  plan: RolloutPlan;
}

/** Which environments are moved first: the same is planned anew, in the waves that are chosen. */
export function PlanWaves({ at, rollout, plan }: PlanWavesProps) {
  const navigate = useNavigate();
  const planning = usePlanRollout(at);
  const environments = plan.waves.flatMap((wave, index) =>
    wave.environments.map((environment) => ({ ...environment, wave: index + 1 })),
  );
  const [waveOf, setWaveOf] = useState<WaveOf>(
    Object.fromEntries(environments.map(({ id, wave }) => [id, wave])),
  );
  const target = targetOf(rollout.target);
  if (environments.length < 2 || target === undefined) return null;
  const { reason, settings } = rollout;
  const body = {
    ...settings,
    ...target,
    waves: wavesOf(waveOf),
    ...(reason !== null && { reason }),
  };
  const numbers = environments.map((_, index) => String(index + 1));
  return (
    <details>
      <summary>Move in waves, environment by environment</summary>
      {environments.map(({ id, name }) => (
        <NativeSelect
          key={id}
          label={`Wave of ${name}`}
          data={numbers}
          value={String(waveOf[id] ?? 1)}
          onChange={({ target: { value } }) =>
            setWaveOf((now) => ({ ...now, [id]: Number(value) }))
          }
        />
      ))}
      {planning.error !== null && <ErrorNotice error={planning.error} />}
      <p>
        <ActionButton
          pending={planning.isPending}
          onClick={() =>
            planning.mutate(planning.change({ body }), {
              onSuccess: ({ data }) => void navigate(paths.rollout(at, data.id), { replace: true }),
            })
          }
        >
          Plan in these waves
        </ActionButton>
      </p>
    </details>
  );
}

/** What was asked for; undefined for single servers, which a rollout names only one by one. */
function targetOf({ type, id }: Rollout['target']): RolloutWish | undefined {
  if (type === 'scope') return {};
  if (type === 'servers' || id === null) return undefined;
  return { [type]: { id } };
}

function wavesOf(waveOf: WaveOf): { id: number }[][] {
  const byWave = new Map<number, { id: number }[]>();
  for (const [id, wave] of Object.entries(waveOf))
    byWave.set(wave, [...(byWave.get(wave) ?? []), { id: Number(id) }]);
  return [...byWave].toSorted(([a], [b]) => a - b).map(([, environments]) => environments);
}

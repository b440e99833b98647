import { Link, useParams } from 'react-router';
import type { RolloutDetail } from '#contract/rollouts/rollouts.ts';

import { useObject } from '../../api/query.ts';
import { rolloutQuery } from '../../api/rollouts.ts';
import { CopyableId } from '../../components/CopyableId.tsx';
import { FactList } from '../../components/FactList.tsx';
import type { Fact } from '../../components/FactList.tsx';
import { PageSkeleton } from '../../components/PageSkeleton.tsx';
import { RelativeTime } from '../../components/RelativeTime.tsx';
import { ScopeBadge } from '../../components/ScopeBadge.tsx';
import { useScope } from '../../hooks/use-scope.ts';
import { ObjectActivity } from '../../layouts/activity/ObjectActivity.tsx';
import { DetailLayout, DetailSection } from '../../layouts/DetailLayout.tsx';
import { PageHeader } from '../../layouts/PageHeader.tsx';
import { queryClient } from '../../query-client.ts';
import { formatQuantity } from '../../util/format.ts';
import { paths } from '../../util/paths.ts';
import type { PathScope } from '../../util/paths.ts';
import { scopedLoader } from '../../util/scoped-loader.ts';

import { PlanWaves } from './PlanWaves.tsx';
import { rolloutTitle, stateWord } from './rollout-words.ts';
import { RolloutActs } from './RolloutActs.tsx';
import { RolloutPlan } from './RolloutPlan.tsx';
import { RolloutProgress } from './RolloutProgress.tsx';
import { RolloutServers } from './RolloutServers.tsx';

/** Starts reading before the page is there. */
export const loader = scopedLoader((at, _search, { rolloutId = '' }) => {
  void queryClient.prefetchQuery(rolloutQuery(at, rolloutId));
});

/** One rollout: before it is started, what it would do; afterwards how far it is. */
export function Component() {
  const at = useScope();
  const { rolloutId = '' } = useParams();
  const rollout = useObject(rolloutQuery(at, rolloutId));
  if (rollout === undefined) return <PageSkeleton />;
  return <Details key={rolloutId} at={at} rollout={rollout} />;
}

function Details({ at, rollout }: { at: PathScope; rollout: RolloutDetail }) {
  return (
    <>
      <PageHeader
        title={rolloutTitle(rollout)}
        crumbs={[{ label: 'Rollouts', to: paths.rollouts(at) }]}
        facts={
          <>
            <span>{stateWord[rollout.state]}</span>
            <span>
              {rollout.started === null ? 'Planned' : 'Started'}{' '}
              <RelativeTime at={rollout.started ?? rollout.at} />
            </span>
          </>
        }
      />
      <DetailLayout
        facts={
          <DetailSection title="How it moves">
            <FactList facts={factsOf(at, rollout)} />
          </DetailSection>
        }
        below={rollout.started !== null && <RolloutServers at={at} rolloutId={rollout.id} />}
        actions={<RolloutActs at={at} rollout={rollout} />}
      >
        {rollout.plan === null ? (
          <RolloutProgress rollout={rollout} />
        ) : (
          <RolloutPlan plan={rollout.plan} settings={rollout.settings}>
            <PlanWaves at={at} rollout={rollout} plan={rollout.plan} />
          </RolloutPlan>
        )}
        <ObjectActivity at={at} object={`rollout:${rollout.id}`} />
      </DetailLayout>
    </>
  );
}

function factsOf(at: PathScope, rollout: RolloutDetail): Fact[] {
  const { settings, replacement, undoes, undoneBy } = rollout;
  const link = (label: string, id: string, words: string): Fact => ({
    label,
    value: <Link to={paths.rollout(at, id)}>{words}</Link>,
  });
  return [
    { label: 'At once', value: `${settings.batchSize} of a farm role` },
    { label: 'Most unavailable', value: `${settings.maxUnavailable} of a farm role` },
    { label: 'Bake time', value: formatQuantity(settings.bakeSeconds, 'second') },
    { label: 'Pause', value: formatQuantity(settings.pauseSeconds, 'second') },
    { label: 'Stops after', value: formatQuantity(settings.stopAfterFailures, 'failure') },
    { label: 'Made at', value: <ScopeBadge scope={rollout.scope} /> },
    { label: 'By', value: rollout.startedBy ?? rollout.by },
    ...(replacement === null
      ? []
      : [
          {
            label: 'Because of',
            value: <Link to={paths.replacement(at, replacement.id)}>a replacement</Link>,
          },
        ]),
    ...(undoes === null ? [] : [link('Undoes', undoes.id, 'an earlier rollout')]),
    ...(undoneBy === null ? [] : [link('Undone', undoneBy.id, 'by a later one')]),
    { label: 'Reason', value: rollout.reason ?? <span className="dim">none given</span> },
    { label: 'ID', value: <CopyableId id={rollout.id} what="ID" length={24} /> },
  ];
}

import { useQuery } from '@tanstack/react-query';
import { useParams } from 'react-router';
import type { Policy } from '#contract/policies/policies.ts';

import { policyEvaluationQuery, policyQuery } from '../../api/policies.ts';
import { useObject } from '../../api/query.ts';
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
import { paths } from '../../util/paths.ts';
import type { PathScope } from '../../util/paths.ts';
import { scopeOfPlace } from '../../util/places.ts';
import { scopedLoader } from '../../util/scoped-loader.ts';

import { kindWord, modeWord, reachWord, ruleWords } from './policy-words.ts';
import { PolicyActs } from './PolicyActs.tsx';
import { PolicyCalendar } from './PolicyCalendar.tsx';
import { PolicyFindings } from './PolicyFindings.tsx';
import { PolicyRuns } from './PolicyRuns.tsx';

/** Starts reading before the page is there. */
export const loader = scopedLoader((at, _search, { policyId = '' }) => {
  void queryClient.prefetchQuery(policyQuery(at, policyId));
});

/** One policy: what it would do now and later, and what it did. */
export function Component() {
  const at = useScope();
  const { policyId = '' } = useParams();
  const policy = useObject(policyQuery(at, policyId));
  if (policy === undefined) return <PageSkeleton />;
  return <Details key={policyId} at={at} policy={policy} />;
}

function Details({ at, policy }: { at: PathScope; policy: Policy }) {
  const isAtHome = JSON.stringify(scopeOfPlace(policy)) === JSON.stringify(at);
  return (
    <>
      <PageHeader
        title={policy.name}
        crumbs={[{ label: 'Policies', to: paths.policies(at) }]}
        facts={
          <>
            <span>{modeWord[policy.mode]}</span>
            <span>{kindWord[policy.kind]}</span>
          </>
        }
      />
      <DetailLayout
        facts={
          <DetailSection title="Rule">
            <FactList facts={factsOf(policy)} />
          </DetailSection>
        }
        below={
          isAtHome &&
          policy.evaluation !== null && (
            <PolicyFindings at={at} policyId={policy.id} evaluationId={policy.evaluation.id} />
          )
        }
        actions={<PolicyActs at={at} policy={policy} />}
      >
        {isAtHome ? (
          <>
            <Evaluation at={at} policy={policy} />
            <PolicyRuns at={at} policy={policy} />
          </>
        ) : (
          <p>What it found is shown where it lives: at its own scope.</p>
        )}
        <ObjectActivity at={at} object={`policy:${policy.id}`} />
      </DetailLayout>
    </>
  );
}

function Evaluation({ at, policy }: { at: PathScope; policy: Policy }) {
  const params = { policyId: policy.id, evaluationId: policy.evaluation?.id ?? '' };
  const { data } = useQuery({
    ...policyEvaluationQuery(at, params),
    enabled: policy.evaluation !== null,
  });
  return (
    <DetailSection title="What it would do">
      {policy.evaluation === null ? (
        <p>It was not evaluated yet as it is now. Evaluating changes nothing.</p>
      ) : (
        data !== undefined && <PolicyCalendar at={at} policy={policy} evaluation={data} />
      )}
    </DetailSection>
  );
}

function factsOf(policy: Policy): Fact[] {
  return [
    { label: 'Says', value: ruleWords(policy) },
    { label: 'Looks at', value: reachWord[policy.reach] },
    { label: 'Mode', value: modeWord[policy.mode] },
    ...(policy.modeSet === null
      ? []
      : [
          {
            label: 'Since',
            value: (
              <>
                <RelativeTime at={policy.modeSet.at} /> by {policy.modeSet.by}
              </>
            ),
          },
        ]),
    { label: 'Made at', value: <ScopeBadge scope={policy.scope} /> },
    { label: 'By', value: policy.createdBy },
    {
      label: 'Description',
      value: policy.description || <span className="dim">none given</span>,
    },
    { label: 'ID', value: <CopyableId id={policy.id} what="ID" length={24} /> },
  ];
}

import type { ComponentProps, ReactNode } from 'react';
import type { StoredPlan } from '#contract/replacements/replacement-plans.ts';

import { AsCommand } from '../../components/as-command/AsCommand.tsx';
import type { ReplacementDetail } from '../../components/flows/RollBack.tsx';
import { replacedWords } from '../../components/flows/replaced-words.ts';
import { RelativeTime } from '../../components/RelativeTime.tsx';
import { ReplacementState } from '../../components/objects/ReplacementState.tsx';
import { useDialog } from '../../hooks/use-dialog.ts';
import { ObjectActivity } from '../../layouts/activity/ObjectActivity.tsx';
import { DetailLayout, DetailSection } from '../../layouts/DetailLayout.tsx';
import { PageHeader } from '../../layouts/PageHeader.tsx';
import { paths } from '../../util/paths.ts';
import type { PathScope } from '../../util/paths.ts';
import { reasonAgainst } from '../../util/verdicts.ts';

import { BlastRadius, FarmsConcerned } from './BlastRadius.tsx';
import { keepingWords, planSummary } from './plan-words.ts';
import { PlanActions } from './PlanActions.tsx';
import { CancelPlan, ChangePlan, ChoosePair } from './PlanDialogs.tsx';
import { PlanNotices } from './PlanNotices.tsx';
import { PlanPairs } from './PlanPairs.tsx';
import { PlanRoles } from './PlanRoles.tsx';
import { ReplacementFacts } from './ReplacementFacts.tsx';
import { useApplying } from './use-applying.ts';

const dialogs = ['options', 'pair', 'cancel'] as const;

interface PlanDetailsProps {
  at: PathScope;
  /** One that is not carried out: planned, expired or given up. */
  replacement: ReplacementDetail;
}

/** What a plan would do, before anybody does it: to look at, to change, to send to others, to apply. */
export function PlanDetails({ at, replacement }: PlanDetailsProps) {
  const { dialog, on, open, close } = useDialog(dialogs);
  const applying = useApplying(at, replacement);
  const { plan } = replacement;
  const reasonAgainstChange = reasonAgainst(plan?.change);
  const mayChange = plan !== null && reasonAgainstChange === undefined;
  return (
    <>
      <PlanHeader at={at} replacement={replacement} />
      <PlanNotices at={at} replacement={replacement} error={applying.error} />
      <DetailLayout
        facts={<ReplacementFacts title="What is planned" {...{ at, replacement }} />}
        below={
          <>
            {plan !== null && (
              <PlanTables
                {...{ at, replacement, plan, reasonAgainstChange }}
                onChoose={(imageId) => open('pair', imageId)}
              />
            )}
            <ObjectActivity at={at} object={`replacement:${replacement.id}`} />
          </>
        }
        actions={
          <PlanActions
            {...{ at, replacement, applying, reasonAgainstChange }}
            onChange={() => open('options')}
            onCancel={() => open('cancel')}
          />
        }
      >
        {plan !== null && (
          <>
            <Summary plan={plan}>
              {replacement.state === 'planned' && <AsCommand changes={[applying.change]} />}
            </Summary>
            <BlastRadius plan={plan} />
          </>
        )}
      </DetailLayout>
      {dialog === 'cancel' && <CancelPlan {...{ at, replacement }} onClose={close} />}
      {dialog === 'options' && mayChange && <ChangePlan {...{ at, replacement }} onClose={close} />}
      {dialog === 'pair' && mayChange && on !== undefined && (
        <ChoosePair {...{ at, replacement }} imageId={on} onClose={close} />
      )}
    </>
  );
}

/** Image by image, farm by farm, role by role. */
function PlanTables(props: ComponentProps<typeof PlanPairs>) {
  return (
    <>
      <PlanPairs {...props} />
      <FarmsConcerned plan={props.plan} />
      <PlanRoles plan={props.plan} />
    </>
  );
}

function PlanHeader({ at, replacement }: PlanDetailsProps) {
  const { planned } = replacement;
  return (
    <PageHeader
      title={`Replace ${replacedWords(replacement)}`}
      crumbs={[{ label: 'Replacements', to: paths.replacements(at) }]}
      facts={
        <>
          <ReplacementState replacement={replacement} />
          {planned !== null && (
            <span>
              Planned <RelativeTime at={planned.at} /> by {planned.by}
            </span>
          )}
        </>
      }
    />
  );
}

function Summary({ plan, children }: { plan: StoredPlan; children: ReactNode }) {
  const keeping = keepingWords(plan);
  return (
    <DetailSection title="What it would do">
      <p>{planSummary(plan)}</p>
      {keeping.map((words) => (
        <p key={words} className="dim">
          {words}
        </p>
      ))}
      {children}
    </DetailSection>
  );
}

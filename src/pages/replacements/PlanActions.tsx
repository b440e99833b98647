import { useNavigate } from 'react-router';

import { usePlanReplacement, useReplanReplacement } from '../../api/replacements.ts';
import { ActionButton } from '../../components/actions/ActionButton.tsx';
import { ErrorNotice } from '../../components/ErrorNotice.tsx';
import type { ReplacementDetail } from '../../components/flows/RollBack.tsx';
import { announce } from '../../util/announce.ts';
import { basePath } from '../../util/base-path.ts';
import { copyText } from '../../util/clipboard.ts';
import { paths } from '../../util/paths.ts';
import type { PathScope } from '../../util/paths.ts';
import { scopeOfPlace } from '../../util/places.ts';
import { reasonAgainst } from '../../util/verdicts.ts';

import { isOwnScope } from './own-scope.ts';
import { applyLabel, emptyReason } from './plan-words.ts';
import type { Applying } from './use-applying.ts';

/** The address of a plan, as it can be sent to somebody. */
export function addressOf(replacement: ReplacementDetail): string {
  const path = paths.replacement(scopeOfPlace(replacement), replacement.id);
  return window.location.origin + basePath + path;
}

/** Copies the address of a plan, and says so. */
export function CopyLink({ replacement }: { replacement: ReplacementDetail }) {
  const copy = () =>
    void copyText(addressOf(replacement)).then(() => announce('The link is copied.'));
  return <ActionButton onClick={copy}>Copy link</ActionButton>;
}

interface PlanActionsProps {
  at: PathScope;
  replacement: ReplacementDetail;
  applying: Applying;
  reasonAgainstChange: string | undefined;
  onChange: () => void;
  onCancel: () => void;
}

/** What can be done with a plan: the primary thing last. */
export function PlanActions(props: PlanActionsProps) {
  const { at, replacement, applying, reasonAgainstChange, onChange, onCancel } = props;
  const { plan, state } = replacement;
  return (
    <>
      {plan !== null && (
        <>
          <ActionButton disabledReason={reasonAgainstChange} onClick={onCancel}>
            Cancel plan
          </ActionButton>
          <ActionButton disabledReason={reasonAgainstChange} onClick={onChange}>
            Change options
          </ActionButton>
        </>
      )}
      <CopyLink replacement={replacement} />
      {plan !== null && state === 'planned' ? (
        <ActionButton
          variant="filled"
          pending={applying.isPending}
          disabledReason={reasonAgainst(plan) ?? emptyReason(plan)}
          onClick={applying.carryOut}
        >
          {applyLabel(plan)}
        </ActionButton>
      ) : state === 'expired' && reasonAgainstChange === undefined ? (
        <Renew at={at} replacement={replacement} />
      ) : (
        <PlanAgain at={at} replacement={replacement} />
      )}
    </>
  );
}

type PlanAnewProps = Pick<PlanActionsProps, 'at' | 'replacement'>;

/** A plan that is too old gets another day, as things are now. */
function Renew({ at, replacement }: PlanAnewProps) {
  const replan = useReplanReplacement(at);
  const change = replan.change({
    params: { replacementId: replacement.id },
    ifMatch: replacement.version,
    body: {},
  });
  return <PlanAnew operation={replan} onClick={() => replan.mutate(change)} />;
}

/** What was given up, or expired and is somebody else's, is wished for once more: a plan of one's own. */
function PlanAgain({ at, replacement }: PlanAnewProps) {
  const navigate = useNavigate();
  const plan = usePlanReplacement(at);
  const change = plan.change({ body: replacement.wish ?? {} });
  const carryOut = () =>
    plan.mutate(change, {
      onSuccess: ({ data }) => void navigate(paths.replacement(at, data.id)),
    });
  return (
    <PlanAnew
      operation={plan}
      disabledReason={
        isOwnScope(at, replacement) ? undefined : 'It can only be planned anew at its own scope.'
      }
      onClick={carryOut}
    />
  );
}

interface PlanAnewButtonProps {
  operation: { error: Error | null; isPending: boolean };
  disabledReason?: string | undefined;
  onClick: () => void;
}

function PlanAnew({ operation, disabledReason, onClick }: PlanAnewButtonProps) {
  return (
    <>
      {operation.error !== null && <ErrorNotice error={operation.error} />}
      <ActionButton
        variant="filled"
        pending={operation.isPending}
        disabledReason={disabledReason}
        onClick={onClick}
      >
        Plan anew
      </ActionButton>
    </>
  );
}

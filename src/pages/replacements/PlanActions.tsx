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
  if (plan === null) {
    return (
      <>
        <CopyLink replacement={replacement} />
        <PlanAgain at={at} replacement={replacement} />
      </>
    );
  }
  return (
    <>
      <ActionButton disabledReason={reasonAgainstChange} onClick={onCancel}>
        Cancel plan
      </ActionButton>
      <ActionButton disabledReason={reasonAgainstChange} onClick={onChange}>
        Change options
      </ActionButton>
      <CopyLink replacement={replacement} />
      {state === 'expired' ? (
        <Renew {...{ at, replacement, reasonAgainstChange }} />
      ) : (
        <ActionButton
          variant="filled"
          pending={applying.isPending}
          disabledReason={reasonAgainst(plan) ?? emptyReason(plan)}
          onClick={applying.carryOut}
        >
          {applyLabel(plan)}
        </ActionButton>
      )}
    </>
  );
}

type RenewProps = Pick<PlanActionsProps, 'at' | 'replacement' | 'reasonAgainstChange'>;

/** A plan that is too old gets another day, as things are now. */
function Renew({ at, replacement, reasonAgainstChange }: RenewProps) {
  const replan = useReplanReplacement(at);
  const change = replan.change({
    params: { replacementId: replacement.id },
    ifMatch: replacement.version,
    body: {},
  });
  return (
    <>
      {replan.error !== null && <ErrorNotice error={replan.error} />}
      <ActionButton
        variant="filled"
        pending={replan.isPending}
        disabledReason={reasonAgainstChange}
        onClick={() => replan.mutate(change)}
      >
        Plan anew
      </ActionButton>
    </>
  );
}

/** What was given up can be planned once more, with the same pairs. */
function PlanAgain({ at, replacement }: Pick<PlanActionsProps, 'at' | 'replacement'>) {
  const navigate = useNavigate();
  const plan = usePlanReplacement(at);
  const change = plan.change({
    body: {
      pairs: replacement.pairs.map(({ oldImage, newImage }) => ({
        oldImage: { id: oldImage.id },
        newImage: { id: newImage.id },
      })),
      scope: replacement.reach,
      ...(replacement.reason === null ? {} : { reason: replacement.reason }),
    },
  });
  const carryOut = () =>
    plan.mutate(change, {
      onSuccess: ({ data }) => void navigate(paths.replacement(at, data.id)),
    });
  return (
    <>
      {plan.error !== null && <ErrorNotice error={plan.error} />}
      <ActionButton
        variant="filled"
        pending={plan.isPending}
        disabledReason={
          isOwnScope(at, replacement) ? undefined : 'It can only be planned anew at its own scope.'
        }
        onClick={carryOut}
      >
        Plan anew
      </ActionButton>
    </>
  );
}

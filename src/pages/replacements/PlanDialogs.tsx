import { useQuery } from '@tanstack/react-query';

import { imageQuery } from '../../api/images.ts';
import { useCancelReplacement, useReplanReplacement } from '../../api/replacements.ts';
import { ActionButton } from '../../components/actions/ActionButton.tsx';
import { noChanges } from '../../components/as-command/AsCommand.tsx';
import { ChangeDialog } from '../../components/dialogs/ChangeDialog.tsx';
import { Dialog, DialogActions, DialogBody } from '../../components/dialogs/Dialog.tsx';
import { FormDialog } from '../../components/dialogs/FormDialog.tsx';
import { ErrorNotice } from '../../components/ErrorNotice.tsx';
import { CandidatePicker } from '../../components/flows/CandidatePicker.tsx';
import { PlanOptions } from '../../components/flows/PlanOptions.tsx';
import { usePlanOptions } from '../../components/flows/replace-options.ts';
import type { ReplacementDetail } from '../../components/flows/RollBack.tsx';
import { isUnsaved } from '../../hooks/use-unsaved.ts';
import type { PathScope } from '../../util/paths.ts';

import { pairsWith } from './plan-pairs.ts';

interface DialogProps {
  at: PathScope;
  replacement: ReplacementDetail;
  onClose: () => void;
}

/** Other options for a plan, which is made anew with them. */
export function ChangePlan({ at, replacement, onClose }: DialogProps) {
  // Where no reach was wished for, the plan has the usual one of the API.
  const wish = { ...replacement.wish, scope: replacement.reach };
  const state = usePlanOptions(at.scope, wish);
  const replan = useReplanReplacement(at);
  const change = replan.change({
    params: { replacementId: replacement.id },
    ifMatch: replacement.version,
    body: state.body,
  });
  return (
    <FormDialog
      title="Change the plan"
      submitLabel="Plan anew"
      changes={[change]}
      onSubmit={() => replan.mutate(change, { onSuccess: onClose })}
      onClose={onClose}
      error={replan.error}
      pending={replan.isPending}
      unsaved={isUnsaved(state.isDirty, replan)}
      disabledReason={state.reasonProblem}
    >
      <PlanOptions state={state} />
    </FormDialog>
  );
}

/** Another new image for one of the old ones. */
export function ChoosePair(props: DialogProps & { imageId: string }) {
  const { at, replacement, imageId, onClose } = props;
  const { data: image, error } = useQuery(imageQuery(at, imageId));
  const replan = useReplanReplacement(at);
  const choose = (newImageId: string) =>
    replan.mutate(
      replan.change({
        params: { replacementId: replacement.id },
        ifMatch: replacement.version,
        body: { pairs: pairsWith(replacement.wish, imageId, newImageId) },
      }),
      { onSuccess: onClose },
    );
  return (
    <Dialog title="Choose the new image by hand" size="lg" onClose={onClose}>
      <DialogBody>
        {error !== null && <ErrorNotice error={error} />}
        {replan.error !== null && <ErrorNotice error={replan.error} />}
        {image !== undefined && (
          <CandidatePicker
            at={at}
            image={image}
            label={`New image in place of ${image.name}`}
            onChoose={({ id }) => choose(id)}
          />
        )}
        <DialogActions changes={noChanges}>
          <ActionButton onClick={onClose}>Cancel</ActionButton>
        </DialogActions>
      </DialogBody>
    </Dialog>
  );
}

/** Gives a plan up, once asked. */
export function CancelPlan({ at, replacement, onClose }: DialogProps) {
  const cancel = useCancelReplacement(at);
  const change = cancel.change({
    params: { replacementId: replacement.id },
    ifMatch: replacement.version,
  });
  return (
    <ChangeDialog
      title="Cancel this plan?"
      confirmLabel="Cancel plan"
      operation={cancel}
      change={change}
      onClose={onClose}
    >
      <p>Nothing is changed by it. Nobody can apply the plan any more; it can be planned anew.</p>
    </ChangeDialog>
  );
}

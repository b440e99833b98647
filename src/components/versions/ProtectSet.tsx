import { Textarea } from '@mantine/core';

import { setProtectPreviewQuery, useProtectSet } from '../../api/image-set-acts.ts';
import { useShownPlan } from '../../api/query.ts';
import { useReason } from '../forms/use-reason.ts';

import { nameOf } from './set-dialog.ts';
import type { SetDialogProps } from './set-dialog.ts';
import { SetActDialog } from './SetActDialog.tsx';
import { amountOf, useSetChoice } from './set-plan.ts';

/** What is shown beforehand, and what is sent; the reason changes nothing of the first. */
function useProtection(
  { at, object: set, images }: SetDialogProps,
  protect: boolean,
  part: { reason?: string } = {},
) {
  const operation = useProtectSet(at);
  const choice = useSetChoice(images);
  const body = { ...choice.selection, protect };
  const plan = useShownPlan(setProtectPreviewQuery(at, set.id, body), operation);
  const change = operation.change({
    params: { imageSetId: set.id },
    body: { ...body, ...part },
    digest: plan.data?.digest,
    ifMatch: set.version,
  });
  return { operation, choice, plan, change };
}

/** Protects the images of a set from being deleted. */
export function ProtectSet(props: SetDialogProps) {
  const { at, onClose } = props;
  const reason = useReason();
  const act = useProtection(props, true, reason.part);
  return (
    <SetActDialog
      {...{ at, onClose, ...act }}
      title={`Protect ${nameOf(props)}?`}
      submitLabel={`Protect ${amountOf(act.plan)}`}
      done="protected"
      isDirty={reason.isDirty}
      isInvalid={reason.problem !== undefined}
    >
      <p>Nobody can delete them, and no policy touches them, until that is ended.</p>
      <Textarea {...reason.props} data-autofocus minRows={2} maxRows={8} />
    </SetActDialog>
  );
}

/** Ends the protection of the images of a set. */
export function UnprotectSet(props: SetDialogProps) {
  const { at, onClose } = props;
  const act = useProtection(props, false);
  return (
    <SetActDialog
      {...{ at, onClose, ...act }}
      kind="question"
      title={`End the protection of ${nameOf(props)}?`}
      submitLabel={`End protection of ${amountOf(act.plan)}`}
      done="not protected any more"
    >
      <p>They can be deleted again, by people and by policies.</p>
    </SetActDialog>
  );
}

import { setDeprecatePreviewQuery, useDeprecateSet } from '../../api/image-set-acts.ts';
import { useShownPlan } from '../../api/query.ts';

import { nameOf } from './set-dialog.ts';
import type { SetDialogProps } from './set-dialog.ts';
import { SetActDialog } from './SetActDialog.tsx';
import { amountOf, useSetChoice } from './set-plan.ts';

/** Takes the deprecation of the images of a set back. */
export function RestoreSet(props: SetDialogProps) {
  const { at, object: set, images, onClose } = props;
  const restoration = useDeprecateSet(at);
  const choice = useSetChoice(images);
  const body = { ...choice.selection, deprecate: false };
  const plan = useShownPlan(setDeprecatePreviewQuery(at, set.id, body), restoration);
  return (
    <SetActDialog
      {...{ at, choice, onClose, plan }}
      kind="question"
      title={`Restore ${nameOf(props)}?`}
      submitLabel={`Restore ${amountOf(plan)}`}
      done="restored"
      operation={restoration}
      change={restoration.change({
        params: { imageSetId: set.id },
        body,
        digest: plan.data?.digest,
        ifMatch: set.version,
      })}
    >
      <p>They can be added to roles again.</p>
    </SetActDialog>
  );
}

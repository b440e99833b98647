import { useState } from 'react';
import type { Blocker } from '#contract/blockers.ts';
import type { ImageSetResult } from '#contract/image-sets/image-set-acts.ts';

import { setDeletePreviewQuery, useDeleteSet } from '../../api/image-set-acts.ts';
import type { SetSelection } from '../../api/image-set-acts.ts';
import { useShownPlan } from '../../api/query.ts';
import type { PathScope } from '../../util/paths.ts';
import { reasonAgainst } from '../../util/verdicts.ts';
import { ClearableBlockers } from '../dialogs/ClearableBlockers.tsx';
import { locationWords } from '../flows/flow-names.ts';
import { OptionField } from '../forms/fields.tsx';
import { Notice } from '../Notice.tsx';

import { nameOf } from './set-dialog.ts';
import type { SetDialogProps } from './set-dialog.ts';
import { SetActDialog } from './SetActDialog.tsx';
import { amountOf, useSetChoice } from './set-plan.ts';

/** As the query of a deletion has it. */
function queryOf({ images, ...rest }: SetSelection, isFromCloud: boolean) {
  return {
    ...(images === undefined ? {} : { images }),
    ...rest,
    ...(isFromCloud ? { deleteFromCloud: true as const } : {}),
  };
}

/** Deletes the images of a set that nothing uses; in an environment, with the machine images if wanted. */
export function DeleteSet(props: SetDialogProps) {
  const { at, object: set, images, onClose, onGone = onClose } = props;
  const deletion = useDeleteSet(at);
  const choice = useSetChoice(images);
  const [isFromCloud, setFromCloud] = useState(false);
  const query = queryOf(choice.selection, isFromCloud);
  const plan = useShownPlan(setDeletePreviewQuery(at, set.id, query), deletion);
  // Images that are refused for something else are among the results.
  const blockers =
    plan.data?.blockers.filter(({ type, reason }) => type !== 'image' || !reason) ?? [];
  const amount = amountOf(plan);
  const machineImages = amount === '1 image' ? 'its machine image' : 'their machine images';
  return (
    <SetActDialog
      isReasonShown={blockers.length > 0}
      {...{ at, choice, onClose, plan }}
      kind="danger"
      title={`Delete ${nameOf(props)}?`}
      submitLabel={isFromCloud ? `Delete ${amount} and ${machineImages}` : `Delete ${amount}`}
      done={isFromCloud ? 'being deleted from the cloud' : 'deleted'}
      operation={deletion}
      change={deletion.change({
        params: { imageSetId: set.id },
        query,
        digest: plan.data?.digest,
        ifMatch: set.version,
      })}
      onDone={({ imageSet }) => (imageSet === null ? onGone() : onClose())}
    >
      <p>
        {isFromCloud
          ? 'The machine images are deleted from their cloud as well. That cannot be undone.'
          : 'Only the registrations go. The machine images stay on their clouds and can be registered again.'}
      </p>
      <InTheWay {...{ at, blockers }} results={plan.data?.results ?? []} />
      {at.scope === 'environment' && (
        <OptionField
          label="Also delete the machine images from their cloud"
          description="Uses the cloud credentials of this environment. Takes a moment; the images show as Deleting until then."
          reasonAgainst={reasonAgainst(set.actions?.deleteFromCloud)}
          isChosen={isFromCloud}
          onChange={setFromCloud}
        />
      )}
    </SetActDialog>
  );
}

interface InTheWayProps {
  at: PathScope;
  blockers: readonly Blocker[];
  results: readonly ImageSetResult[];
}

/** What uses the images, each with the place of the image that it uses. */
function InTheWay({ at, blockers, results }: InTheWayProps) {
  if (blockers.length === 0) return null;
  const placeOf = (imageId: string | number | undefined) => {
    const image = results.find((result) => result.image.id === imageId)?.image;
    return image && locationWords(image);
  };
  return (
    <Notice tone="warning">
      <p>This stands in the way. Clear it, or leave out the images that are used.</p>
      <ClearableBlockers {...{ at, blockers, placeOf }} />
    </Notice>
  );
}

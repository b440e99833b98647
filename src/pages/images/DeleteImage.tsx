import { useState } from 'react';
import { cloudPlatformLabel } from '#contract/images/platforms.ts';
import type { Image } from '#contract/images/images.ts';

import { imageDeletePreviewQuery, useDeleteImage } from '../../api/images.ts';
import { useShownPlan } from '../../api/query.ts';
import { blockerLink } from '../../components/blocker-link.tsx';
import { ChangeDialog } from '../../components/dialogs/ChangeDialog.tsx';
import {
  reasonAgainstDeletion,
  RefusedDeletion,
} from '../../components/dialogs/RefusedDeletion.tsx';
import { OptionField } from '../../components/forms/fields.tsx';
import type { ObjectDialogProps } from '../../components/objects/object-actions.tsx';
import { reasonAgainst } from '../../util/verdicts.ts';

/** What a deletion means, and what has happened after it. */
function wordsOf({ name, cloudImageId }: Image, cloud: string, fromCloud: boolean) {
  if (fromCloud) {
    return {
      meaning: `The machine image ${cloudImageId} is deleted from ${cloud} as well. That cannot be undone.`,
      done: `${name} is being deleted from ${cloud}. It stays in the list until that is done.`,
    };
  }
  const stays = cloudImageId === '' ? '' : ` The machine image ${cloudImageId} stays on ${cloud}`;
  return {
    meaning: `Only the registration goes.${stays && `${stays} and can be registered again.`} History keeps the name.`,
    done: `${name} is deleted here.${stays && `${stays}.`}`,
  };
}

/** Deletes an image that nothing uses; in an environment, with the machine image if wanted. */
export function DeleteImage({ at, object: image, onClose, onGone }: ObjectDialogProps<Image>) {
  const deletion = useDeleteImage(at);
  const plan = useShownPlan(imageDeletePreviewQuery(at, image.id), deletion);
  const [fromCloud, setFromCloud] = useState(false);
  const cloud = cloudPlatformLabel[image.cloudPlatform] ?? image.cloudPlatform;
  const verdict = image.actions?.delete;
  const refusal = reasonAgainstDeletion(plan, verdict);
  const isPossible = (plan.data ?? verdict)?.allowed !== false;
  const change = deletion.change({
    params: { imageId: image.id },
    query: fromCloud ? { deleteFromCloud: true } : {},
    digest: plan.data?.digest,
    ifMatch: image.version,
  });
  const words = wordsOf(image, cloud, fromCloud);
  return (
    <ChangeDialog
      title={`Delete ${image.name}?`}
      confirmLabel={fromCloud ? `Delete image and machine image` : 'Delete image'}
      danger
      operation={deletion}
      change={change}
      done={words.done}
      onDone={onGone ?? onClose}
      onClose={onClose}
      disabledReason={refusal}
      renderBlocker={blockerLink(at)}
      size="md"
    >
      {deletion.error === null && <RefusedDeletion {...{ at, verdict }} plan={plan.data} />}
      <p>{words.meaning}</p>
      {at.scope === 'environment' && isPossible && image.cloudImageId !== '' && (
        <OptionField
          label={`Also delete the machine image from ${cloud}`}
          description="Uses the cloud credentials of this environment. Takes a moment; the image shows as Deleting until then."
          reasonAgainst={reasonAgainst(image.actions?.deleteFromCloud)}
          isChosen={fromCloud}
          onChange={setFromCloud}
        />
      )}
    </ChangeDialog>
  );
}

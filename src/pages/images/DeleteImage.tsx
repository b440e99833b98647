import { Checkbox } from '@mantine/core';
import { useState } from 'react';
import { cloudPlatformLabel } from '#contract/images/platforms.ts';

import { useDeleteImage } from '../../api/images.ts';
import { blockerLink } from '../../components/blocker-link.tsx';
import { ConfirmDialog } from '../../components/dialogs/ConfirmDialog.tsx';
import { Notice } from '../../components/Notice.tsx';
import { announce } from '../../util/announce.ts';
import { reasonAgainst } from '../../util/verdicts.ts';

import type { ImageDialogProps } from './ImageDialogs.tsx';

/** Deletes an image that nothing uses; in an environment, with the machine image if wanted. */
export function DeleteImage({ at, image, onClose, onGone }: ImageDialogProps) {
  const deletion = useDeleteImage(at);
  const [fromCloud, setFromCloud] = useState(false);
  const cloud = cloudPlatformLabel[image.cloudPlatform] ?? image.cloudPlatform;
  const reasonAgainstCloud = reasonAgainst(image.actions?.deleteFromCloud);
  const inUse = image.actions?.delete.allowed === false ? image.actions.delete.reason : undefined;
  const change = deletion.change({
    params: { imageId: image.id },
    query: fromCloud ? { deleteFromCloud: true } : {},
    ifMatch: image.version,
  });
  const wasMade = image.cloudImageId !== '';
  const stays = wasMade ? ` The machine image ${image.cloudImageId} stays on ${cloud}` : '';
  const confirm = () =>
    deletion.mutate(change, {
      onSuccess: () => {
        announce(
          fromCloud
            ? `${image.name} is being deleted from ${cloud}. It stays in the list until that is done.`
            : `${image.name} is deleted here.${stays && `${stays}.`}`,
        );
        (onGone ?? onClose)();
      },
    });
  return (
    <ConfirmDialog
      title={`Delete ${image.name}?`}
      confirmLabel={fromCloud ? `Delete image and machine image` : 'Delete image'}
      danger
      changes={[change]}
      onConfirm={confirm}
      onClose={onClose}
      error={deletion.error}
      pending={deletion.isPending}
      renderBlocker={blockerLink(at)}
      size="md"
    >
      {inUse !== undefined && deletion.error === null && <Notice tone="warning">{inUse}</Notice>}
      <p>
        {fromCloud
          ? `The machine image ${image.cloudImageId} is deleted from ${cloud} as well. That cannot be undone.`
          : `Only the registration goes.${stays && `${stays} and can be registered again.`} History keeps the name.`}
      </p>
      {at.scope === 'environment' && inUse === undefined && wasMade && (
        <Checkbox
          label={`Also delete the machine image from ${cloud}`}
          description={
            reasonAgainstCloud ??
            'Uses the cloud credentials of this environment. Takes a moment; the image shows as Deleting until then.'
          }
          aria-disabled={reasonAgainstCloud !== undefined}
          checked={fromCloud}
          onChange={(event) => {
            if (reasonAgainstCloud === undefined) setFromCloud(event.currentTarget.checked);
          }}
        />
      )}
    </ConfirmDialog>
  );
}

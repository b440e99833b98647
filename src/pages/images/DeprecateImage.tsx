import { Textarea } from '@mantine/core';
import { useState } from 'react';
import { reason as reasonSchema } from '#contract/fields.ts';

import { useDeprecateImage } from '../../api/images.ts';
import { FormDialog } from '../../components/dialogs/FormDialog.tsx';
import { ImageSelect } from '../../components/ImageSelect.tsx';
import { announce } from '../../util/announce.ts';
import { errorFacts } from '../../util/errors.ts';
import { formatQuantity } from '../../util/format.ts';

import type { ImageDialogProps } from './ImageDialogs.tsx';

function usedBy(roles: number): string {
  if (roles === 0) return 'No role uses it.';
  const words = formatQuantity(roles, 'role');
  return `${words} ${roles === 1 ? 'keeps' : 'keep'} it: what runs keeps running, and new servers of ${roles === 1 ? 'that role' : 'those roles'} still start from it. To move them on, replace it.`;
}

/** Deprecates an image: why, and what to use instead. */
export function DeprecateImage({ at, image, onClose }: ImageDialogProps) {
  const deprecation = useDeprecateImage(at);
  const [reason, setReason] = useState('');
  const [successor, setSuccessor] = useState<string>();
  const problem = reasonSchema.safeParse(reason.trim()).error?.issues[0]?.message;
  const field = deprecation.error === null ? undefined : errorFacts(deprecation.error).field;
  const message = deprecation.error === null ? undefined : errorFacts(deprecation.error).message;
  const isShownOnField = field === 'reason' || field?.startsWith('replacement') === true;
  const change = deprecation.change({
    params: { imageId: image.id },
    body: {
      deprecate: true,
      ...(reason.trim() === '' ? {} : { reason: reason.trim() }),
      ...(successor === undefined ? {} : { replacement: { id: successor } }),
    },
    ifMatch: image.version,
  });
  const submit = () => {
    if (problem !== undefined) return;
    deprecation.mutate(change, {
      onSuccess: () => {
        announce(`${image.name} is deprecated. It can no longer be added to roles.`);
        onClose();
      },
    });
  };
  return (
    <FormDialog
      title={`Deprecate ${image.name}?`}
      submitLabel="Deprecate image"
      changes={problem === undefined ? [change] : undefined}
      onSubmit={submit}
      onClose={onClose}
      error={isShownOnField ? null : deprecation.error}
      pending={deprecation.isPending}
    >
      <p>It can no longer be added to roles. {usedBy(image.usage?.roles ?? 0)}</p>
      <Textarea
        label="Reason (optional)"
        description="Shown wherever the image is."
        data-autofocus
        autosize
        minRows={2}
        maxRows={8}
        value={reason}
        error={problem ?? (field === 'reason' ? message : undefined)}
        onChange={(event) => setReason(event.target.value)}
      />
      <ImageSelect
        at={at}
        label="Use instead (optional)"
        description={`Images of the same cloud and location that can be used.`}
        filter={{
          status: 'active',
          deprecated: false,
          cloudPlatform: image.cloudPlatform,
          cloudLocation: image.cloudLocation,
        }}
        exclude={image.id}
        value={successor}
        onChange={setSuccessor}
        error={field?.startsWith('replacement') === true ? message : undefined}
      />
    </FormDialog>
  );
}

import { useForm } from '@mantine/form';
import { Textarea } from '@mantine/core';
import type { Image } from '#contract/images/images.ts';

import { useProtectImage } from '../../api/images.ts';
import { FormDialog } from '../../components/dialogs/FormDialog.tsx';
import { useFormChange } from '../../components/forms/use-form-change.ts';
import type { ObjectDialogProps } from '../../components/objects/object-actions.tsx';
import { announce } from '../../util/announce.ts';

/** Protects an image from being deleted, or ends that. */
export function ProtectImage({ at, object: image, onClose }: ObjectDialogProps<Image>) {
  const operation = useProtectImage(at);
  const protect = image.protection === null;
  const form = useForm({ initialValues: { reason: '' } });
  const { submit, ...sending } = useFormChange({
    form,
    operation,
    change: ({ reason }) =>
      operation.change({
        params: { imageId: image.id },
        body: { protect, ...(reason.trim() !== '' && { reason }) },
        ifMatch: image.version,
      }),
    fieldOf: (member) => (member === 'reason' ? member : undefined),
    onDone: () => {
      announce(`${image.name} is ${protect ? 'protected' : 'not protected any more'}.`);
      onClose();
    },
  });
  return (
    <FormDialog
      title={protect ? `Protect ${image.name}?` : `End the protection of ${image.name}?`}
      submitLabel={protect ? 'Protect image' : 'End protection'}
      {...sending}
      onSubmit={form.onSubmit(submit)}
      onClose={onClose}
    >
      <p>
        {protect
          ? 'Nobody can delete it, and no policy touches it, until that is ended.'
          : 'It can be deleted again, by people and by policies.'}
      </p>
      <Textarea label="Reason" autosize minRows={2} {...form.getInputProps('reason')} />
    </FormDialog>
  );
}

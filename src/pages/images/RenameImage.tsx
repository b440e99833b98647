import { schemaResolver, useForm } from '@mantine/form';
import { z } from 'zod';
import { description } from '#contract/fields.ts';
import { imageCreateSchema } from '#contract/images/images.ts';
import type { Image } from '#contract/images/images.ts';

import { useUpdateImage } from '../../api/images.ts';
import { FormDialog } from '../../components/dialogs/FormDialog.tsx';
import { DescriptionField, NameField } from '../../components/forms/fields.tsx';
import { chooseFirst } from '../../components/forms/conflict-words.ts';
import { ConflictNotice } from '../../components/forms/ConflictNotice.tsx';
import { useEdited } from '../../components/forms/use-edited.ts';
import { useFormChange } from '../../components/forms/use-form-change.ts';
import type { ObjectDialogProps } from '../../components/objects/object-actions.tsx';
import { announce } from '../../util/announce.ts';
import { nameAdvice } from '../../util/name-advice.ts';

const schema = z.object({ name: imageCreateSchema.shape.name, description });

const labels = { name: 'Name', description: 'Description' };

const valuesOf = ({ name, description: text }: Image) => ({ name, description: text });

const fieldOf = (member: string | undefined) =>
  member !== undefined && member in schema.shape ? member : undefined;

function doneWords(before: Image, name: string): string {
  return name === before.name
    ? `${name} has a new description.`
    : `${before.name} is called ${name} now.`;
}

/** Renames an image and describes it. What it is registered for never changes. */
export function RenameImage({ at, object: image, onClose }: ObjectDialogProps<Image>) {
  const operation = useUpdateImage(at);
  const form = useForm({
    initialValues: valuesOf(image),
    validate: schemaResolver(schema, { sync: true }),
    validateInputOnBlur: true,
  });
  const { version, conflict } = useEdited({ object: image, valuesOf, form, operation });
  const { submit, ...sending } = useFormChange({
    form,
    operation,
    change: (body) => operation.change({ params: { imageId: image.id }, body, ifMatch: version }),
    fieldOf,
    onDone: (_answer, { name }) => {
      announce(doneWords(image, name));
      onClose();
    },
  });
  const os = { id: image.os.id, name: image.osName, family: null };
  return (
    <FormDialog
      title={`Rename ${image.name}`}
      submitLabel="Save name and description"
      {...sending}
      error={conflict === undefined ? sending.error : null}
      disabledReason={conflict && chooseFirst}
      onSubmit={form.onSubmit((values) => (form.isDirty() ? submit(values) : onClose()))}
      onClose={onClose}
    >
      <NameField
        label="Name"
        description={
          nameAdvice(form.values.name, { ...image, os }) ??
          'The software on it and its version, such as nginx-1-27.'
        }
        data-autofocus
        {...form.getInputProps('name')}
      />
      <DescriptionField
        description="Configuration and other details that do not belong in the name."
        minRows={3}
        {...form.getInputProps('description')}
      />
      {conflict !== undefined && <ConflictNotice {...{ conflict, labels }} />}
    </FormDialog>
  );
}

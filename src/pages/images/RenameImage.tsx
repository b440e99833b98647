import { Textarea, TextInput } from '@mantine/core';
import { schemaResolver, useForm } from '@mantine/form';
import { z } from 'zod';
import { description } from '#contract/fields.ts';
import { imageCreateSchema } from '#contract/images/images.ts';

import { useUpdateImage } from '../../api/images.ts';
import { FormDialog } from '../../components/dialogs/FormDialog.tsx';
import { announce } from '../../util/announce.ts';
import { errorFacts } from '../../util/errors.ts';
import { nameAdvice } from '../../util/name-advice.ts';

import type { ImageDialogProps } from './ImageDialogs.tsx';

const schema = z.object({ name: imageCreateSchema.shape.name, description });

/** Renames an image and describes it. What it is registered for never changes. */
export function RenameImage({ at, image, onClose }: ImageDialogProps) {
  const update = useUpdateImage(at);
  const form = useForm({
    initialValues: { name: image.name, description: image.description },
    validate: schemaResolver(schema, { sync: true }),
    validateInputOnBlur: true,
  });
  const field = update.error === null ? undefined : errorFacts(update.error).field;
  const isShownOnField = field === 'name' || field === 'description';
  const changeTo = (body: z.output<typeof schema>) =>
    update.change({ params: { imageId: image.id }, body, ifMatch: image.version });
  const save = (values: z.output<typeof schema>) => {
    if (!form.isDirty()) {
      onClose();
      return;
    }
    update.mutate(changeTo(values), {
      onSuccess: () => {
        announce(
          values.name === image.name
            ? `${image.name} has a new description.`
            : `${image.name} is called ${values.name} now.`,
        );
        onClose();
      },
      onError: (error) => {
        const facts = errorFacts(error);
        if (facts.field !== undefined) form.setFieldError(facts.field, facts.message);
      },
    });
  };
  return (
    <FormDialog
      title={`Rename ${image.name}`}
      submitLabel="Save name and description"
      changes={form.isValid() ? [changeTo(form.values)] : undefined}
      onSubmit={form.onSubmit(save)}
      onClose={onClose}
      error={isShownOnField ? null : update.error}
      pending={update.isPending}
    >
      <TextInput
        label="Name"
        description={
          nameAdvice(form.values.name, {
            ...image,
            os: { id: image.os.id, name: image.osName, family: null },
          }) ?? 'The software on it and its version, such as nginx-1-27.'
        }
        data-autofocus
        autoComplete="off"
        spellCheck={false}
        maxLength={255}
        {...form.getInputProps('name')}
      />
      <Textarea
        label="Description"
        description="Configuration and other details that do not belong in the name."
        autosize
        minRows={3}
        maxRows={10}
        {...form.getInputProps('description')}
      />
    </FormDialog>
  );
}

import { Checkbox } from '@mantine/core';
import { schemaResolver, useForm } from '@mantine/form';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { z } from 'zod';
import { description } from '#contract/fields.ts';
import type { ImageSet } from '#contract/image-sets/image-sets.ts';
import { imageCreateSchema } from '#contract/images/images.ts';

import { useUpdateSet } from '../../api/image-set-acts.ts';
import type { RenamedImages } from '../../api/image-set-acts.ts';
import { announce } from '../../util/announce.ts';
import { errorFacts } from '../../util/errors.ts';
import { nameAdvice } from '../../util/name-advice.ts';
import { paths } from '../../util/paths.ts';
import { scopeOfPlace } from '../../util/places.ts';
import { FormDialog } from '../dialogs/FormDialog.tsx';
import { chooseFirst } from '../forms/conflict-words.ts';
import { ConflictNotice } from '../forms/ConflictNotice.tsx';
import { DescriptionField, NameField } from '../forms/fields.tsx';
import { useEdited } from '../forms/use-edited.ts';
import { useFormChange } from '../forms/use-form-change.ts';

import { nameOf } from './set-dialog.ts';
import type { SetDialogProps } from './set-dialog.ts';
import { countResults, useSetChoice } from './set-plan.ts';
import { SetAnswer } from './SetAnswer.tsx';

const schema = z.object({ name: imageCreateSchema.shape.name, description });
const labels = { name: 'Name', description: 'Description' };

const valuesOf = ({ name, description: text }: ImageSet) => ({ name, description: text ?? '' });

const fieldOf = (member: string | undefined) =>
  member !== undefined && member in schema.shape ? member : undefined;

/** What differs from before: a description that nobody typed leaves those of the images. */
function bodyOf(set: ImageSet, values: ReturnType<typeof valuesOf>) {
  const before = valuesOf(set);
  return {
    ...(values.name === before.name ? {} : { name: values.name }),
    ...(values.description === before.description ? {} : { description: values.description }),
  };
}

/** Where the images are now, and what became of each. */
interface Renamed {
  set: ImageSet;
  results: RenamedImages;
}

/** The form, what it sends, and what came of it where images were left out. */
function useRename(props: SetDialogProps) {
  const { at, object: set, images, onClose } = props;
  const operation = useUpdateSet(at);
  const navigate = useNavigate();
  const choice = useSetChoice(images);
  const [partly, setPartly] = useState<Renamed>();
  const form = useForm({
    initialValues: valuesOf(set),
    validate: schemaResolver(schema, { sync: true }),
    validateInputOnBlur: true,
  });
  const { version, conflict } = useEdited({ object: set, valuesOf, form, operation });
  const arrive = (now: ImageSet) => {
    if (now.id === set.id) onClose();
    else void navigate(paths.imageSet(scopeOfPlace(now), now.id), { replace: true });
  };
  const sending = useFormChange({
    form,
    operation,
    change: (values) =>
      operation.change({
        params: { imageSetId: set.id },
        query: choice.selection,
        body: bodyOf(set, values),
        ifMatch: version,
      }),
    fieldOf,
    onDone: ({ data, meta }, { name }) => {
      if (countResults(meta.results).skipped > 0) {
        setPartly({ set: data, results: meta.results });
        return;
      }
      const isNew = name !== set.name;
      announce(isNew ? `${nameOf(props)}: called ${name} now.` : `${name} has a new description.`);
      arrive(data);
    },
  });
  const refused = operation.error === null ? [] : errorFacts(operation.error).blockers;
  const canSkip = choice.skips || (refused.length > 0 && refused.length < set.images.total);
  return { form, operation, choice, canSkip, partly, arrive, conflict, sending };
}

/** Renames and describes the images of a set; a new name makes them another set. */
export function RenameSet(props: SetDialogProps) {
  const { object: set, onClose } = props;
  const { form, operation, choice, canSkip, partly, arrive, conflict, sending } = useRename(props);
  const { submit, ...sent } = sending;
  if (partly !== undefined)
    return (
      <SetAnswer
        at={props.at}
        answer={{ imageSet: partly.set, results: partly.results }}
        done="changed"
        onClose={() => arrive(partly.set)}
      />
    );
  return (
    <FormDialog
      title={`Rename ${nameOf(props)}`}
      submitLabel="Save name and description"
      {...sent}
      error={conflict === undefined ? sent.error : null}
      disabledReason={conflict && chooseFirst}
      onSubmit={form.onSubmit((values) => (form.isDirty() ? submit(values) : onClose()))}
      onClose={onClose}
    >
      <NameField
        label="Name"
        description={nameHelp(set, form.values.name)}
        data-autofocus
        {...form.getInputProps('name')}
      />
      <DescriptionField
        description={descriptionHelp(set)}
        minRows={3}
        {...form.getInputProps('description')}
      />
      {canSkip && (
        <Checkbox
          label="Leave out what cannot be changed"
          description="Otherwise nothing is changed."
          checked={choice.skips}
          onChange={(event) => {
            choice.setSkips(event.target.checked);
            operation.reset();
          }}
        />
      )}
      {conflict !== undefined && <ConflictNotice {...{ conflict, labels }} />}
    </FormDialog>
  );
}

function nameHelp({ os, osName }: ImageSet, name: string): string {
  const advice = nameAdvice(name, { os: { id: os.id, name: osName, family: null } });
  return advice ?? 'The software on it and its version, such as nginx-1-27.';
}

function descriptionHelp({ description: text }: ImageSet): string {
  return text === null
    ? 'Its images differ in this. What you write takes the place of all of them.'
    : 'Configuration and other details that do not belong in the name.';
}

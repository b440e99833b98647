import { TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import type { ChangeId } from '#contract/effects.ts';

import type { Operation } from '../../api/query.ts';
import type { Change } from '../../api/request.ts';
import { FormDialog } from '../dialogs/FormDialog.tsx';

import { chooseFirst } from './conflict-words.ts';
import { ConflictNotice } from './ConflictNotice.tsx';
import { useEdited } from './use-edited.ts';
import { useFormChange } from './use-form-change.ts';

interface Named {
  name: string;
  version: number;
}

interface RenameDialogProps<Id extends ChangeId> {
  /** What it is: `account`. */
  noun: string;
  object: Named;
  operation: Operation<Id>;
  disabledReason?: string | undefined;
  /** The change that a name makes of the version that was shown. */
  change: (name: string, ifMatch: number) => Change<Id>;
  onClose: () => void;
}

const labels = { name: 'Name' };
const valuesOf = ({ name }: Named) => ({ name });
const fieldOf = (member: string | undefined) => (member === 'name' ? member : undefined);

/** Gives something another name, where a name is all that can be changed of it. */
export function RenameDialog<Id extends ChangeId>(props: RenameDialogProps<Id>) {
  const { noun, object, operation, change, onClose } = props;
  const form = useForm({
    initialValues: valuesOf(object),
    validate: { name: (name) => (name.trim() === '' ? 'Type a name first.' : null) },
  });
  const { version, conflict } = useEdited({ object, valuesOf, form, operation });
  const { submit, ...sending } = useFormChange({
    form,
    operation,
    change: ({ name }) => change(name.trim(), version),
    fieldOf,
    onDone: onClose,
  });
  return (
    <FormDialog
      title={`Rename ${noun} ${object.name}`}
      submitLabel={`Rename ${noun}`}
      size="sm"
      {...sending}
      error={conflict === undefined ? sending.error : null}
      disabledReason={props.disabledReason ?? (conflict && chooseFirst)}
      onSubmit={form.onSubmit((values) => (form.isDirty() ? submit(values) : onClose()))}
      onClose={onClose}
    >
      <TextInput
        label="Name"
        maxLength={100}
        autoComplete="off"
        data-autofocus
        {...form.getInputProps('name')}
      />
      {conflict !== undefined && <ConflictNotice {...{ conflict, labels }} />}
    </FormDialog>
  );
}

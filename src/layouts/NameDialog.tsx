import { TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import type { ChangeId } from '#contract/effects.ts';

import type { Answer } from '../api/client.ts';
import type { Operation } from '../api/query.ts';
import type { Change } from '../api/request.ts';
import { FormDialog } from '../components/dialogs/FormDialog.tsx';
import { isUnsaved } from '../hooks/use-unsaved.ts';
import { useNameField } from '../hooks/use-name-field.ts';

interface NameDialogProps<Id extends ChangeId> {
  title: string;
  submitLabel: string;
  /** What is worth knowing before, above the field. */
  children?: ReactNode;
  operation: Operation<Id>;
  disabledReason: string | undefined;
  /** The change that a name makes. */
  change: (name: string) => Change<Id>;
  onDone: (answer: Answer<Id>) => void;
  onClose: () => void;
}

/** Asks for the one thing that a new account or environment has: a name. */
export function NameDialog<Id extends ChangeId>(props: NameDialogProps<Id>) {
  const { operation, change, onDone } = props;
  const name = useNameField(operation.error);
  const send = (value: string) => operation.mutate(change(value), { onSuccess: onDone });
  return (
    <FormDialog
      title={props.title}
      submitLabel={props.submitLabel}
      size="sm"
      pending={operation.isPending}
      unsaved={isUnsaved(name.isDirty, operation)}
      error={name.otherError}
      disabledReason={props.disabledReason}
      changes={name.value === '' ? undefined : [change(name.value)]}
      onSubmit={() => name.submit(send)}
      onClose={props.onClose}
    >
      {props.children}
      <TextInput label="Name" data-autofocus {...name.props} />
    </FormDialog>
  );
}

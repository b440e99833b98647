import { TextInput } from '@mantine/core';
import type { ReactNode } from 'react';

import type { AnyChange } from '../api/request.ts';
import { FormDialog } from '../components/dialogs/FormDialog.tsx';
import { useNameField } from '../hooks/use-name-field.ts';

interface NameDialogProps<Sent extends AnyChange> {
  title: string;
  submitLabel: string;
  initialName?: string;
  /** What is worth knowing before, above the field. */
  children?: ReactNode;
  pending: boolean;
  error: Error | null;
  disabledReason: string | undefined;
  /** The change that a name makes. */
  change: (name: string) => Sent;
  onSubmit: (change: Sent) => void;
  onClose: () => void;
}

/** Asks for the one thing that an account or environment has: a name. */
export function NameDialog<Sent extends AnyChange>(props: NameDialogProps<Sent>) {
  const name = useNameField(props.error, props.initialName);
  return (
    <FormDialog
      title={props.title}
      submitLabel={props.submitLabel}
      size="sm"
      pending={props.pending}
      error={name.otherError}
      disabledReason={props.disabledReason}
      changes={name.value === '' ? undefined : [props.change(name.value)]}
      onSubmit={() => name.submit((value) => props.onSubmit(props.change(value)))}
      onClose={props.onClose}
    >
      {props.children}
      <TextInput label="Name" data-autofocus {...name.props} />
    </FormDialog>
  );
}

import { TextInput } from '@mantine/core';
import type { ReactNode } from 'react';

import { FormDialog } from '../components/FormDialog.tsx';
import { useNameField } from '../hooks/use-name-field.ts';

interface NameDialogProps {
  title: string;
  submitLabel: string;
  initialName?: string;
  /** What is worth knowing before, above the field. */
  children?: ReactNode;
  pending: boolean;
  error: Error | null;
  disabledReason: string | undefined;
  onSubmit: (name: string) => void;
  onClose: () => void;
}

/** Asks for the one thing that an account or environment has: a name. */
export function NameDialog(props: NameDialogProps) {
  const name = useNameField(props.error, props.initialName);
  return (
    <FormDialog
      title={props.title}
      submitLabel={props.submitLabel}
      size="sm"
      pending={props.pending}
      error={name.otherError}
      disabledReason={props.disabledReason}
      onSubmit={() => name.submit(props.onSubmit)}
      onClose={props.onClose}
    >
      {props.children}
      <TextInput label="Name" data-autofocus {...name.props} />
    </FormDialog>
  );
}

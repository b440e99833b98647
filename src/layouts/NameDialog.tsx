import { TextInput } from '@mantine/core';
import { useState } from 'react';
import type { ReactNode } from 'react';

import { FormDialog } from '../components/FormDialog.tsx';
import { errorFacts } from '../util/errors.ts';

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
  const { error, initialName = '' } = props;
  const [name, setName] = useState(initialName);
  const onField = error !== null && errorFacts(error).field === 'name';
  return (
    <FormDialog
      title={props.title}
      submitLabel={props.submitLabel}
      size="sm"
      pending={props.pending}
      error={onField ? null : error}
      disabledReason={props.disabledReason}
      onSubmit={() => props.onSubmit(name.trim())}
      onClose={props.onClose}
    >
      {props.children}
      <TextInput
        label="Name"
        data-autofocus
        value={name}
        maxLength={100}
        autoComplete="off"
        error={onField ? error.message : undefined}
        onChange={(event) => setName(event.target.value)}
      />
    </FormDialog>
  );
}

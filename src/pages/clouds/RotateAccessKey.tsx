import { TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';

import { useUpdateCloudCredentials } from '../../api/cloud-credentials.ts';
import { FormDialog } from '../../components/dialogs/FormDialog.tsx';
import { helpBelow } from '../../components/forms/fields.tsx';
import { useFormChange } from '../../components/forms/use-form-change.ts';
import { announce } from '../../util/announce.ts';

import type { CredentialsDialogProps } from './credentials-dialog.ts';

interface Values {
  accessKey: string;
  secretKey: string;
}

const fieldOf = (member: string | undefined) =>
  member === 'accessKey' || member === 'secretKey' ? member : undefined;
const demanded = (what: string) => (text: string) =>
  text.trim() === '' ? `Paste the ${what} first.` : null;

/** Gives credentials of AWS another key; the one before is used no more. */
export function RotateAccessKey({ at, credentials, onClose }: CredentialsDialogProps) {
  const operation = useUpdateCloudCredentials(at);
  const form = useForm<Values>({
    initialValues: { accessKey: credentials.accessKey ?? '', secretKey: '' },
    validate: { accessKey: demanded('access key'), secretKey: demanded('secret key') },
  });
  const change = (body: Values) =>
    operation.change({
      params: { cloudCredentialsId: credentials.id },
      body,
      ifMatch: credentials.version,
    });
  const { submit, ...sending } = useFormChange({
    form,
    operation,
    change,
    fieldOf,
    onDone: () => {
      announce(`${credentials.name} has a new key. Test it.`);
      onClose();
    },
  });
  return (
    <FormDialog
      title={`Replace the secret of ${credentials.name}`}
      submitLabel="Replace the secret"
      {...sending}
      // Nobody looks over a shoulder and sees it.
      changes={sending.changes && [change({ ...form.values, secretKey: 'THE KEY' })]}
      onSubmit={form.onSubmit(submit)}
      onClose={onClose}
    >
      <TextInput label="Access key" spellCheck={false} {...form.getInputProps('accessKey')} />
      <TextInput
        label="Secret key"
        description="It is not shown again."
        inputWrapperOrder={helpBelow}
        type="password"
        autoComplete="off"
        data-autofocus
        {...form.getInputProps('secretKey')}
      />
    </FormDialog>
  );
}

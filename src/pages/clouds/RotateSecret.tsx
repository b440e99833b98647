import { Textarea } from '@mantine/core';
import { useForm } from '@mantine/form';

import { useUpdateCloudCredentials } from '../../api/cloud-credentials.ts';
import { FormDialog } from '../../components/dialogs/FormDialog.tsx';
import { useFormChange } from '../../components/forms/use-form-change.ts';
import { announce } from '../../util/announce.ts';

import type { CredentialsDialogProps } from './credentials-dialog.ts';

interface Values {
  clientCertificate: string;
  clientKey: string;
}

const fieldOf = (member: string | undefined) =>
  member === 'clientCertificate' || member === 'clientKey' ? member : undefined;
const demanded = (what: string) => (text: string) =>
  text.trim() === '' ? `Paste the ${what} first.` : null;

/** Gives credentials another certificate and its key; what was there before is used no more. */
export function RotateSecret({ at, credentials, onClose }: CredentialsDialogProps) {
  const operation = useUpdateCloudCredentials(at);
  const form = useForm<Values>({
    initialValues: { clientCertificate: credentials.clientCertificate ?? '', clientKey: '' },
    validate: { clientCertificate: demanded('certificate'), clientKey: demanded('key') },
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
      announce(`${credentials.name} has a new secret. Test it.`);
      onClose();
    },
  });
  return (
    <FormDialog
      title={`Replace the secret of ${credentials.name}`}
      submitLabel="Replace the secret"
      {...sending}
      // Nobody looks over a shoulder and sees it.
      changes={sending.changes && [change({ ...form.values, clientKey: 'THE KEY' })]}
      onSubmit={form.onSubmit(submit)}
      onClose={onClose}
    >
      <Textarea
        label="Client certificate"
        description="What LXD knows Slipway by, as PEM."
        rows={4}
        spellCheck={false}
        {...form.getInputProps('clientCertificate')}
      />
      <Textarea
        label="Client key"
        description="Its private key, as PEM. It is not shown again."
        rows={4}
        spellCheck={false}
        autoComplete="off"
        data-autofocus
        {...form.getInputProps('clientKey')}
      />
    </FormDialog>
  );
}

import { useForm } from '@mantine/form';

import { useUpdateCloudCredentials } from '../../api/cloud-credentials.ts';
import { FormDialog } from '../../components/dialogs/FormDialog.tsx';
import { NameField } from '../../components/forms/fields.tsx';
import { useFormChange } from '../../components/forms/use-form-change.ts';
import { announce } from '../../util/announce.ts';

import type { CredentialsDialogProps } from './credentials-dialog.ts';
import { SecretField } from './OpenstackFields.tsx';

/** Gives credentials of OpenStack another password, or another application credential. */
export function RotateOpenstackSecret({ at, credentials, onClose }: CredentialsDialogProps) {
  const operation = useUpdateCloudCredentials(at);
  const isApplication = credentials.applicationCredentialId != null;
  const [who, secret] = isApplication
    ? (['applicationCredentialId', 'applicationCredentialSecret'] as const)
    : (['userName', 'password'] as const);
  const form = useForm({
    initialValues: { who: credentials[who] ?? '', secret: '' },
    validate: {
      who: (text) => (text.trim() === '' ? 'Say who it is.' : null),
      secret: (text) => (text.trim() === '' ? 'Paste the secret first.' : null),
    },
  });
  const change = (values: { who: string; secret: string }) =>
    operation.change({
      params: { cloudCredentialsId: credentials.id },
      body: { [who]: values.who.trim(), [secret]: values.secret },
      ifMatch: credentials.version,
    });
  const { submit, ...sending } = useFormChange({
    form,
    operation,
    change,
    fieldOf: (member) => (member === who ? 'who' : member === secret ? 'secret' : undefined),
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
      changes={sending.changes && [change({ ...form.values, secret: 'THE SECRET' })]}
      onSubmit={form.onSubmit(submit)}
      onClose={onClose}
    >
      <NameField
        label={isApplication ? 'Application credential' : 'User'}
        {...form.getInputProps('who')}
      />
      <SecretField
        label={isApplication ? 'Secret' : 'Password'}
        data-autofocus
        {...form.getInputProps('secret')}
      />
    </FormDialog>
  );
}

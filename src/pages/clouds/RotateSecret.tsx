import { Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import type { UseFormReturnType } from '@mantine/form';
import type { ReactNode } from 'react';

import { useUpdateCloudCredentials } from '../../api/cloud-credentials.ts';
import { FormDialog } from '../../components/dialogs/FormDialog.tsx';
import { helpBelow, NameField } from '../../components/forms/fields.tsx';
import { useFormChange } from '../../components/forms/use-form-change.ts';
import { announce } from '../../util/announce.ts';

import type { CredentialsDialogProps } from './credentials-dialog.ts';
import { SecretField } from './OpenstackFields.tsx';

/** Gives credentials another secret, and says whose it is; the one before is used no more. */
export function RotateSecret(props: CredentialsDialogProps) {
  switch (props.credentials.cloudCredentialsType) {
    case 'AwsCloudCredentials':
      return <RotateAccessKey {...props} />;
    case 'OpenstackCloudCredentials':
      return <RotateOpenstackSecret {...props} />;
    default:
      return <RotateCertificate {...props} />;
  }
}

function RotateAccessKey(props: CredentialsDialogProps) {
  return (
    <Rotation {...props} who="accessKey" secret="secretKey" words={['access key', 'secret key']}>
      {(field) => (
        <>
          <TextInput label="Access key" spellCheck={false} {...field('who')} />
          <TextInput
            label="Secret key"
            description="It is not shown again."
            inputWrapperOrder={helpBelow}
            type="password"
            autoComplete="off"
            data-autofocus
            {...field('secret')}
          />
        </>
      )}
    </Rotation>
  );
}

/** Another password, or another application credential. */
function RotateOpenstackSecret(props: CredentialsDialogProps) {
  const isApplication = props.credentials.applicationCredentialId != null;
  const [who, secret] = isApplication
    ? (['applicationCredentialId', 'applicationCredentialSecret'] as const)
    : (['userName', 'password'] as const);
  const words = isApplication
    ? (['application credential', 'secret'] as const)
    : (['user', 'password'] as const);
  return (
    <Rotation {...props} {...{ who, secret, words }}>
      {(field) => (
        <>
          <NameField label={isApplication ? 'Application credential' : 'User'} {...field('who')} />
          <SecretField
            label={isApplication ? 'Secret' : 'Password'}
            data-autofocus
            {...field('secret')}
          />
        </>
      )}
    </Rotation>
  );
}

function RotateCertificate(props: CredentialsDialogProps) {
  return (
    <Rotation {...props} who="clientCertificate" secret="clientKey" words={['certificate', 'key']}>
      {(field) => (
        <>
          <Textarea
            label="Client certificate"
            description="What LXD knows Slipway by, as PEM."
            rows={4}
            spellCheck={false}
            {...field('who')}
          />
          <Textarea
            label="Client key"
            description="Its private key, as PEM. It is not shown again."
            rows={4}
            spellCheck={false}
            autoComplete="off"
            data-autofocus
            {...field('secret')}
          />
        </>
      )}
    </Rotation>
  );
}

interface Values {
  who: string;
  secret: string;
}

interface RotationProps extends CredentialsDialogProps {
  /** The member that says whose secret it is. */
  who: 'accessKey' | 'userName' | 'applicationCredentialId' | 'clientCertificate';
  /** The member that holds it. */
  secret: 'secretKey' | 'password' | 'applicationCredentialSecret' | 'clientKey';
  /** What both are called. */
  words: readonly [who: string, secret: string];
  children: (field: UseFormReturnType<Values>['getInputProps']) => ReactNode;
}

const demanded = (what: string) => (text: string) =>
  text.trim() === '' ? `Paste the ${what} first.` : null;

function Rotation(props: RotationProps) {
  const { at, credentials, onClose, who, secret, words } = props;
  const what = secret.endsWith('Key') ? 'key' : 'secret';
  const operation = useUpdateCloudCredentials(at);
  const form = useForm<Values>({
    initialValues: { who: credentials[who] ?? '', secret: '' },
    validate: { who: demanded(words[0]), secret: demanded(words[1]) },
  });
  const change = (values: Values) =>
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
      announce(`${credentials.name} has a new ${what}. Test it.`);
      onClose();
    },
  });
  return (
    <FormDialog
      title={`Replace the secret of ${credentials.name}`}
      submitLabel="Replace the secret"
      {...sending}
      // Nobody looks over a shoulder and sees it.
      changes={sending.changes && [change({ ...form.values, secret: `THE ${what.toUpperCase()}` })]}
      onSubmit={form.onSubmit(submit)}
      onClose={onClose}
    >
      {props.children(form.getInputProps)}
    </FormDialog>
  );
}

import { Checkbox, NativeSelect, TextInput } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';

import { helpBelow, NameField } from '../../components/forms/fields.tsx';

import type { CredentialsValues } from './credentials-form.ts';
import { OpenstackRoles } from './OpenstackRoles.tsx';

interface OpenstackFieldsProps {
  form: Pick<UseFormReturnType<CredentialsValues>, 'values' | 'getInputProps'>;
}

/** Which OpenStack, and as whom Slipway asks it. */
export function OpenstackFields({ form }: OpenstackFieldsProps) {
  return (
    <>
      <NameField
        label="Keystone"
        description="Such as https://keystone.example.com:5000/v3."
        inputWrapperOrder={helpBelow}
        maxLength={500}
        {...form.getInputProps('keystoneUrl')}
      />
      <NativeSelect
        label="Sign in with"
        data={[
          { value: 'password', label: 'User and password' },
          { value: 'applicationCredential', label: 'Application credential' },
        ]}
        {...form.getInputProps('way')}
      />
      {form.values.way === 'password' ? (
        <UserFields form={form} />
      ) : (
        <ApplicationFields form={form} />
      )}
      <NameField
        label="Region"
        description="The only one to use; empty for all."
        inputWrapperOrder={helpBelow}
        {...form.getInputProps('region')}
      />
      <NameField
        label="Network"
        description="Of new servers, by its id; empty where the project has one."
        inputWrapperOrder={helpBelow}
        {...form.getInputProps('networkId')}
      />
      <Checkbox
        label="Check the certificates of OpenStack"
        {...form.getInputProps('sslVerification', { type: 'checkbox' })}
      />
      <OpenstackRoles />
    </>
  );
}

function UserFields({ form }: OpenstackFieldsProps) {
  return (
    <>
      <NameField label="User" {...form.getInputProps('userName')} />
      <SecretField label="Password" {...form.getInputProps('password')} />
      <NameField
        label="Domain"
        description="Of the user and the project; empty for Default."
        inputWrapperOrder={helpBelow}
        {...form.getInputProps('domainName')}
      />
      <NameField label="Project" {...form.getInputProps('tenantName')} />
    </>
  );
}

function ApplicationFields({ form }: OpenstackFieldsProps) {
  return (
    <>
      <NameField label="Id" {...form.getInputProps('applicationCredentialId')} />
      <SecretField label="Secret" {...form.getInputProps('applicationCredentialSecret')} />
    </>
  );
}

/** Not completed from what a browser keeps, and not shown. */
export function SecretField(props: Parameters<typeof TextInput>[0]) {
  return (
    <TextInput
      description="It is not shown again."
      inputWrapperOrder={helpBelow}
      type="password"
      autoComplete="off"
      spellCheck={false}
      {...props}
    />
  );
}

import { NativeSelect, TextInput } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import { awsAccountTypes } from '#contract/clouds/aws-credentials.ts';
import type { AwsAccountType } from '#contract/clouds/aws-credentials.ts';

import { helpBelow } from '../../components/forms/fields.tsx';

import { AwsPolicies } from './AwsPolicies.tsx';
import { RegionsField } from './RegionsField.tsx';
import type { CredentialsValues } from './credentials-form.ts';

const accountTypeWord: Record<AwsAccountType, string> = {
  regular: 'AWS',
  govcloud: 'AWS GovCloud (US)',
  china: 'AWS China',
};

const noSuggestions = { spellCheck: false, autoComplete: 'off', inputWrapperOrder: helpBelow };

/** Which account of AWS, and as whom Slipway asks it. */
export function AwsFields({
  form,
}: {
  form: Pick<UseFormReturnType<CredentialsValues>, 'getInputProps'>;
}) {
  return (
    <>
      <NativeSelect
        label="Partition"
        data={awsAccountTypes.map((value) => ({ value, label: accountTypeWord[value] }))}
        {...form.getInputProps('accountType')}
      />
      <TextInput
        label="Access key"
        description="Leave it empty to use the identity that Slipway itself has at AWS, where that is allowed."
        {...noSuggestions}
        {...form.getInputProps('accessKey')}
      />
      <TextInput
        label="Secret key"
        description="It is not shown again."
        type="password"
        {...noSuggestions}
        {...form.getInputProps('secretKey')}
      />
      <TextInput
        label="Role to assume"
        description="Such as arn:aws:iam::123456789012:role/slipway; empty for none."
        {...noSuggestions}
        {...form.getInputProps('roleArn')}
      />
      <TextInput
        label="External id"
        description="What the role asks for; nobody else should know it."
        {...noSuggestions}
        {...form.getInputProps('externalId')}
      />
      <RegionsField {...form.getInputProps('regions')} />
      <TextInput
        label="Endpoint"
        description="Asked instead of AWS itself; empty for AWS."
        {...noSuggestions}
        {...form.getInputProps('endpoint')}
      />
      <AwsPolicies />
    </>
  );
}

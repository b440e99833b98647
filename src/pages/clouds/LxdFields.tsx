import { Textarea } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';

import { NameField } from '../../components/forms/fields.tsx';

import { isSocket } from './credentials-form.ts';
import type { CredentialsValues } from './credentials-form.ts';

/** Where an LXD is, and what Slipway and LXD know each other by. */
export function LxdFields({
  form,
}: {
  form: Pick<UseFormReturnType<CredentialsValues>, 'values' | 'getInputProps'>;
}) {
  const pem = { rows: 3, spellCheck: false, autoComplete: 'off' };
  return (
    <>
      <NameField
        label="Address"
        description="https://lxd.example.com:8443, or the path of a socket on the machine of Slipway."
        maxLength={500}
        {...form.getInputProps('where')}
      />
      {!isSocket(form.values) && (
        <>
          <Textarea
            label="Client certificate"
            description="What LXD knows Slipway by, as PEM."
            {...pem}
            {...form.getInputProps('clientCertificate')}
          />
          <Textarea
            label="Client key"
            description="Its private key, as PEM. It is not shown again."
            {...pem}
            {...form.getInputProps('clientKey')}
          />
          <Textarea
            label="Certificate of LXD"
            description="As PEM; not needed where a well-known authority signed it."
            {...pem}
            {...form.getInputProps('serverCertificate')}
          />
        </>
      )}
    </>
  );
}

import { NativeSelect } from '@mantine/core';
import { useForm } from '@mantine/form';
import type { UseFormReturnType } from '@mantine/form';
import { cloudCredentialsTypes } from '#contract/clouds/cloud-credentials.ts';
import { cloudPlatformLabel, cloudPlatforms } from '#contract/images/platforms.ts';

import { useCreateCloudCredentials } from '../../api/cloud-credentials.ts';
import { FormDialog } from '../../components/dialogs/FormDialog.tsx';
import { NameField } from '../../components/forms/fields.tsx';
import { useFormChange } from '../../components/forms/use-form-change.ts';
import { announce } from '../../util/announce.ts';
import type { PathScope } from '../../util/paths.ts';

import { AwsFields } from './AwsFields.tsx';
import { typeWord } from './cloud-words.ts';
import { bodyOf, fieldOf, initialValues, isAws, isLxd, validate } from './credentials-form.ts';
import type { CredentialsValues } from './credentials-form.ts';
import { LxdFields } from './LxdFields.tsx';
import { isOpenstack, openstackMasks } from './openstack-form.ts';
import { OpenstackFields } from './OpenstackFields.tsx';

/** Adds credentials of a cloud; they only read until rights are turned on. */
export function AddCredentials({ at, onClose }: { at: PathScope; onClose: () => void }) {
  const operation = useCreateCloudCredentials(at);
  const form = useForm({ initialValues, validate });
  const change = (values: CredentialsValues) => operation.change({ body: bodyOf(values) });
  const { submit, ...sending } = useFormChange({
    form,
    operation,
    change,
    fieldOf,
    onDone: (_, { name }) => {
      announce(`${name} was added. Test it, then attach it to environments.`);
      onClose();
    },
  });
  return (
    <FormDialog
      title="Add cloud credentials"
      submitLabel="Add cloud credentials"
      {...sending}
      // Nobody looks over a shoulder and sees it.
      changes={
        sending.changes && [
          change({
            ...form.values,
            clientKey: 'THE KEY',
            secretKey: 'THE KEY',
            ...openstackMasks,
          }),
        ]
      }
      onSubmit={form.onSubmit(submit)}
      onClose={onClose}
    >
      <NameField label="Name" data-autofocus {...form.getInputProps('name')} />
      <NativeSelect
        label="Cloud"
        data={cloudCredentialsTypes.map((value) => ({ value, label: typeWord[value] }))}
        {...form.getInputProps('type')}
      />
      <FieldsOfType form={form} />
      <p className="dim">New credentials only read. Turn on what Slipway may change afterwards.</p>
    </FormDialog>
  );
}

/** What is asked for of a cloud of the type that is chosen. */
function FieldsOfType({ form }: { form: UseFormReturnType<CredentialsValues> }) {
  if (isAws(form.values)) return <AwsFields form={form} />;
  if (isLxd(form.values)) return <LxdFields form={form} />;
  if (isOpenstack(form.values)) return <OpenstackFields form={form} />;
  return (
    <NativeSelect
      label="Platform"
      description="It can stand for any."
      data={cloudPlatforms.map((value) => ({ value, label: cloudPlatformLabel[value] ?? value }))}
      {...form.getInputProps('provider')}
    />
  );
}

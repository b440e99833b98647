import { TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import type { UseFormReturnType } from '@mantine/form';
import type { CloudCredentials } from '#contract/clouds/cloud-credentials.ts';

import { useUpdateCloudCredentials } from '../../api/cloud-credentials.ts';
import { FormDialog } from '../../components/dialogs/FormDialog.tsx';
import { chooseFirst } from '../../components/forms/conflict-words.ts';
import { ConflictNotice } from '../../components/forms/ConflictNotice.tsx';
import { DescriptionField, NameField } from '../../components/forms/fields.tsx';
import { useEdited } from '../../components/forms/use-edited.ts';
import { useFormChange } from '../../components/forms/use-form-change.ts';

import type { CredentialsDialogProps } from './credentials-dialog.ts';
import { regionsIn } from './credentials-form.ts';
import { RegionsField } from './RegionsField.tsx';
import { RightsFields } from './RightsFields.tsx';

const labels = {
  name: 'Name',
  description: 'Description',
  rights: 'Rights',
  regions: 'Regions',
  farmTag: 'Tag that names farms',
  ownerTag: 'Tag that names owners',
};
const valuesOf = ({ name, description, rights, regions = [], ...tags }: CloudCredentials) => ({
  name,
  description,
  rights,
  regions: regions.join(', '),
  farmTag: tags.farmTag ?? '',
  ownerTag: tags.ownerTag,
});
const fieldOf = (member: string | undefined) => fields.find((field) => field === member);
const fields = ['name', 'description', 'regions', 'farmTag', 'ownerTag'] as const;

/** Renames and describes cloud credentials, and turns their rights on and off. */
export function EditCredentials({ at, credentials, onClose }: CredentialsDialogProps) {
  const operation = useUpdateCloudCredentials(at);
  const isAws = credentials.cloudCredentialsType === 'AwsCloudCredentials';
  const form = useForm({
    initialValues: valuesOf(credentials),
    validate: {
      name: (name) => (name.trim() === '' ? 'Type a name first.' : null),
      ownerTag: (tag) => (tag.trim() === '' ? 'Type the name of a tag, such as owner.' : null),
    },
  });
  const { version, conflict } = useEdited({ object: credentials, valuesOf, form, operation });
  const params = { cloudCredentialsId: credentials.id };
  const { submit, ...sending } = useFormChange({
    form,
    operation,
    change: ({ regions, farmTag, ...given }) => {
      const said = { ...given, farmTag: farmTag.trim() === '' ? null : farmTag };
      const body = isAws ? { ...said, regions: regionsIn(regions) } : said;
      return operation.change({ params, body, ifMatch: version });
    },
    fieldOf,
    onDone: onClose,
  });
  return (
    <FormDialog
      title={`Edit ${credentials.name}`}
      submitLabel="Save"
      {...sending}
      error={conflict === undefined ? sending.error : null}
      disabledReason={conflict && chooseFirst}
      onSubmit={form.onSubmit((values) => (form.isDirty() ? submit(values) : onClose()))}
      onClose={onClose}
    >
      <NameField label="Name" data-autofocus {...form.getInputProps('name')} />
      <DescriptionField {...form.getInputProps('description')} />
      <RightsFields
        rights={form.values.rights}
        onChange={(rights) => form.setFieldValue('rights', rights)}
      />
      <TagFields form={form} />
      {isAws && <RegionsField {...form.getInputProps('regions')} />}
      {conflict !== undefined && <ConflictNotice {...{ conflict, labels }} />}
    </FormDialog>
  );
}

/** Which tags say what of the farms that are found with them. */
function TagFields({ form }: { form: UseFormReturnType<ReturnType<typeof valuesOf>> }) {
  return (
    <>
      <TextInput
        label={labels.ownerTag}
        description="Its value is the e-mail address or the name of whoever owns what was found."
        {...form.getInputProps('ownerTag')}
      />
      <TextInput
        label={labels.farmTag}
        description="Servers that are in no group and have the same value of it are shown as one farm."
        {...form.getInputProps('farmTag')}
      />
    </>
  );
}

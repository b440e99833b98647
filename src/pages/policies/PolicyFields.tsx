import { Checkbox, NativeSelect, TextInput } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import { namedObjects } from '#contract/policies/rules.ts';
import { policyReaches } from '#contract/policies/policies.ts';

import { DescriptionField, NameField, Pair } from '../../components/forms/fields.tsx';

import type { PolicyValues } from './policy-form.ts';
import { reachWord } from './policy-words.ts';

interface FieldsProps {
  form: UseFormReturnType<PolicyValues>;
}

const objectsWord = {
  images: 'Versions of images',
  roles: 'Roles',
  both: 'Versions of images and roles',
};

/** What a policy is called, where it looks, and what its rule says. */
export function PolicyFields({ form }: FieldsProps) {
  return (
    <>
      <NameField label="Name" maxLength={100} data-autofocus {...form.getInputProps('name')} />
      <RuleFields form={form} />
      <NativeSelect
        label="Looks at"
        data={policyReaches.map((value) => ({ value, label: reachWord[value] }))}
        {...form.getInputProps('reach')}
      />
      <DescriptionField {...form.getInputProps('description')} />
    </>
  );
}

function RuleFields({ form }: FieldsProps) {
  const { kind } = form.values;
  if (kind === 'names') return <NameRuleFields form={form} />;
  if (kind === 'deprecate') return <DeprecateFields form={form} />;
  if (kind === 'delete') return <DeleteFields form={form} />;
  return (
    <NumberField
      label="Days since the image was deprecated"
      {...form.getInputProps('deprecatedForDays')}
    />
  );
}

function NameRuleFields({ form }: FieldsProps) {
  return (
    <>
      <TextInput
        label="Pattern"
        description="Parts between dashes: words, {software}, {word}, {version}, {number}, {date}, {any}."
        autoComplete="off"
        spellCheck={false}
        {...form.getInputProps('template')}
      />
      <NativeSelect
        label="Names of"
        data={namedObjects.map((value) => ({ value, label: objectsWord[value] }))}
        {...form.getInputProps('objects')}
      />
    </>
  );
}

function DeprecateFields({ form }: FieldsProps) {
  return (
    <Pair>
      <NumberField
        label="Older than (days)"
        description="Empty: whatever their age."
        {...form.getInputProps('olderThanDays')}
      />
      <NewestField form={form} />
    </Pair>
  );
}

function DeleteFields({ form }: FieldsProps) {
  return (
    <>
      <Pair>
        <NumberField
          label="Unused for (days)"
          description="By everything that was read of the clouds."
          {...form.getInputProps('unusedForDays')}
        />
        <NewestField form={form} />
      </Pair>
      <Checkbox
        label="Only what is deprecated"
        {...form.getInputProps('deprecatedOnly', { type: 'checkbox' })}
      />
      <Checkbox
        label="Delete the machine images from their clouds too"
        description="Images of environments alone: only these have the credentials."
        {...form.getInputProps('fromCloud', { type: 'checkbox' })}
      />
    </>
  );
}

function NewestField({ form }: FieldsProps) {
  return (
    <NumberField
      label="Newest that always stay"
      description="Of each line, in each place."
      {...form.getInputProps('keepNewest')}
    />
  );
}

function NumberField(props: React.ComponentProps<typeof TextInput>) {
  return <TextInput inputMode="numeric" autoComplete="off" maxLength={4} {...props} />;
}

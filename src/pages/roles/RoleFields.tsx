import { Checkbox } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';

import { osListQuery } from '../../api/os.ts';
import { namedOptions } from '../../components/filters/choices.ts';
import {
  ChoiceField,
  DescriptionField,
  helpBelow,
  NameField,
  Pair,
} from '../../components/forms/fields.tsx';
import { ObjectSelect } from '../../components/options/ObjectSelect.tsx';
import { categoryOptions } from '../../components/options/sources.ts';
import { nameAdvice } from '../../util/name-advice.ts';
import type { PathScope } from '../../util/paths.ts';

import type { RoleForm } from './role-form.ts';

/** What can be said of a role when it is created and changed later. */
export function RoleFields({ at, form }: { at: PathScope; form: RoleForm }) {
  const os = useQuery(osListQuery(at)).data?.data ?? [];
  const { values } = form;
  const chosenOs = os.find(({ id }) => id === values.osId);
  return (
    <>
      <NameField
        inputWrapperOrder={helpBelow}
        label="Name"
        required
        data-autofocus
        description={
          nameAdvice(values.name, { os: chosenOs }) ??
          'The most important software on its servers and its version, such as nginx-1-27.'
        }
        maxLength={100}
        {...form.getInputProps('name')}
      />
      <Pair>
        <ChoiceField
          inputWrapperOrder={helpBelow}
          label="Operating system"
          description="Its images must have the same."
          options={namedOptions(os)}
          {...form.getInputProps('osId')}
        />
        <CategoryField at={at} form={form} />
      </Pair>
      <DescriptionField
        inputWrapperOrder={helpBelow}
        description="Configuration and other details that do not belong in the name."
        {...form.getInputProps('description')}
      />
      <Checkbox
        label="Quick start"
        description="Offered first to whoever builds a farm."
        {...form.getInputProps('quickStart', { type: 'checkbox' })}
      />
    </>
  );
}

function CategoryField({ at, form }: { at: PathScope; form: RoleForm }) {
  const { categoryId } = form.values;
  return (
    <ObjectSelect
      inputWrapperOrder={helpBelow}
      label="Category"
      required
      placeholder="Name of a category"
      noun="category"
      source={categoryOptions(at)}
      {...form.getInputProps('categoryId')}
      value={categoryId === '' ? undefined : categoryId}
      onChange={(id) => form.setFieldValue('categoryId', id ?? '')}
    />
  );
}

import { Checkbox, NativeSelect, Textarea, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';

import { osListQuery } from '../../api/os.ts';
import { roleCategoryListQuery } from '../../api/role-categories.ts';
import { nameAdvice } from '../../util/name-advice.ts';
import type { PathScope } from '../../util/paths.ts';

import type { RoleForm } from './role-form.ts';
import classes from './RoleFields.module.css';

/** What a field means stands under it, so that fields side by side line up. */
const inputWrapperOrder: ('label' | 'input' | 'description' | 'error')[] = [
  'label',
  'input',
  'description',
  'error',
];

/** What can be said of a role when it is created and changed later. */
export function RoleFields({ at, form }: { at: PathScope; form: RoleForm }) {
  const os = useQuery(osListQuery(at)).data?.data ?? [];
  const categories = useQuery(roleCategoryListQuery(at)).data?.data ?? [];
  const { values } = form;
  const chosenOs = os.find(({ id }) => id === values.osId);
  return (
    <>
      <TextInput
        inputWrapperOrder={inputWrapperOrder}
        label="Name"
        required
        data-autofocus
        description={
          nameAdvice(values.name, { os: chosenOs }) ??
          'The most important software on its servers and its version, such as nginx-1-27.'
        }
        autoComplete="off"
        spellCheck={false}
        maxLength={100}
        {...form.getInputProps('name')}
      />
      <div className={classes['pair']}>
        <NativeSelect
          inputWrapperOrder={inputWrapperOrder}
          label="Operating system"
          required
          description="Its images must have the same."
          data={[
            { value: '', label: 'Choose one' },
            ...os.map(({ id, name }) => ({ value: id, label: name })),
          ]}
          {...form.getInputProps('osId')}
        />
        <NativeSelect
          inputWrapperOrder={inputWrapperOrder}
          label="Category"
          required
          data={[
            { value: '', label: 'Choose one' },
            ...categories.map(({ id, name }) => ({ value: String(id), label: name })),
          ]}
          {...form.getInputProps('categoryId')}
        />
      </div>
      <Textarea
        inputWrapperOrder={inputWrapperOrder}
        label="Description"
        description="Configuration and other details that do not belong in the name."
        autosize
        minRows={2}
        maxRows={10}
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

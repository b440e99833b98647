import { Checkbox } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';

import { NameField, Pair } from '../../components/forms/fields.tsx';

import { labels } from './farm-role-form.ts';

type Props = Pick<UseFormReturnType<{ enabled: boolean }>, 'values'> & {
  getInputProps: (path: string, options?: { type: 'checkbox' }) => object;
};

/** What a farm role is called, what its servers run on, and how many it keeps. */
export function KeptFields({ form, startsHere = false }: { form: Props; startsHere?: boolean }) {
  return (
    <>
      <Pair>
        <NameField
          label={labels.alias}
          description="Letters, digits and dashes."
          required
          maxLength={100}
          {...form.getInputProps('alias')}
        />
        <NameField
          label={labels.instanceType}
          description="As its cloud calls it, such as m7g.large."
          maxLength={100}
          {...form.getInputProps('instanceType')}
        />
      </Pair>
      <Checkbox
        label="Keep the number of servers between these"
        description="Off, nothing starts or ends by itself: what is terminated does not come back."
        {...form.getInputProps('enabled', { type: 'checkbox' })}
      />
      <Pair>
        <NameField
          label={labels.minInstances}
          data-autofocus={startsHere}
          inputMode="numeric"
          maxLength={3}
          {...form.getInputProps('minInstances')}
        />
        <NameField
          label={labels.maxInstances}
          inputMode="numeric"
          maxLength={3}
          {...form.getInputProps('maxInstances')}
        />
      </Pair>
    </>
  );
}

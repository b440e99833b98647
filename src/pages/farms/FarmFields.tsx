import { NativeSelect } from '@mantine/core';
import { launchOrders } from '#contract/farms/farm-fields.ts';

import { DescriptionField, helpBelow, NameField, Pair } from '../../components/forms/fields.tsx';
import { ObjectSelect } from '../../components/options/ObjectSelect.tsx';
import { projectOptions } from '../../components/options/sources.ts';
import type { PathScope } from '../../util/paths.ts';

import { launchOrderWords } from './farm-columns.tsx';
import { labels } from './farm-form.ts';
import type { FarmForm } from './farm-form.ts';
import { timezoneOptions } from './farm-options.ts';

/** What can be said of a farm when it is created and changed later. @param at its environment */
export function FarmFields({ at, form }: { at: PathScope; form: FarmForm }) {
  return (
    <>
      <NameField
        inputWrapperOrder={helpBelow}
        label={labels.name}
        description="What people here call it, such as shop-eu."
        required
        data-autofocus
        maxLength={100}
        {...form.getInputProps('name')}
      />
      <DescriptionField
        inputWrapperOrder={helpBelow}
        description="What it is for, and whom to ask."
        {...form.getInputProps('description')}
      />
      <ProjectAndZone at={at} form={form} />
      <NativeSelect
        inputWrapperOrder={helpBelow}
        label={labels.launchOrder}
        description="In which order its roles start servers when it is launched."
        data={launchOrders.map((value) => ({ value, label: launchOrderWords[value] }))}
        {...form.getInputProps('launchOrder')}
      />
    </>
  );
}

function ProjectAndZone({ at, form }: { at: PathScope; form: FarmForm }) {
  const { projectId, timezone } = form.values;
  return (
    <Pair>
      <ObjectSelect
        inputWrapperOrder={helpBelow}
        label="Project (optional)"
        description="What it is charged to."
        placeholder="Name of a project"
        noun="project"
        source={projectOptions(at)}
        {...form.getInputProps('projectId')}
        value={projectId === '' ? undefined : projectId}
        onChange={(id) => form.setFieldValue('projectId', id ?? '')}
      />
      <ObjectSelect
        inputWrapperOrder={helpBelow}
        label={labels.timezone}
        description="Where its users are."
        required
        placeholder="Name of a time zone"
        noun="time zone"
        source={timezoneOptions}
        {...form.getInputProps('timezone')}
        value={timezone}
        onChange={(zone) => form.setFieldValue('timezone', zone ?? 'UTC')}
      />
    </Pair>
  );
}

import { schemaResolver, useForm } from '@mantine/form';
import { z } from 'zod';
import { timezone } from '#contract/farms/farm-fields.ts';
import { farm as resource } from '#contract/farms/farms.ts';
import type { Farm } from '#contract/farms/farms.ts';

import type { Input } from '../../api/request.ts';

const { name, description, launchOrder } = resource.schema.shape;

/** The form: the contract's rules on text as it is typed, before it is put into a body. */
const schema = z.object({
  name,
  description,
  /** Only of a farm that is there: a new one belongs to whoever creates it. */
  ownerId: z.string(),
  projectId: z.string(),
  timezone,
  launchOrder,
  /** Which role comes next; only of a new farm. */
  roleId: z.string(),
});
export type FarmValues = z.input<typeof schema>;

/** What the form starts with: what is usual, or a farm that is to be changed. */
export function valuesOf(farm: Farm | undefined): FarmValues {
  return {
    name: farm?.name ?? '',
    description: farm?.description ?? '',
    ownerId: farm === undefined ? '' : String(farm.owner.id),
    projectId: farm?.project?.id ?? '',
    timezone: farm?.timezone ?? 'UTC',
    launchOrder: farm?.launchOrder ?? 'simulatenous',
    roleId: '',
  };
}

/** The request that a valid form of a new farm stands for. */
export function bodyOf(values: FarmValues): Input<'farmCreate'>['body'] {
  const { projectId } = values;
  return {
    name: values.name,
    description: values.description,
    timezone: values.timezone,
    launchOrder: values.launchOrder,
    project: projectId === '' ? null : { id: projectId },
  };
}

/** What can be changed of a farm, as a request has it. */
export function changesOf(values: FarmValues): Input<'farmUpdate'>['body'] {
  return { ...bodyOf(values), owner: { id: Number(values.ownerId) } };
}

/** The field of the form that shows an error of the server on a member of the body. */
export function fieldOf(member: string | undefined): keyof FarmValues | undefined {
  const [first = ''] = (member ?? '').split('.');
  const field = first === 'owner' || first === 'project' ? `${first}Id` : first;
  return field in schema.shape ? (field as keyof FarmValues) : undefined;
}

/** What the fields are called. */
export const labels = {
  name: 'Name',
  description: 'Description',
  ownerId: 'Owner',
  projectId: 'Project',
  timezone: 'Time zone',
  launchOrder: 'Launch order',
};

export type FarmForm = ReturnType<typeof useFarmForm>;

/** The state of the form; a field is checked when it is left, and all are when it is sent. */
export function useFarmForm(farm?: Farm) {
  return useForm<FarmValues>({
    initialValues: valuesOf(farm),
    validate: schemaResolver(schema, { sync: true }),
    validateInputOnBlur: true,
  });
}

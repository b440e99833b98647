import { schemaResolver, useForm } from '@mantine/form';
import { z } from 'zod';
import { text } from '#contract/fields.ts';
import { builtinAutomations, roleCreateSchema } from '#contract/roles/roles.ts';
import type { Role } from '#contract/roles/roles.ts';

import type { Input } from '../../api/request.ts';

const { name, description } = roleCreateSchema.shape;

/** The form: the contract's rules on text as it is typed, before it is put into a body. */
const schema = z.object({
  name,
  osId: text(25).min(1, 'Choose the operating system of its images'),
  categoryId: z.string().min(1, 'Choose a category'),
  description: description.unwrap(),
  quickStart: z.boolean(),
  /** Whose images come next; only of a new role. */
  versionId: z.string(),
  useScalrAgent: z.boolean(),
  builtinAutomation: z.array(z.enum(builtinAutomations)),
});
export type RoleValues = z.input<typeof schema>;

/** What the form starts with: empty, or a role that is to be changed. */
export function valuesOf(role: Role | undefined): RoleValues {
  return {
    name: role?.name ?? '',
    osId: role?.os.id ?? '',
    categoryId: role === undefined ? '' : String(role.category.id),
    description: role?.description ?? '',
    quickStart: role?.quickStart ?? false,
    versionId: '',
    useScalrAgent: role?.useScalrAgent ?? false,
    builtinAutomation: role?.builtinAutomation ?? [],
  };
}

type Automation = RoleValues['builtinAutomation'];

/** The base is always automated, and only beside Chef it is named together with something else. */
function automationOf(chosen: Automation): Automation {
  return chosen.every((one) => one === 'chef') ? ['base', ...chosen] : chosen;
}

/** What can be changed of a role, as a request has it. */
export function changesOf(values: RoleValues) {
  return {
    name: values.name,
    os: { id: values.osId },
    category: { id: Number(values.categoryId) },
    description: values.description,
    quickStart: values.quickStart,
  } satisfies Input<'roleUpdate'>['body'];
}

/** The request that a valid form of a new role stands for. */
export function bodyOf(values: RoleValues): Input<'roleCreate'>['body'] {
  const { useScalrAgent, builtinAutomation } = values;
  return {
    ...changesOf(values),
    useScalrAgent,
    ...(useScalrAgent ? { builtinAutomation: automationOf(builtinAutomation) } : {}),
  };
}

/** The field of the form that shows an error of the server on a member of the body. */
export function fieldOf(member: string | undefined): keyof RoleValues | undefined {
  const [first = ''] = (member ?? '').split('.');
  const field = first === 'os' || first === 'category' ? `${first}Id` : first;
  return field in schema.shape ? (field as keyof RoleValues) : undefined;
}

export type RoleForm = ReturnType<typeof useRoleForm>;

/** The state of the form; a field is checked when it is left, and all are when it is sent. */
export function useRoleForm(role?: Role) {
  return useForm<RoleValues>({
    initialValues: valuesOf(role),
    validate: schemaResolver(schema, { sync: true }),
    validateInputOnBlur: true,
  });
}

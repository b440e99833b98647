import { useForm } from '@mantine/form';
import { alias } from '#contract/farms/farm-fields.ts';
import type { FarmRole } from '#contract/farms/farm-roles.ts';

import { useCloneFarmRole } from '../../api/farm-role-changes.ts';
import { FormDialog } from '../../components/dialogs/FormDialog.tsx';
import { NameField } from '../../components/forms/fields.tsx';
import { useFormChange } from '../../components/forms/use-form-change.ts';
import type { ObjectDialogProps } from '../../components/objects/object-actions.tsx';
import { ObjectSelect } from '../../components/options/ObjectSelect.tsx';
import { farmOptions } from '../../components/options/sources.ts';
import { announce } from '../../util/announce.ts';
import { environmentOf } from '../../util/places.ts';
import { reasonAgainst } from '../../util/verdicts.ts';

const fields: Partial<Record<string, string>> = {
  name: 'name',
  farm: 'farmId',
  'farm.id': 'farmId',
};

const validate = {
  farmId: (id: string) => (id === '' ? 'Choose a farm' : null),
  name: (name: string) => alias.safeParse(name).error?.issues[0]?.message,
};

const initialOf = ({ farm }: FarmRole) => ({ farmId: String(farm.id), name: '' });

/** Copies a farm role into its farm or another one of the environment, without servers. */
export function CloneFarmRole({ object: farmRole, onClose }: ObjectDialogProps<FarmRole>) {
  const home = environmentOf(farmRole);
  const operation = useCloneFarmRole(home);
  const form = useForm({ initialValues: initialOf(farmRole), validate });
  const { submit, ...sending } = useFormChange({
    form,
    operation,
    change: ({ name, farmId }) =>
      operation.change({
        params: { farmRoleId: farmRole.id },
        body: { name, farm: { id: Number(farmId) } },
      }),
    fieldOf: (member = '') => fields[member],
    onDone: ({ data }) => {
      announce(`${data.farm.name} has ${data.alias} now, a copy of ${farmRole.alias}.`);
      onClose();
    },
  });
  return (
    <FormDialog
      title={`Clone ${farmRole.alias}`}
      submitLabel="Clone farm role"
      {...sending}
      disabledReason={reasonAgainst(farmRole.actions?.clone)}
      onSubmit={form.onSubmit(submit)}
      onClose={onClose}
    >
      <p>The copy has the same role, place, instance type and scaling, but no servers.</p>
      <ObjectSelect
        label="Farm"
        required
        placeholder="Name of a farm"
        noun="farm"
        source={farmOptions(home)}
        {...form.getInputProps('farmId')}
        value={form.values.farmId === '' ? undefined : form.values.farmId}
        onChange={(id) => form.setFieldValue('farmId', id ?? '')}
      />
      <NameField
        label="Name of the copy"
        data-autofocus
        required
        maxLength={100}
        {...form.getInputProps('name')}
      />
    </FormDialog>
  );
}

import { schemaResolver, useForm } from '@mantine/form';
import type { FarmRole } from '#contract/farms/farm-roles.ts';

import { useUpdateFarmRole } from '../../api/farm-role-changes.ts';
import { FormDialog } from '../../components/dialogs/FormDialog.tsx';
import { chooseFirst } from '../../components/forms/conflict-words.ts';
import { ConflictNotice } from '../../components/forms/ConflictNotice.tsx';
import { useEdited } from '../../components/forms/use-edited.ts';
import { useFormChange } from '../../components/forms/use-form-change.ts';
import type { ObjectDialogProps } from '../../components/objects/object-actions.tsx';
import { announce } from '../../util/announce.ts';
import { environmentOf } from '../../util/places.ts';
import { reasonAgainst } from '../../util/verdicts.ts';

import { changesOf, fieldOf, keptSchema, labels, valuesOf } from './farm-role-form.ts';
import type { KeptValues } from './farm-role-form.ts';
import { KeptFields } from './KeptFields.tsx';

/** Changes how many servers a farm role keeps, on what they run, and what it is called. */
export function EditFarmRole({ object: farmRole, onClose }: ObjectDialogProps<FarmRole>) {
  const operation = useUpdateFarmRole(environmentOf(farmRole));
  const form = useForm<KeptValues>({
    initialValues: valuesOf(farmRole),
    validate: schemaResolver(keptSchema, { sync: true }),
    validateInputOnBlur: true,
  });
  const { version, conflict } = useEdited({ object: farmRole, valuesOf, form, operation });
  const { submit, ...sending } = useFormChange({
    form,
    operation,
    change: (values) =>
      operation.change({
        params: { farmRoleId: farmRole.id },
        body: changesOf(values),
        ifMatch: version,
      }),
    fieldOf,
    onDone: ({ data }) => {
      announce(`${data.alias} of ${data.farm.name} is changed.`);
      onClose();
    },
  });
  return (
    <FormDialog
      title={`Edit ${farmRole.alias} of ${farmRole.farm.name}`}
      submitLabel="Save farm role"
      {...sending}
      error={conflict === undefined ? sending.error : null}
      disabledReason={reasonAgainst(farmRole.actions?.update) ?? (conflict && chooseFirst)}
      onSubmit={form.onSubmit((values) => (form.isDirty() ? submit(values) : onClose()))}
      onClose={onClose}
    >
      <KeptFields form={form} startsHere />
      {conflict !== undefined && <ConflictNotice {...{ conflict, labels }} />}
    </FormDialog>
  );
}

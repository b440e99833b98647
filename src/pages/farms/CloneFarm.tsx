import { useForm } from '@mantine/form';
import { useNavigate } from 'react-router';
import { farm as resource } from '#contract/farms/farms.ts';
import type { Farm } from '#contract/farms/farms.ts';

import { useCloneFarm } from '../../api/farm-changes.ts';
import { blockerLink } from '../../components/blocker-link.tsx';
import { FormDialog } from '../../components/dialogs/FormDialog.tsx';
import { NameField } from '../../components/forms/fields.tsx';
import { useFormChange } from '../../components/forms/use-form-change.ts';
import type { ObjectDialogProps } from '../../components/objects/object-actions.tsx';
import { announce } from '../../util/announce.ts';
import { formatQuantity } from '../../util/format.ts';
import { environmentOf } from '../../util/places.ts';
import { paths } from '../../util/paths.ts';
import { reasonAgainst } from '../../util/verdicts.ts';

const { name: nameSchema } = resource.schema.shape;

/** Copies a farm with its roles, without servers, and goes there. */
export function CloneFarm({ at, object: farm, onClose }: ObjectDialogProps<Farm>) {
  const operation = useCloneFarm(environmentOf(farm));
  const navigate = useNavigate();
  const form = useForm({
    initialValues: { name: '' },
    validate: { name: (name) => nameSchema.safeParse(name).error?.issues[0]?.message },
  });
  const { submit, ...sending } = useFormChange({
    form,
    operation,
    change: (body) => operation.change({ params: { farmId: farm.id }, body }),
    fieldOf: (member) => (member === 'name' ? member : undefined),
    onDone: ({ data }) => {
      announce(`${data.name} is a copy of ${farm.name}. It is yours, and not launched yet.`);
      // The dialog is not a step to come back to.
      void navigate(paths.farm(at, data.id), { replace: true });
    },
  });
  return (
    <FormDialog
      title={`Clone ${farm.name}`}
      submitLabel={`Clone farm with ${formatQuantity(farm.farmRoles ?? 0, 'role')}`}
      {...sending}
      onSubmit={form.onSubmit(submit)}
      onClose={onClose}
      renderBlocker={blockerLink(at)}
      disabledReason={reasonAgainst(farm.actions?.clone)}
    >
      <p>
        The copy has the same roles in the same places with the same scaling, but no servers. It is
        yours, unlocked, and terminated until you launch it.
      </p>
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

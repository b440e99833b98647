import { NativeSelect, TextInput } from '@mantine/core';
import { schemaResolver, useForm } from '@mantine/form';
import type { UseFormReturnType } from '@mantine/form';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useEffectEvent } from 'react';
import type { Farm } from '#contract/farms/farms.ts';

import { useCreateFarmRole } from '../../api/farm-role-changes.ts';
import { roleQuery } from '../../api/roles.ts';
import { blockerLink } from '../../components/blocker-link.tsx';
import { FormDialog } from '../../components/dialogs/FormDialog.tsx';
import { locationWords } from '../../components/flows/flow-names.ts';
import { useFormChange } from '../../components/forms/use-form-change.ts';
import type { ObjectDialogProps } from '../../components/objects/object-actions.tsx';
import { ObjectSelect } from '../../components/options/ObjectSelect.tsx';
import { roleOptions } from '../../components/options/sources.ts';
import { useDialog } from '../../hooks/use-dialog.ts';
import { announce } from '../../util/announce.ts';
import type { PathScope } from '../../util/paths.ts';
import { environmentOf } from '../../util/places.ts';
import { reasonAgainst } from '../../util/verdicts.ts';

import {
  bodyOf,
  fieldOf,
  newFarmRoleSchema,
  placeOf,
  placeValue,
  usual,
} from './farm-role-form.ts';
import type { NewFarmRoleValues } from './farm-role-form.ts';
import { KeptFields } from './KeptFields.tsx';

type Form = UseFormReturnType<NewFarmRoleValues>;

/** Puts a Role into a farm, in one of the places that it has an image for. */
export function AddFarmRole({ at, object: farm, onClose }: ObjectDialogProps<Farm>) {
  const home = environmentOf(farm);
  const operation = useCreateFarmRole(home);
  // Whoever comes from the form of a new farm has chosen the role there.
  const { on = '' } = useDialog(['add-role']);
  const form = useForm<NewFarmRoleValues>({
    initialValues: { ...usual, roleId: on },
    validate: schemaResolver(newFarmRoleSchema, { sync: true }),
    validateInputOnBlur: true,
  });
  const { submit, ...sending } = useFormChange({
    form,
    operation,
    change: (values) =>
      operation.change({
        params: { farmId: farm.id },
        body: bodyOf(values),
        ifMatch: farm.version,
      }),
    fieldOf,
    onDone: ({ data }) => {
      announce(`${farm.name} has ${data.alias} now. ${nextWords(farm)}`);
      onClose();
    },
  });
  return (
    <FormDialog
      title={`Add role to ${farm.name}`}
      submitLabel="Add role"
      {...sending}
      disabledReason={reasonAgainst(farm.actions?.addRole)}
      onSubmit={form.onSubmit(submit)}
      onClose={onClose}
      renderBlocker={blockerLink(at)}
    >
      <ObjectSelect
        label="Role"
        required
        data-autofocus={on === ''}
        placeholder="Name of a role"
        noun="role"
        source={roleOptions(home)}
        {...form.getInputProps('roleId')}
        value={form.values.roleId === '' ? undefined : form.values.roleId}
        onChange={(id) => form.setValues({ roleId: id ?? '', place: '', region: '' })}
      />
      {form.values.roleId !== '' && <PlaceFields key={form.values.roleId} at={home} form={form} />}
      <KeptFields form={form} />
    </FormDialog>
  );
}

function nextWords({ status }: Farm): string {
  if (status === 'running') return 'Launch a server of it next, or let its scaling do so.';
  return status === 'suspended'
    ? 'It starts servers once the farm is resumed.'
    : 'It starts servers once the farm is launched.';
}

/** The places that the chosen role has an image for. */
function PlaceFields({ at, form }: { at: PathScope; form: Form }) {
  const role = useQuery(roleQuery(at, form.values.roleId)).data;
  const places = role?.images;
  const fill = useEffectEvent(() => {
    const [only, another] = role?.images ?? [];
    if (form.values.alias === '') form.setFieldValue('alias', role?.name ?? '');
    if (only !== undefined && another === undefined) form.setFieldValue('place', placeValue(only));
  });
  const known = role?.id;
  useEffect(() => {
    if (known !== undefined) fill();
  }, [known]);
  if (places?.length === 0) {
    return (
      <p>
        {role?.name} has no image anywhere yet, so no farm can use it. Add one to the role first.
      </p>
    );
  }
  return (
    <>
      <NativeSelect
        label="Location"
        description="Where the role has an image."
        required
        data={[
          { value: '', label: places === undefined ? 'Looking…' : 'Choose one' },
          ...(places ?? []).map((place) => ({
            value: placeValue(place),
            label: `${locationWords(place)}: ${place.image.name}`,
          })),
        ]}
        {...form.getInputProps('place')}
      />
      {placeOf(form.values).needsRegion && (
        <TextInput
          label="Region"
          description="The image serves all regions of this cloud."
          required
          maxLength={255}
          autoComplete="off"
          {...form.getInputProps('region')}
        />
      )}
    </>
  );
}

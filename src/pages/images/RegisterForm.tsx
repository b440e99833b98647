import { Checkbox, NativeSelect, TextInput } from '@mantine/core';
import { useSuspenseQuery } from '@tanstack/react-query';
import { useId } from 'react';
import { useNavigate } from 'react-router';
import { architectures } from '#contract/images/architectures.ts';
import { findDoubts } from '#contract/images/doubts.ts';
import type { Image } from '#contract/images/images.ts';
import {
  cloudPlatformLabel,
  cloudPlatforms,
  hasImageLocation,
} from '#contract/images/platforms.ts';
import type { ScopeInfo } from '#contract/organisation/scopes.ts';

import { useCreateImage } from '../../api/images.ts';
import { osListQuery } from '../../api/os.ts';
import { namedOptions, optionsOf } from '../../components/filters/choices.ts';
import {
  ChoiceField,
  DescriptionField,
  helpBelow,
  NameField,
  Pair,
} from '../../components/forms/fields.tsx';
import { PageForm } from '../../components/forms/PageForm.tsx';
import { useFormChange } from '../../components/forms/use-form-change.ts';
import { Notice } from '../../components/Notice.tsx';
import { announce } from '../../util/announce.ts';
import { knownLocations } from '../../util/cloud-locations.ts';
import { placeName } from '../../util/places.ts';
import { nameAdvice } from '../../util/name-advice.ts';
import { paths } from '../../util/paths.ts';
import type { PathScope } from '../../util/paths.ts';

import { bodyOf, fieldOf, useRegisterForm } from './register-form.ts';
import classes from './RegisterForm.module.css';

interface RegisterFormProps {
  at: PathScope;
  scope: ScopeInfo;
  /** What a new version has in common with. */
  from: Image | undefined;
}

/** The form of a registration, checked as it is filled. */
export function RegisterForm({ at, scope, from }: RegisterFormProps) {
  const form = useRegisterForm(from);
  const navigate = useNavigate();
  const operation = useCreateImage(at);
  const sending = useFormChange({
    form,
    operation,
    change: (values) => operation.change({ body: bodyOf(values) }),
    fieldOf,
    onDone: ({ data }) => {
      announce(`${data.name} is registered in ${placeName(scope)}.`);
      void navigate(paths.image(at, data.id));
    },
  });
  return (
    <PageForm
      {...{ at, form, sending }}
      label="Register image"
      submitLabel={`Register image in ${placeName(scope)}`}
      cancelTo={paths.images(at)}
    >
      <MachineImageFields form={form} />
      <ContentFields at={at} form={form} />
    </PageForm>
  );
}

interface FieldsProps {
  form: ReturnType<typeof useRegisterForm>;
}

function MachineImageFields({ form }: FieldsProps) {
  const { cloudPlatform } = form.values;
  return (
    <fieldset className={classes['group']}>
      <legend>The machine image</legend>
      <Pair>
        <NativeSelect
          inputWrapperOrder={helpBelow}
          label="Cloud"
          required
          data={optionsOf(cloudPlatforms, cloudPlatformLabel)}
          {...form.getInputProps('cloudPlatform')}
        />
        {hasImageLocation(cloudPlatform) && <LocationField form={form} />}
      </Pair>
      <Pair>
        <NameField
          inputWrapperOrder={helpBelow}
          label="Cloud image ID"
          required
          description="As the cloud calls it, such as ami-0f13a2b4c5d6e7f80."
          classNames={{ input: 'mono' }}
          {...form.getInputProps('cloudImageId')}
        />
        <TextInput
          inputWrapperOrder={helpBelow}
          label="Root disk in GB (optional)"
          inputMode="numeric"
          autoComplete="off"
          {...form.getInputProps('size')}
        />
      </Pair>
      <Doubts form={form} />
    </fieldset>
  );
}

/** What looks wrong, and the way to say that it is right. */
function Doubts({ form }: FieldsProps) {
  const doubts = findDoubts(form.values);
  if (doubts.length === 0) return null;
  return (
    <Notice tone="warning">
      {doubts.map(({ message }) => message).join(' ')}
      <Checkbox
        label="This is right: register it unchecked"
        {...form.getInputProps('confirmed', { type: 'checkbox' })}
      />
    </Notice>
  );
}

function LocationField({ form }: FieldsProps) {
  const listId = useId();
  return (
    <>
      <NameField
        inputWrapperOrder={helpBelow}
        label="Location"
        required
        list={listId}
        {...form.getInputProps('cloudLocation')}
      />
      <datalist id={listId}>
        {knownLocations[form.values.cloudPlatform]?.map((location) => (
          <option key={location} value={location}>
            {location}
          </option>
        ))}
      </datalist>
    </>
  );
}

function ContentFields({ at, form }: FieldsProps & { at: PathScope }) {
  const { data: os } = useSuspenseQuery(osListQuery(at));
  const { values } = form;
  const chosenOs = os.data.find(({ id }) => id === values.osId);
  return (
    <fieldset className={classes['group']}>
      <legend>What is on it</legend>
      <NameField
        inputWrapperOrder={helpBelow}
        label="Name"
        required
        description={
          nameAdvice(values.name, { ...values, os: chosenOs }) ??
          'The most important software on it and its version, such as nginx-1-27. Details go into the description.'
        }
        {...form.getInputProps('name')}
      />
      <Pair>
        <ChoiceField
          inputWrapperOrder={helpBelow}
          label="Operating system"
          options={namedOptions(os.data)}
          {...form.getInputProps('osId')}
        />
        <NativeSelect
          inputWrapperOrder={helpBelow}
          label="Architecture"
          required
          data={[...architectures]}
          {...form.getInputProps('architecture')}
        />
      </Pair>
      <Checkbox
        label="The Scalr agent is installed"
        description="Roles with automation need it."
        {...form.getInputProps('scalrAgentInstalled', { type: 'checkbox' })}
      />
      <Checkbox
        label="cloud-init is installed"
        {...form.getInputProps('cloudInitInstalled', { type: 'checkbox' })}
      />
      <DescriptionField inputWrapperOrder={helpBelow} {...form.getInputProps('description')} />
    </fieldset>
  );
}

import { Checkbox, NativeSelect, Textarea, TextInput } from '@mantine/core';
import { useSuspenseQuery } from '@tanstack/react-query';
import { useId } from 'react';
import { useNavigate } from 'react-router';
import { architectures } from '#contract/images/architectures.ts';
import type { Image } from '#contract/images/images.ts';
import {
  cloudPlatformLabel,
  cloudPlatforms,
  hasImageLocation,
} from '#contract/images/platforms.ts';
import type { ScopeInfo } from '#contract/organisation/scopes.ts';

import { useCreateImage } from '../../api/images.ts';
import { osListQuery } from '../../api/os.ts';
import { ActionButton } from '../../components/actions/ActionButton.tsx';
import { AsCommand } from '../../components/as-command/AsCommand.tsx';
import { blockerLink } from '../../components/blocker-link.tsx';
import { ErrorNotice } from '../../components/ErrorNotice.tsx';
import { announce } from '../../util/announce.ts';
import { knownLocations } from '../../util/cloud-locations.ts';
import { errorFacts } from '../../util/errors.ts';
import { placeName } from '../../util/places.ts';
import { nameAdvice } from '../../util/name-advice.ts';
import { paths } from '../../util/paths.ts';
import type { PathScope } from '../../util/paths.ts';

import { bodyOf, fieldOf, useRegisterForm } from './register-form.ts';
import type { RegisterValues } from './register-form.ts';
import classes from './RegisterForm.module.css';

/** What a field means stands under it, so that fields side by side line up. */
const inputWrapperOrder: InputWrapperOrder = ['label', 'input', 'description', 'error'];
type InputWrapperOrder = ('label' | 'input' | 'description' | 'error')[];

type RegisterFormState = ReturnType<typeof useRegisterForm>;

/** Leads to the first field with an error, which says what to change. */
function focusFirst(form: RegisterFormState, wrong: readonly string[]): void {
  const field = Object.keys(form.values).find((name) => wrong.includes(name));
  if (field !== undefined) form.getInputNode(field)?.focus();
}

interface RegisterFormProps {
  at: PathScope;
  scope: ScopeInfo;
  /** What a new version has in common with. */
  from: Image | undefined;
}

/** Sends the form; an error on one of its fields shows there, any other above the button. */
function useRegistration(at: PathScope, scope: ScopeInfo, form: RegisterFormState) {
  const navigate = useNavigate();
  const create = useCreateImage(at);
  const field = create.error === null ? undefined : fieldOf(errorFacts(create.error).field);
  // A collision names the other image, which a field's text cannot link to.
  const isShownOnField = field !== undefined && errorFacts(create.error).blockers.length === 0;
  const change = (values: RegisterValues) => create.change({ body: bodyOf(values) });
  const submit = (values: RegisterValues) =>
    create.mutate(change(values), {
      onSuccess: ({ data }) => {
        announce(`${data.name} is registered in ${placeName(scope)}.`);
        void navigate(paths.image(at, data.id));
      },
      onError: (error) => {
        const facts = errorFacts(error);
        const wrong = fieldOf(facts.field);
        if (wrong === undefined) return;
        form.setFieldError(wrong, facts.blockers.length === 0 ? facts.message : true);
        focusFirst(form, [wrong]);
      },
    });
  return {
    submit,
    changes: form.isValid() ? [change(form.values)] : undefined,
    pending: create.isPending,
    error: isShownOnField ? null : create.error,
  };
}

/** The form of a registration, checked as it is filled. */
export function RegisterForm({ at, scope, from }: RegisterFormProps) {
  const form = useRegisterForm(from);
  const { data: os } = useSuspenseQuery(osListQuery(at));
  const { submit, changes, pending, error } = useRegistration(at, scope, form);
  const { values } = form;
  const chosenOs = os.data.find(({ id }) => id === values.osId);
  return (
    <form
      noValidate
      className={classes['form']}
      onSubmit={form.onSubmit(submit, (errors) => focusFirst(form, Object.keys(errors)))}
      aria-label="Register image"
    >
      <MachineImageFields form={form} />
      <fieldset className={classes['group']}>
        <legend>What is on it</legend>
        <TextInput
          inputWrapperOrder={inputWrapperOrder}
          label="Name"
          required
          description={
            nameAdvice(values.name, { ...values, os: chosenOs }) ??
            'The most important software on it and its version, such as nginx-1-27. Details go into the description.'
          }
          autoComplete="off"
          spellCheck={false}
          maxLength={255}
          {...form.getInputProps('name')}
        />
        <div className={classes['pair']}>
          <NativeSelect
            inputWrapperOrder={inputWrapperOrder}
            label="Operating system"
            required
            data={[
              { value: '', label: 'Choose one' },
              ...os.data.map(({ id, name }) => ({ value: id, label: name })),
            ]}
            {...form.getInputProps('osId')}
          />
          <NativeSelect
            inputWrapperOrder={inputWrapperOrder}
            label="Architecture"
            required
            data={[...architectures]}
            {...form.getInputProps('architecture')}
          />
        </div>
        <Checkbox
          label="The Scalr agent is installed"
          description="Roles with automation need it."
          {...form.getInputProps('scalrAgentInstalled', { type: 'checkbox' })}
        />
        <Checkbox
          label="cloud-init is installed"
          {...form.getInputProps('cloudInitInstalled', { type: 'checkbox' })}
        />
        <Textarea
          inputWrapperOrder={inputWrapperOrder}
          label="Description"
          autosize
          minRows={2}
          maxRows={10}
          {...form.getInputProps('description')}
        />
      </fieldset>
      {error !== null && <ErrorNotice error={error} renderBlocker={blockerLink(at)} />}
      <AsCommand changes={changes} />
      <div className={classes['actions']}>
        <ActionButton to={paths.images(at)}>Cancel</ActionButton>
        <ActionButton type="submit" variant="filled" pending={pending}>
          {`Register image in ${placeName(scope)}`}
        </ActionButton>
      </div>
    </form>
  );
}

function MachineImageFields({ form }: { form: RegisterFormState }) {
  const { cloudPlatform } = form.values;
  const locationsId = useId();
  return (
    <fieldset className={classes['group']}>
      <legend>The machine image</legend>
      <div className={classes['pair']}>
        <NativeSelect
          inputWrapperOrder={inputWrapperOrder}
          label="Cloud"
          required
          data={cloudPlatforms.map((value) => ({
            value,
            label: cloudPlatformLabel[value] ?? value,
          }))}
          {...form.getInputProps('cloudPlatform')}
        />
        {hasImageLocation(cloudPlatform) && (
          <>
            <TextInput
              inputWrapperOrder={inputWrapperOrder}
              label="Location"
              required
              list={locationsId}
              autoComplete="off"
              spellCheck={false}
              maxLength={255}
              {...form.getInputProps('cloudLocation')}
            />
            <datalist id={locationsId}>
              {knownLocations[cloudPlatform]?.map((location) => (
                <option key={location} value={location}>
                  {location}
                </option>
              ))}
            </datalist>
          </>
        )}
      </div>
      <div className={classes['pair']}>
        <TextInput
          inputWrapperOrder={inputWrapperOrder}
          label="Cloud image ID"
          required
          description="As the cloud calls it, such as ami-0f13a2b4c5d6e7f80."
          autoComplete="off"
          spellCheck={false}
          maxLength={255}
          classNames={{ input: 'mono' }}
          {...form.getInputProps('cloudImageId')}
        />
        <TextInput
          inputWrapperOrder={inputWrapperOrder}
          label="Root disk in GB (optional)"
          inputMode="numeric"
          autoComplete="off"
          {...form.getInputProps('size')}
        />
      </div>
    </fieldset>
  );
}

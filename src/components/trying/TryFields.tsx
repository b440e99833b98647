import { NativeSelect, Radio, Stack, TextInput } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import type { ReactNode } from 'react';
import type { Image } from '#contract/images/images.ts';

import type { PathScope } from '../../util/paths.ts';
import { placeWords } from '../flows/flow-names.ts';
import { helpBelow, NameField, Pair } from '../forms/fields.tsx';
import { ObjectSelect } from '../options/ObjectSelect.tsx';
import { categoryOptions, farmOptions, roleOptions } from '../options/sources.ts';

import { needsRegion } from './try-form.ts';
import type { TryValues } from './try-form.ts';

export type TryForm = UseFormReturnType<TryValues>;

interface PartProps {
  at: PathScope;
  form: TryForm;
}

interface TryFieldsProps extends PartProps {
  /** Those that the server may run. */
  images: readonly Image[];
}

/** Where a first server runs, in which farm and by which role. */
export function TryFields({ at, form, images }: TryFieldsProps) {
  return (
    <>
      {images.length > 1 && <ImageField form={form} images={images} />}
      <ChoiceOf form={form} name="role" label="Role" fresh="A new role" there="One that is there">
        {form.values.role === 'new' ? (
          <NewRole at={at} form={form} />
        ) : (
          <OwnSelect
            {...{ form }}
            name="roleId"
            label="Which role"
            noun="role"
            source={roleOptions(at, { os: images[0]?.os.id })}
          />
        )}
      </ChoiceOf>
      <ChoiceOf form={form} name="farm" label="Farm" fresh="A new farm" there="One that runs">
        {form.values.farm === 'new' ? (
          <NameField
            label="Name of the farm"
            required
            maxLength={100}
            {...form.getInputProps('farmName')}
          />
        ) : (
          <OwnSelect
            {...{ form }}
            name="farmId"
            label="Which farm"
            noun="farm"
            source={farmOptions(at, { status: 'running' })}
          />
        )}
      </ChoiceOf>
      <RunsOn form={form} images={images} />
    </>
  );
}

/** Where, if its image does not say so, and on what. */
function RunsOn({ form, images }: Pick<TryFieldsProps, 'form' | 'images'>) {
  return (
    <Pair>
      {needsRegion(images, form.values) && (
        <TextInput
          label="Region"
          description="The image serves all regions of this cloud."
          inputWrapperOrder={helpBelow}
          required
          autoComplete="off"
          maxLength={255}
          {...form.getInputProps('region')}
        />
      )}
      <NameField
        label="Instance type (optional)"
        description="As the cloud calls it, such as t3.small."
        inputWrapperOrder={helpBelow}
        maxLength={100}
        {...form.getInputProps('instanceType')}
      />
    </Pair>
  );
}

/** Of a version: in which of its places. */
function ImageField({ form, images }: Pick<TryFieldsProps, 'form' | 'images'>) {
  return (
    <NativeSelect
      label="Where the first server runs"
      description="The role gets the other images of that architecture as well, where it has none."
      inputWrapperOrder={helpBelow}
      data={images.map((image) => ({
        value: image.id,
        label: `${placeWords(image)}${image.deprecated ? ' (deprecated)' : ''}`,
        disabled: image.deprecated || image.status !== 'active',
      }))}
      {...form.getInputProps('imageId')}
    />
  );
}

interface ChoiceOfProps {
  form: TryForm;
  name: 'role' | 'farm';
  label: string;
  fresh: string;
  there: string;
  children: ReactNode;
}

/** A new one, or one that is there; and then what is to be said of that. */
function ChoiceOf({ form, name, label, fresh, there, children }: ChoiceOfProps) {
  return (
    <>
      <Radio.Group label={label} {...form.getInputProps(name)}>
        <Stack gap={8} mt={4}>
          <Radio value="new" label={fresh} />
          <Radio value="there" label={there} />
        </Stack>
      </Radio.Group>
      {children}
    </>
  );
}

function NewRole({ at, form }: PartProps) {
  return (
    <Pair>
      <NameField
        label="Name of the role"
        required
        maxLength={100}
        {...form.getInputProps('roleName')}
      />
      <OwnSelect
        {...{ form }}
        name="categoryId"
        label="Category"
        noun="category"
        source={categoryOptions(at)}
      />
    </Pair>
  );
}

interface OwnSelectProps {
  form: TryForm;
  name: 'roleId' | 'farmId' | 'categoryId';
  label: string;
  noun: string;
  source: ReturnType<typeof categoryOptions>;
}

function OwnSelect({ form, name, ...field }: OwnSelectProps) {
  const value = form.values[name];
  return (
    <ObjectSelect
      {...field}
      required
      placeholder={`Name of a ${field.noun}`}
      {...form.getInputProps(name)}
      value={value === '' ? undefined : value}
      onChange={(id) => form.setFieldValue(name, id ?? '')}
    />
  );
}

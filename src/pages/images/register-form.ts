import { schemaResolver, useForm } from '@mantine/form';
import type { FormErrors } from '@mantine/form';
import { z } from 'zod';
import { text } from '#contract/fields.ts';
import { architectures } from '#contract/images/architectures.ts';
import { findDoubts } from '#contract/images/doubts.ts';
import { imageCreateSchema } from '#contract/images/images.ts';
import type { Image } from '#contract/images/images.ts';
import { cloudPlatforms, hasImageLocation } from '#contract/images/platforms.ts';

import type { Input } from '../../api/request.ts';

const { name, cloudImageId, cloudLocation, description, size } = imageCreateSchema.shape;

function hasNoOuterSpaces(value: string): boolean {
  return value === value.trim();
}

/** The form: the contract's rules on text as it is typed, before it is put into a body. */
const schema = z.object({
  cloudPlatform: z.enum(cloudPlatforms),
  cloudLocation: cloudLocation
    .unwrap()
    .refine(hasNoOuterSpaces, 'must not start or end with spaces'),
  cloudImageId: cloudImageId.refine(hasNoOuterSpaces, 'must not start or end with spaces'),
  name,
  osId: text(25).min(1, 'Choose the operating system that is on it'),
  architecture: z.enum(architectures),
  size: z
    .string()
    .trim()
    .regex(/^\d*$/, 'must be a whole number of GB')
    .transform((value) => (value === '' ? null : Number(value)))
    .pipe(size.unwrap()),
  scalrAgentInstalled: z.boolean(),
  cloudInitInstalled: z.boolean(),
  description: description.unwrap(),
  /** What looks unusual is meant. */
  confirmed: z.boolean(),
});
export type RegisterValues = z.input<typeof schema>;

const fieldProblems = schemaResolver(schema, { sync: true });

/**
 * What is wrong with the fields, by their names. Where the image is belongs to two of them, so that no
 * schema of fields says it: a rule of the whole is not looked at while one of a field is broken.
 */
export function problemsOf(values: RegisterValues): FormErrors {
  const isNowhere = hasImageLocation(values.cloudPlatform) && values.cloudLocation === '';
  const isDoubtful = findDoubts(values).length > 0 && !values.confirmed;
  return {
    ...fieldProblems(values),
    ...(isDoubtful ? { confirmed: 'Correct it, or confirm that it is right' } : {}),
    ...(isNowhere ? { cloudLocation: 'Name the location that the machine image is in' } : {}),
  };
}

/** What the form starts with: empty, or what a new version has in common with an image. */
export function initialValues(from: Image | undefined): RegisterValues {
  return {
    cloudPlatform: from?.cloudPlatform ?? 'ec2',
    cloudLocation: from?.cloudLocation ?? '',
    cloudImageId: '',
    name: '',
    osId: from?.os.id ?? '',
    architecture: from?.architecture ?? 'x86_64',
    size: from?.size == null ? '' : String(from.size),
    scalrAgentInstalled: from?.scalrAgentInstalled ?? false,
    cloudInitInstalled: from?.cloudInitInstalled ?? false,
    description: '',
    confirmed: false,
  };
}

/** The request that a valid form stands for. */
export function bodyOf(values: RegisterValues): Input<'imageCreate'>['body'] {
  const { osId, cloudLocation: location, size: gb, confirmed: _, ...rest } = schema.parse(values);
  return {
    ...rest,
    os: { id: osId },
    ...(hasImageLocation(rest.cloudPlatform) ? { cloudLocation: location } : {}),
    ...(gb === null ? {} : { size: gb }),
  };
}

/** The field of the form that shows an error of the server on a member of the body. */
export function fieldOf(member: string | undefined): keyof RegisterValues | undefined {
  const field = member === 'os' || member === 'os.id' ? 'osId' : member;
  return field !== undefined && field in schema.shape ? (field as keyof RegisterValues) : undefined;
}

/** The state of the form; a field is checked when it is left, and all are when it is sent. */
export function useRegisterForm(from: Image | undefined) {
  return useForm<RegisterValues>({
    initialValues: initialValues(from),
    validate: problemsOf,
    validateInputOnBlur: true,
  });
}

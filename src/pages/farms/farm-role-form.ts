import { z } from 'zod';
import { hasImageLocation } from '#contract/images/platforms.ts';
import { alias, instanceTypeInput, region } from '#contract/farms/farm-fields.ts';
import type { FarmRole } from '#contract/farms/farm-roles.ts';

import type { Input } from '../../api/request.ts';

const mostInstances = 400;
const instances = z
  .string()
  .trim()
  .regex(/^\d{1,3}$/, `Type a number from 0 to ${mostInstances}`)
  .refine((text) => Number(text) <= mostInstances, `At most ${mostInstances}`);

/** How many servers a farm role keeps, and on what they run, as it is typed. */
const kept = {
  alias,
  instanceType: z
    .string()
    .refine((text) => instanceTypeInput.safeParse(text).success, 'must not have spaces'),
  enabled: z.boolean(),
  minInstances: instances,
  maxInstances: instances,
};
const isOrdered = (values: { minInstances: string; maxInstances: string }) =>
  Number(values.minInstances) <= Number(values.maxInstances);
const notOrdered = { path: ['maxInstances'], message: 'Must be at least the minimum' };

/** The form of a farm role that is there. */
export const keptSchema = z.object(kept).refine(isOrdered, notOrdered);
export type KeptValues = z.input<typeof keptSchema>;

/** The form of a new one: also of which Role, and where. */
export const newFarmRoleSchema = z
  .object({
    roleId: z.string().min(1, 'Choose a role'),
    place: z.string().min(1, 'Choose a location'),
    region: z.string(),
    ...kept,
  })
  .refine(isOrdered, notOrdered)
  .refine(
    (values) => placeOf(values).needsRegion === false || region.safeParse(values.region).success,
    { path: ['region'], message: 'Name the region that its servers run in' },
  );
export type NewFarmRoleValues = z.input<typeof newFarmRoleSchema>;

/** What a new farm role starts with, as the server has it too. */
export const usual: NewFarmRoleValues = {
  roleId: '',
  place: '',
  region: '',
  alias: '',
  instanceType: '',
  enabled: true,
  minInstances: '1',
  maxInstances: '2',
};

/** One place in a list of choices. */
export function placeValue(place: { cloudPlatform: string; cloudLocation: string }): string {
  return `${place.cloudPlatform} ${place.cloudLocation}`;
}

/** Where servers run: images of some clouds serve all regions, so that one must be named. */
export function placeOf({ place, region: named }: { place: string; region: string }) {
  const [cloudPlatform = '', location = ''] = place.split(' ');
  const needsRegion = place !== '' && !hasImageLocation(cloudPlatform);
  return { cloudPlatform, cloudLocation: needsRegion ? named.trim() : location, needsRegion };
}

/** What the form of a farm role starts with. */
export function valuesOf({ alias: name, instanceType, scaling }: FarmRole): KeptValues {
  return {
    alias: name,
    instanceType,
    enabled: scaling.enabled,
    minInstances: String(scaling.minInstances),
    maxInstances: String(scaling.maxInstances),
  };
}

/** What the form says of a farm role that is there, as a request has it. */
export function changesOf(values: KeptValues) {
  const { enabled, minInstances, maxInstances } = values;
  return {
    alias: values.alias,
    instanceType: values.instanceType,
    scaling: {
      enabled,
      minInstances: Number(minInstances),
      maxInstances: Number(maxInstances),
    },
  } satisfies Input<'farmRoleUpdate'>['body'];
}

/** The request that a valid form of a new farm role stands for. */
export function bodyOf(values: NewFarmRoleValues): Input<'farmRoleCreate'>['body'] {
  const { cloudPlatform, cloudLocation } = placeOf(values);
  return {
    ...changesOf(values),
    role: { id: Number(values.roleId) },
    cloudPlatform: cloudPlatform as 'ec2',
    cloudLocation,
  };
}

const fields: Partial<Record<string, string>> = {
  alias: 'alias',
  'role.id': 'roleId',
  role: 'roleId',
  cloudPlatform: 'place',
  cloudLocation: 'place',
  instanceType: 'instanceType',
  'scaling.minInstances': 'minInstances',
  'scaling.maxInstances': 'maxInstances',
};

/** The field of the form that shows an error of the server on a member of the body. */
export function fieldOf(member: string | undefined): string | undefined {
  return member === undefined ? undefined : fields[member];
}

/** What the fields are called. */
export const labels = {
  alias: 'Name in the farm',
  instanceType: 'Instance type',
  enabled: 'Scaling',
  minInstances: 'Minimum',
  maxInstances: 'Maximum',
};

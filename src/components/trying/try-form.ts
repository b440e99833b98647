import { z } from 'zod';
import { instanceTypeInput, region } from '#contract/farms/farm-fields.ts';
import { objectName, titleName } from '#contract/fields.ts';
import type { Image } from '#contract/images/images.ts';
import { hasImageLocation } from '#contract/images/platforms.ts';

import type { Input } from '../../api/request.ts';

const choice = z.enum(['new', 'there']);

/** The form as it is typed; of a role and a farm, what is not chosen is kept and not looked at. */
const fields = z.object({
  imageId: z.string().min(1, 'Choose the image that it is to run'),
  role: choice,
  roleName: z.string(),
  categoryId: z.string(),
  roleId: z.string(),
  farm: choice,
  farmName: z.string(),
  farmId: z.string(),
  region: z.string(),
  instanceType: z.string(),
});
export type TryValues = z.input<typeof fields>;

/** @param images those that the server may run */
export function trySchema(images: readonly Image[]) {
  return fields.check(({ value, issues }) => {
    const complain = (field: keyof TryValues, message: string) =>
      issues.push({ code: 'custom', path: [field], message, input: value[field] });
    const check = (field: keyof TryValues, schema: z.ZodType) => {
      const [issue] = schema.safeParse(value[field]).error?.issues ?? [];
      if (issue) complain(field, issue.message);
    };
    if (value.role === 'new') check('roleName', objectName(100));
    if (value.role === 'new' && value.categoryId === '')
      complain('categoryId', 'Choose a category');
    if (value.role === 'there' && value.roleId === '') complain('roleId', 'Choose a role');
    if (value.farm === 'new') check('farmName', titleName);
    if (value.farm === 'there' && value.farmId === '') complain('farmId', 'Choose a farm');
    if (needsRegion(images, value) && !region.safeParse(value.region.trim()).success)
      complain('region', 'Name the region that the server runs in');
    check('instanceType', instanceTypeInput);
  });
}

/** Whether the chosen image serves all regions of its cloud, so that one must be named. */
export function needsRegion(images: readonly Image[], { imageId }: TryValues): boolean {
  const image = images.find(({ id }) => id === imageId);
  return image !== undefined && !hasImageLocation(image.cloudPlatform);
}

/** The request that a valid form stands for. */
export function bodyOf(
  images: readonly Image[],
  values: TryValues,
): NonNullable<Input<'imageTry'>['body']> {
  const { roleName: name, categoryId, roleId, farmName, farmId, instanceType } = values;
  return {
    ...(values.role === 'new'
      ? { newRole: { name, category: { id: Number(categoryId) } } }
      : { role: { id: Number(roleId) } }),
    ...(values.farm === 'new' ? { newFarm: { name: farmName } } : { farm: { id: Number(farmId) } }),
    ...(needsRegion(images, values) && { cloudLocation: values.region.trim() }),
    ...(instanceType !== '' && { instanceType }),
  };
}

const shownOn: Partial<Record<string, keyof TryValues>> = {
  'newRole.name': 'roleName',
  'newRole.category.id': 'categoryId',
  'role.id': 'roleId',
  'newFarm.name': 'farmName',
  'farm.id': 'farmId',
  cloudLocation: 'region',
  instanceType: 'instanceType',
  'image.id': 'imageId',
};

/** The field that shows an error of the server on a member of the body. */
export function fieldOf(member: string | undefined): keyof TryValues | undefined {
  return member === undefined ? undefined : shownOn[member];
}

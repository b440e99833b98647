import { z } from 'zod';
import { alias, instanceTypeInput, region } from '../farms/farm-fields.ts';
import { serverSchema } from '../farms/servers.ts';
import { id, idText, objectName, referenceInput, titleName, uuid } from '../fields.ts';
import { operation } from '../operation.ts';

/** What a first server needs: a Role or a new one, a farm or a new one; what is left out has its usual value. */
const what = {
  role: referenceInput(id).optional(),
  newRole: z.strictObject({ name: objectName(100), category: referenceInput(id) }).optional(),
  farm: referenceInput(id).optional(),
  newFarm: z.strictObject({ name: titleName }).optional(),
  /** What the Role is called in the farm. */
  alias: alias.optional(),
  /** Where the server runs, for an Image of a cloud whose images serve all regions. */
  cloudLocation: region.optional(),
  instanceType: instanceTypeInput.optional(),
};

export const tryImageSchema = z.strictObject(what);
export type TryImage = z.output<typeof tryImageSchema>;

/** `image`: the one of the set that the server runs. It may be left out where the set has one alone. */
export const tryImageSetSchema = z.strictObject({
  ...what,
  image: referenceInput(uuid).optional(),
});

// It puts an Image into a Role and launches a server, and so takes the rights to do both.
const shared = {
  method: 'POST',
  levels: ['user'],
  permission: 'roles.manage',
  status: 201,
  response: serverSchema,
} as const;

export const imageTryOperations = {
  imageTry: operation({
    ...shared,
    id: 'imageTry',
    path: '/images/{imageId}/actions/try/',
    summary: 'Launch a first server of an Image: in a Role and a farm, each new or there already.',
    params: z.object({ imageId: uuid }),
    body: tryImageSchema,
  }),
  imageSetTry: operation({
    ...shared,
    id: 'imageSetTry',
    path: '/image-sets/{imageSetId}/actions/try/',
    summary:
      'Put the Images of a set into a Role and launch a first server of one of them, in a farm; Role and farm new or there already.',
    params: z.object({ imageSetId: idText }),
    body: tryImageSetSchema,
  }),
};

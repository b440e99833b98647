import { z } from 'zod';
import { id, idText, referenceInput, time, uuid } from '../fields.ts';
import { imageSchema } from '../images/images.ts';
import { listQuery } from '../list.ts';
import { list, operation, read } from '../operation.ts';

/** The link between a Role and the Image it starts servers from in one location. */
export const roleImageSchema = z.object({
  image: z.object({ id: uuid }),
  role: z.object({ id: z.int() }),
});

/** The same with the Image in full, where that was asked for: with `at`, as it was then. */
export const roleImageDetailSchema = roleImageSchema.extend({ details: imageSchema.optional() });
export type RoleImageDetail = z.output<typeof roleImageDetailSchema>;

export const roleImageInputSchema = z.strictObject({
  image: referenceInput(uuid),
  /** May repeat the role of the path; another one is refused. */
  role: referenceInput(id).optional(),
});

const roleParams = z.object({ roleId: idText });
const params = z.object({ roleId: idText, imageId: uuid });

export const roleImageOperations = {
  roleImageList: list({
    id: 'roleImageList',
    path: '/roles/{roleId}/images/',
    summary: 'The Images of a Role.',
    params: roleParams,
    query: listQuery({
      filters: { image: uuid.optional(), role: idText.optional(), at: time.optional() },
      sorts: ['cloudLocation'],
      includes: ['total', 'details'],
    }),
    response: z.array(roleImageDetailSchema),
  }),
  roleImageGet: read({
    id: 'roleImageGet',
    path: '/roles/{roleId}/images/{imageId}/',
    summary: 'One Image of a Role, in full.',
    params,
    response: imageSchema,
  }),
  roleImageCreate: operation({
    id: 'roleImageCreate',
    method: 'POST',
    path: '/roles/{roleId}/images/',
    permission: 'roles.manage',
    status: 201,
    summary: 'Add an Image to a Role, in a location where it has none.',
    params: roleParams,
    body: roleImageInputSchema,
    response: roleImageSchema,
  }),
  roleImageReplace: operation({
    id: 'roleImageReplace',
    method: 'POST',
    path: '/roles/{roleId}/images/{imageId}/actions/replace/',
    permission: 'roles.manage',
    summary: 'Replace this Image with another, in this Role only.',
    params,
    body: roleImageInputSchema,
    response: roleImageSchema,
  }),
  roleImageDelete: operation({
    id: 'roleImageDelete',
    method: 'DELETE',
    path: '/roles/{roleId}/images/{imageId}/',
    permission: 'roles.manage',
    summary: 'Remove an Image from a Role, where no farm role needs it.',
    params,
    response: z.null(),
  }),
};

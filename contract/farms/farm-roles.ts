import { z } from 'zod';
import {
  alias,
  instanceInput,
  instanceSchema,
  instanceTypeInput,
  placementInput,
  placementSchema,
  referenceAsRead,
  region,
  scalingInput,
  scalingSchema,
} from './farm-fields.ts';
import { farmRoleActionsSchema } from './fleet-actions.ts';
import { serverCountsSchema } from './farms.ts';
import { id, idText, time } from '../fields.ts';
import { imageInShort } from '../images/image-in-short.ts';
import { includeQuery, listQuery } from '../list.ts';
import { list, operation, read } from '../operation.ts';
import { cloudPlatforms } from '../images/platforms.ts';
import { defineResource } from '../resource.ts';
import { serverListQuery, serverSchema } from './servers.ts';

export const farmRole = defineResource({
  name: 'FarmRole',
  readOnly: {
    id: z.int(),
    farm: z.object({ id: z.int(), name: z.string() }),
    accountId: z.int(),
    envId: z.int(),
    /** What new servers start from. */
    image: imageInShort,
    /** Rises with every change; `If-Match` may name it. */
    version: z.int(),
    /** True where something else runs its servers. */
    observed: z.boolean().optional(),
    servers: serverCountsSchema.optional(),
    /** Why its servers do not come up, after launches that failed; null when none did since one came up. */
    setback: z
      .object({ failures: z.int(), at: time, retryAt: time, reason: z.string() })
      .nullable()
      .optional(),
    actions: farmRoleActionsSchema.optional(),
  },
  createOnly: {},
  writable: {
    alias,
    role: z.object({ id: z.int(), name: z.string(), deprecated: z.boolean() }),
    cloudPlatform: z.string(),
    cloudLocation: z.string(),
    instanceType: z.string(),
    scaling: scalingSchema,
    /** The three above as Scalr called them first. */
    platform: z.string(),
    placement: placementSchema,
    instance: instanceSchema,
  },
  required: ['alias', 'role'],
});
export const farmRoleSchema = farmRole.schema;
export type FarmRole = z.output<typeof farmRoleSchema>;

/** The same thing may be said in either spelling; both together must not disagree. */
const places = {
  cloudPlatform: z.enum(cloudPlatforms).optional(),
  cloudLocation: region.optional(),
  instanceType: instanceTypeInput.optional(),
  scaling: scalingInput.optional(),
  platform: z.enum(cloudPlatforms).optional(),
  placement: placementInput.optional(),
  instance: instanceInput.optional(),
};
export const farmRoleCreateSchema = z.strictObject({ alias, role: referenceAsRead(id), ...places });
export const farmRolePatchSchema = z.strictObject({
  alias: alias.optional(),
  role: referenceAsRead(id).optional(),
  ...places,
});

const params = z.object({ farmRoleId: idText });
const levels = ['user'] as const;
const permission = 'farms.manage';
const includes = ['usage', 'total', 'actions'] as const;

export const farmRoleOperations = {
  farmRoleList: list({
    id: 'farmRoleList',
    path: '/farms/{farmId}/farm-roles/',
    summary: 'The roles of a farm.',
    params: z.object({ farmId: idText }),
    query: listQuery({
      filters: {
        id: idText.optional(),
        farm: idText.optional(),
        role: idText.optional(),
        platform: z.enum(cloudPlatforms).optional(),
      },
      sorts: ['id'],
      includes,
    }),
    response: z.array(farmRoleSchema),
  }),
  farmRoleGet: read({
    id: 'farmRoleGet',
    path: '/farm-roles/{farmRoleId}/',
    summary: 'One role of a farm.',
    params,
    query: z.strictObject({ include: includeQuery(['usage', 'actions']) }),
    response: farmRoleSchema,
  }),
  farmRoleCreate: operation({
    id: 'farmRoleCreate',
    method: 'POST',
    path: '/farms/{farmId}/farm-roles/',
    levels,
    permission,
    status: 201,
    summary: 'Put a Role into a farm.',
    params: z.object({ farmId: idText }),
    body: farmRoleCreateSchema,
    response: farmRoleSchema,
  }),
  farmRoleUpdate: operation({
    id: 'farmRoleUpdate',
    method: 'PATCH',
    path: '/farm-roles/{farmRoleId}/',
    levels,
    permission,
    summary: 'Change a role of a farm.',
    params,
    body: farmRolePatchSchema,
    response: farmRoleSchema,
  }),
  farmRoleDelete: operation({
    id: 'farmRoleDelete',
    method: 'DELETE',
    path: '/farm-roles/{farmRoleId}/',
    levels,
    permission,
    summary: 'Take a Role out of a farm; its servers there are terminated.',
    params,
    response: z.null(),
  }),
  farmRoleClone: operation({
    id: 'farmRoleClone',
    method: 'POST',
    path: '/farm-roles/{farmRoleId}/actions/clone/',
    levels,
    permission,
    status: 201,
    summary: 'Copy a role of a farm into the same or another farm, without servers.',
    params,
    body: z.strictObject({ name: alias, farm: referenceAsRead(id).optional() }),
    response: farmRoleSchema,
  }),
  farmRoleServerList: list({
    id: 'farmRoleServerList',
    path: '/farm-roles/{farmRoleId}/servers/',
    summary: 'The servers of a farm role.',
    params,
    query: serverListQuery,
    response: z.array(serverSchema),
  }),
  farmRoleServerLaunch: operation({
    id: 'farmRoleServerLaunch',
    method: 'POST',
    path: '/farm-roles/{farmRoleId}/servers/',
    levels,
    permission,
    status: 201,
    summary: 'Launch one more server of a farm role.',
    params,
    response: serverSchema,
  }),
};

import { z } from 'zod';
import { booleanText, description, id, idText, text, time, titleName, uuid } from '../fields.ts';
import { farmActionsSchema } from './fleet-actions.ts';
import { launchOrder, launchOrders, referenceAsRead, timezone } from './farm-fields.ts';
import { includeQuery, listQuery, searchQuery, searchText } from '../list.ts';
import { list, operation, read } from '../operation.ts';
import { ownerSchema } from '../images/places.ts';
import { defineResource } from '../resource.ts';
import { serverListQuery, serverSchema } from './servers.ts';
import { farmStatuses } from './statuses.ts';

/** Live servers of a farm or farm role; `old` ones run a stale or a deprecated image. */
export const serverCountsSchema = z.object({ live: z.int(), old: z.int() });

/** Who may unlock a locked farm. */
export const unlockPermissions = ['anyone', 'owner', 'team'] as const;

/** What was found of a farm that something else runs. */
export const observedFarmSchema = z.object({
  /** A group of the cloud; servers with one value of a tag; servers with neither. */
  kind: z.enum(['group', 'tag', 'rest']),
  /** Of the group, or the value of the tag. */
  name: z.string(),
  credentials: z.object({ id: uuid, name: z.string() }),
  /** The account of the cloud. */
  account: z.string(),
  cloudPlatform: z.string(),
  cloudLocation: z.string(),
  /** What the tag for owners says there; null where there is none. */
  ownerTag: z.string().nullable(),
  /** How many servers the group keeps; null where nothing does. */
  minimum: z.int().nullable(),
  desired: z.int().nullable(),
  maximum: z.int().nullable(),
  /** What set the group up, as its tags say: a change past it is drift to it. */
  managedBy: z.enum(['terraform', 'cloudformation']).nullable(),
  /** When it was last seen. */
  read: time.nullable(),
  /** Why it was not read since; null when it was. */
  notRead: z.string().nullable(),
  /** Why no rollout can move it, such as since the right is off; null where one can. */
  notMoved: z.string().nullable(),
});

export const farm = defineResource({
  name: 'Farm',
  readOnly: {
    id: z.int(),
    status: z.enum(farmStatuses),
    accountId: z.int(),
    accountName: z.string(),
    envId: z.int(),
    envName: z.string(),
    added: time,
    launched: time.nullable(),
    /** Null while nobody has locked the farm. */
    lock: z
      .object({
        at: time,
        by: z.string(),
        comment: z.string(),
        unlockPermission: z.enum(unlockPermissions),
      })
      .nullable(),
    /** Rises with every change; `If-Match` may name it. */
    version: z.int(),
    /** What runs the farm, where that is not Slipway: docs/domain.md, "Observed farms". */
    observed: observedFarmSchema.optional(),
    farmRoles: z.int().optional(),
    servers: serverCountsSchema.optional(),
    actions: farmActionsSchema.optional(),
  },
  createOnly: {},
  writable: {
    name: titleName,
    description,
    owner: ownerSchema,
    project: z.object({ id: uuid, name: z.string() }).nullable(),
    timezone,
    launchOrder: z.enum(launchOrders),
  },
  required: ['name'],
});
export const farmSchema = farm.schema;
export type Farm = z.output<typeof farmSchema>;

const lenient = {
  project: referenceAsRead(uuid).nullable().optional(),
  launchOrder: launchOrder.optional(),
};
/** A new farm belongs to whoever creates it. */
export const farmCreateSchema = farm.create.omit({ owner: true }).extend(lenient);
export const farmPatchSchema = farm.patch.extend({
  ...lenient,
  owner: referenceAsRead(id).optional(),
});

const params = z.object({ farmId: idText });
const levels = ['user'] as const;
const permission = 'farms.manage';

export const farmListQuery = listQuery({
  filters: {
    query: searchQuery.optional(),
    id: idText.optional(),
    name: searchText.optional(),
    description: searchText.optional(),
    owner: idText.optional(),
    project: uuid.optional(),
    timezone: searchText.optional(),
    launchOrder: launchOrder.optional(),
    status: z.enum(farmStatuses).optional(),
    account: idText.optional(),
    environment: idText.optional(),
    /** Farms with a farm role of this Role. */
    role: idText.optional(),
    /** Farms that use an Image of this set. */
    imageSet: idText.optional(),
    /** Farms that use this Image: live servers run it, or a role would start it. */
    image: uuid.optional(),
    /** Farms with servers on old images. */
    onOldImages: booleanText.optional(),
    /** Farms that something else runs, or those of Slipway. */
    observed: booleanText.optional(),
  },
  sorts: ['id', 'name', 'added', 'servers', 'oldServers'],
  includes: ['usage', 'total', 'actions'],
});

export const farmOperations = {
  farmList: list({
    id: 'farmList',
    path: '/farms/',
    summary: 'Farms at and below this scope.',
    query: farmListQuery,
    response: z.array(farmSchema),
  }),
  farmGet: read({
    id: 'farmGet',
    path: '/farms/{farmId}/',
    summary: 'One farm.',
    params,
    query: z.strictObject({ include: includeQuery(['usage', 'actions']) }),
    response: farmSchema,
  }),
  farmCreate: operation({
    id: 'farmCreate',
    method: 'POST',
    path: '/farms/',
    levels,
    permission,
    status: 201,
    summary: 'Create a farm; it belongs to whoever creates it.',
    body: farmCreateSchema,
    response: farmSchema,
  }),
  farmUpdate: operation({
    id: 'farmUpdate',
    method: 'PATCH',
    path: '/farms/{farmId}/',
    levels,
    permission,
    summary: 'Change a farm.',
    params,
    body: farmPatchSchema,
    response: farmSchema,
  }),
  farmDelete: operation({
    id: 'farmDelete',
    method: 'DELETE',
    path: '/farms/{farmId}/',
    levels,
    permission,
    summary: 'Delete a terminated farm with its farm roles.',
    params,
    response: z.null(),
  }),
  farmClone: operation({
    id: 'farmClone',
    method: 'POST',
    path: '/farms/{farmId}/actions/clone/',
    levels,
    permission,
    status: 201,
    summary: 'Copy a farm with its farm roles, without servers, under a new name.',
    params,
    body: z.strictObject({ name: titleName }),
    response: farmSchema,
  }),
  farmLaunch: operation({
    id: 'farmLaunch',
    method: 'POST',
    path: '/farms/{farmId}/actions/launch/',
    levels,
    permission,
    summary: 'Launch a farm: fill each of its roles to its minimum.',
    params,
    response: farmSchema,
  }),
  farmTerminate: operation({
    id: 'farmTerminate',
    method: 'POST',
    path: '/farms/{farmId}/actions/terminate/',
    levels,
    permission,
    summary: 'Terminate a farm with all its servers.',
    params,
    body: z.strictObject({ force: z.boolean().optional() }),
    response: farmSchema,
  }),
  farmSuspend: operation({
    id: 'farmSuspend',
    method: 'POST',
    path: '/farms/{farmId}/actions/suspend/',
    levels,
    permission,
    summary: 'Suspend a farm with all its servers.',
    params,
    response: farmSchema,
  }),
  farmResume: operation({
    id: 'farmResume',
    method: 'POST',
    path: '/farms/{farmId}/actions/resume/',
    levels,
    permission,
    summary: 'Resume a suspended farm; its servers keep their images.',
    params,
    response: farmSchema,
  }),
  farmLock: operation({
    id: 'farmLock',
    method: 'POST',
    path: '/farms/{farmId}/actions/lock/',
    levels,
    permission,
    summary: 'Lock a farm, so that it is neither changed nor launched nor terminated.',
    params,
    body: z.strictObject({
      lockComment: text(1000).optional(),
      unlockPermission: z.enum(unlockPermissions).optional(),
    }),
    response: farmSchema,
  }),
  farmUnlock: operation({
    id: 'farmUnlock',
    method: 'POST',
    path: '/farms/{farmId}/actions/unlock/',
    levels,
    permission,
    summary: 'Unlock a farm.',
    params,
    body: z.strictObject({}),
    response: farmSchema,
  }),
  farmServerList: list({
    id: 'farmServerList',
    path: '/farms/{farmId}/servers/',
    summary: 'The servers of a farm.',
    params,
    query: serverListQuery,
    response: z.array(serverSchema),
  }),
};

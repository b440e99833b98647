import { z } from 'zod';
import { afterTerminationSchema, serverActionsSchema } from './fleet-actions.ts';
import { referenceAsRead } from './farm-fields.ts';
import { booleanText, bounded, id, idText, time, uuid } from '../fields.ts';
import { imageInShort } from '../images/image-in-short.ts';
import { includeQuery, listQuery, searchQuery, searchText } from '../list.ts';
import { list, operation, read } from '../operation.ts';
import { ownerSchema } from '../images/places.ts';
import { cloudPlatforms } from '../images/platforms.ts';
import { defineResource } from '../resource.ts';
import { serverStatuses } from './statuses.ts';

/** A name in the DNS, or none yet. */
const hostname = bounded(253).regex(
  /^([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\.|$))*$/,
  'must be a host name: letters, digits and dashes, in parts of at most 63 separated by dots',
);

export const server = defineResource({
  name: 'Server',
  readOnly: {
    id: uuid,
    cloudPlatform: z.string(),
    cloudLocation: z.string(),
    cloudServerId: z.string().nullable(),
    instanceType: z.string(),
    /** The instance type as Scalr called it first. */
    type: z.string(),
    publicIp: z.array(z.string()),
    privateIp: z.array(z.string()),
    index: z.int(),
    status: z.enum(serverStatuses),
    launched: time,
    launchReason: z.string(),
    /** Null when nobody asked for it, or whoever did is not a user here. */
    launchedBy: ownerSchema.nullable(),
    farm: z.object({ id: z.int(), name: z.string() }),
    farmRole: z.object({ id: z.int(), alias: z.string() }),
    role: z.object({ id: z.int(), name: z.string() }),
    accountId: z.int(),
    envId: z.int(),
    /** What it was started from, for ever. */
    image: imageInShort.nullable(),
    /** What its role would start now. */
    roleImage: imageInShort,
    /** Its image is not the role's. */
    stale: z.boolean(),
    /** Rises with every change; `If-Match` may name it. */
    version: z.int(),
    /** True where something else launched it and keeps it. */
    observed: z.boolean().optional(),
    actions: serverActionsSchema.optional(),
    /** Beside `actions`: what follows from terminating it. */
    afterTermination: afterTerminationSchema.optional(),
  },
  createOnly: {},
  writable: { hostname },
  required: [],
});
export const serverSchema = server.schema;
export type Server = z.output<typeof serverSchema>;

export const serverListQuery = listQuery({
  filters: {
    query: searchQuery.optional(),
    id: uuid.optional(),
    status: z.enum(serverStatuses).optional(),
    /** Neither ending nor ended: those that usage counts. */
    live: booleanText.optional(),
    cloudPlatform: z.enum(cloudPlatforms).optional(),
    cloudLocation: searchText.optional(),
    cloudServerId: searchText.optional(),
    hostname: searchText.optional(),
    instanceType: searchText.optional(),
    type: searchText.optional(),
    publicIp: searchText.optional(),
    privateIp: searchText.optional(),
    index: idText.optional(),
    launchReason: searchText.optional(),
    launchedBy: idText.optional(),
    farm: idText.optional(),
    farmRole: idText.optional(),
    role: idText.optional(),
    /** Started from this Image, by whichever registration. */
    image: uuid.optional(),
    /** Started from an Image of this set. */
    imageSet: idText.optional(),
    /** On a stale or deprecated image. */
    onOldImage: booleanText.optional(),
    /** Of observed farms, or of Slipway's own. */
    observed: booleanText.optional(),
  },
  sorts: ['launched'],
  includes: ['total', 'actions'],
});

const params = z.object({ serverId: uuid });
const levels = ['user'] as const;
const permission = 'farms.manage';

export const serverOperations = {
  serverList: list({
    id: 'serverList',
    path: '/servers/',
    summary: 'Servers at and below this scope.',
    query: serverListQuery,
    response: z.array(serverSchema),
  }),
  serverGet: read({
    id: 'serverGet',
    path: '/servers/{serverId}/',
    summary: 'One server.',
    params,
    query: z.strictObject({ include: includeQuery(['actions']) }),
    response: serverSchema,
  }),
  serverLaunch: operation({
    id: 'serverLaunch',
    method: 'POST',
    path: '/servers/',
    levels,
    permission,
    status: 201,
    summary: 'Launch one more server of a farm role.',
    body: z.strictObject({ farmRole: referenceAsRead(id) }),
    response: serverSchema,
  }),
  serverUpdate: operation({
    id: 'serverUpdate',
    method: 'PATCH',
    path: '/servers/{serverId}/',
    levels,
    permission,
    summary: 'Change the host name of a server.',
    params,
    body: server.patch,
    response: serverSchema,
  }),
  serverReboot: operation({
    id: 'serverReboot',
    method: 'POST',
    path: '/servers/{serverId}/actions/reboot/',
    levels,
    permission,
    summary: 'Reboot a server.',
    params,
    body: z.strictObject({ hard: z.boolean().optional() }),
    response: serverSchema,
  }),
  serverSuspend: operation({
    id: 'serverSuspend',
    method: 'POST',
    path: '/servers/{serverId}/actions/suspend/',
    levels,
    permission,
    summary: 'Suspend a running server.',
    params,
    response: serverSchema,
  }),
  serverResume: operation({
    id: 'serverResume',
    method: 'POST',
    path: '/servers/{serverId}/actions/resume/',
    levels,
    permission,
    summary: 'Resume a suspended server; it keeps its image.',
    params,
    response: serverSchema,
  }),
  serverTerminate: operation({
    id: 'serverTerminate',
    method: 'POST',
    path: '/servers/{serverId}/actions/terminate/',
    levels,
    permission,
    summary:
      'Terminate a server; with lowerMinimum, its farm role keeps one less, so that none comes in its place.',
    params,
    body: z.strictObject({
      force: z.boolean().optional(),
      /** Lowers the minimum of its farm role to what stays, where that is less. */
      lowerMinimum: z.boolean().optional(),
    }),
    response: serverSchema,
  }),
};

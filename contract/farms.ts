import { z } from 'zod';
import { booleanText, description, idText, time, titleName, uuid } from './fields.ts';
import { imageInShort } from './image-in-short.ts';
import { includeQuery, listQuery, searchText } from './list.ts';
import { operation } from './operation.ts';
import { ownerSchema } from './places.ts';
import { cloudPlatforms } from './platforms.ts';
import { farmStatuses } from './statuses.ts';

/** Live servers of a farm or farm role; `old` ones run a stale or a deprecated image. */
export const serverCountsSchema = z.object({ live: z.int(), old: z.int() });

export const farmSchema = z.object({
  id: z.int(),
  name: titleName,
  description,
  owner: ownerSchema,
  status: z.enum(farmStatuses),
  accountId: z.int(),
  accountName: z.string(),
  envId: z.int(),
  envName: z.string(),
  added: time,
  launched: time.nullable(),
  farmRoles: z.int().optional(),
  servers: serverCountsSchema.optional(),
});
export type Farm = z.output<typeof farmSchema>;

export const farmRoleSchema = z.object({
  id: z.int(),
  alias: z.string(),
  farm: z.object({ id: z.int(), name: z.string() }),
  role: z.object({ id: z.int(), name: z.string(), deprecated: z.boolean() }),
  accountId: z.int(),
  envId: z.int(),
  cloudPlatform: z.string(),
  cloudLocation: z.string(),
  instanceType: z.string(),
  scaling: z.object({ enabled: z.boolean(), minInstances: z.int(), maxInstances: z.int() }),
  /** What new servers start from. */
  image: imageInShort,
  servers: serverCountsSchema.optional(),
});
export type FarmRole = z.output<typeof farmRoleSchema>;

const farmParams = z.object({ farmId: idText });
const includes = ['usage', 'total'] as const;

export const farmListQuery = listQuery({
  filters: {
    query: searchText.optional(),
    id: idText.optional(),
    name: searchText.optional(),
    owner: idText.optional(),
    status: z.enum(farmStatuses).optional(),
    account: idText.optional(),
    environment: idText.optional(),
    /** Farms with a farm role of this Role. */
    role: idText.optional(),
    /** Farms with live servers started from this Image. */
    image: uuid.optional(),
    /** Farms with servers on old images. */
    onOldImages: booleanText.optional(),
  },
  sorts: ['id', 'name', 'added'],
  includes,
});

export const farmOperations = {
  farmList: operation({
    id: 'farmList',
    method: 'GET',
    path: '/farms/',
    permission: 'view',
    kind: 'list',
    summary: 'Farms at and below this scope.',
    query: farmListQuery,
    response: z.array(farmSchema),
  }),
  farmGet: operation({
    id: 'farmGet',
    method: 'GET',
    path: '/farms/{farmId}/',
    permission: 'view',
    summary: 'One farm.',
    params: farmParams,
    query: z.strictObject({ include: includeQuery(['usage']) }),
    response: farmSchema,
  }),
  farmRoleList: operation({
    id: 'farmRoleList',
    method: 'GET',
    path: '/farms/{farmId}/farm-roles/',
    permission: 'view',
    kind: 'list',
    summary: 'The roles of a farm.',
    params: farmParams,
    query: listQuery({
      filters: {
        id: idText.optional(),
        role: idText.optional(),
        platform: z.enum(cloudPlatforms).optional(),
      },
      sorts: ['id'],
      includes,
    }),
    response: z.array(farmRoleSchema),
  }),
  farmRoleGet: operation({
    id: 'farmRoleGet',
    method: 'GET',
    path: '/farm-roles/{farmRoleId}/',
    permission: 'view',
    summary: 'One role of a farm.',
    params: z.object({ farmRoleId: idText }),
    query: z.strictObject({ include: includeQuery(['usage']) }),
    response: farmRoleSchema,
  }),
};

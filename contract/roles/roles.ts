import { z } from 'zod';
import { actionsSchema } from '../actions.ts';
import {
  booleanText,
  description,
  id,
  idText,
  objectName,
  osId,
  reason,
  reference,
  referenceInput,
  scopeSchema,
  time,
  uuid,
} from '../fields.ts';
import { includeQuery, listQuery, searchQuery, searchText } from '../list.ts';
import { list, operation, read } from '../operation.ts';
import { placeFields } from '../images/places.ts';
import { defineResource } from '../resource.ts';

/** What a Role automates on its servers, by Scalr's names. */
export const builtinAutomations = [
  'base',
  'chef',
  'mysql',
  'percona',
  'mariadb',
  'postgresql',
  'mongodb',
  'redis',
  'apache',
  'nginx',
  'tomcat',
  'haproxy',
  'rabbitmq',
  'memcached',
] as const;

export const roleDeprecationSchema = z.object({
  at: time,
  by: z.string(),
  reason: z.string().nullable(),
  replacement: z.object({ id: z.int(), name: z.string() }).nullable(),
  /** What the chain of recommendations leads to: the first that is not deprecated, if any. */
  useInstead: z.object({ id: z.int(), name: z.string() }).nullable(),
});

const roleActions = [
  'update',
  'addImage',
  'promote',
  'demote',
  'clone',
  'deprecate',
  'delete',
] as const;

/** The images of a role in short, one per platform and location: what the matrix shows. */
export const roleImageCellSchema = z.object({
  cloudPlatform: z.string(),
  cloudLocation: z.string(),
  image: z.object({
    id: uuid,
    name: z.string(),
    cloudImageId: z.string(),
    deprecated: z.boolean(),
    scope: scopeSchema,
    /** The version that stands there: an image set. */
    set: z.object({ id: z.int() }),
    /** The latest version of its line that can be used at the scope of the role, if that is later. */
    newer: z.object({ id: z.int(), name: z.string() }).nullable(),
  }),
});

export const role = defineResource({
  name: 'Role',
  readOnly: {
    id: z.int(),
    ...placeFields,
    accountName: z.string().nullable(),
    envName: z.string().nullable(),
    osName: z.string(),
    categoryName: z.string(),
    added: time,
    lastUsed: time.nullable(),
    createdBy: z.string(),
    deprecation: roleDeprecationSchema.nullable(),
    version: z.int(),
    images: z.array(roleImageCellSchema).optional(),
    /** `oldServers` run a stale or a deprecated image. */
    usage: z.object({ farms: z.int(), servers: z.int(), oldServers: z.int() }).optional(),
    actions: actionsSchema(roleActions).optional(),
  },
  createOnly: {
    useScalrAgent: z.boolean(),
    builtinAutomation: z.array(z.enum(builtinAutomations)).max(14),
  },
  writable: {
    name: objectName(100),
    description,
    category: reference(id),
    os: reference(osId),
    quickStart: z.boolean(),
    deprecated: z.boolean(),
  },
  required: ['name', 'category', 'os'],
});
export const roleSchema = role.schema;
export type Role = z.output<typeof roleSchema>;

const lenient = { category: referenceInput(id), os: referenceInput(osId) };
export const roleCreateSchema = role.create.extend({ ...lenient, scope: scopeSchema.optional() });
export const rolePatchSchema = role.patch.extend({
  category: lenient.category.optional(),
  os: lenient.os.optional(),
});

export const roleDeprecateSchema = z.strictObject({
  deprecate: z.boolean().optional(),
  replacement: referenceInput(id).nullable().optional(),
  reason: reason.optional(),
});

const params = z.object({ roleId: idText });
const includes = ['images', 'usage', 'actions', 'total'] as const;

const automationFilter = z
  .string()
  .transform((value) => value.split(','))
  .pipe(z.array(z.enum(builtinAutomations, `must be of ${builtinAutomations.join(', ')}`)));

export const roleListQuery = listQuery({
  filters: {
    query: searchQuery.optional(),
    id: idText.optional(),
    name: searchText.optional(),
    os: osId.optional(),
    category: idText.optional(),
    scope: scopeSchema.optional(),
    quickStart: booleanText.optional(),
    deprecated: booleanText.optional(),
    useScalrAgent: booleanText.optional(),
    /** Any of those named, separated by commas. */
    builtinAutomation: automationFilter.optional(),
    /** Roles that hold this Image now. */
    image: uuid.optional(),
    /** The same at and below this scope, instead of there and above: those that the usage of the Image counts. */
    usageOf: uuid.optional(),
    /** Roles that hold an Image of this set now. */
    imageSet: idText.optional(),
    /** The same at and below this scope: those that the usage of the set counts. */
    usageOfSet: idText.optional(),
    inUse: booleanText.optional(),
  },
  sorts: ['id', 'name', 'added', 'lastUsed', 'os', 'farms', 'servers', 'oldServers'],
  includes,
});

export const roleOperations = {
  roleList: list({
    id: 'roleList',
    path: '/roles/',
    summary: 'Roles of this scope and those it inherits.',
    query: roleListQuery,
    response: z.array(roleSchema),
  }),
  roleGet: read({
    id: 'roleGet',
    path: '/roles/{roleId}/',
    summary: 'One Role.',
    params,
    query: z.strictObject({ include: includeQuery(['images', 'usage', 'actions']) }),
    response: roleSchema,
  }),
  roleCreate: operation({
    id: 'roleCreate',
    method: 'POST',
    path: '/roles/',
    permission: 'roles.manage',
    status: 201,
    summary: 'Create a Role at this scope.',
    body: roleCreateSchema,
    response: roleSchema,
  }),
  roleUpdate: operation({
    id: 'roleUpdate',
    method: 'PATCH',
    path: '/roles/{roleId}/',
    permission: 'roles.manage',
    summary: 'Change a Role.',
    params,
    body: rolePatchSchema,
    response: roleSchema,
  }),
  roleDelete: operation({
    id: 'roleDelete',
    method: 'DELETE',
    path: '/roles/{roleId}/',
    permission: 'roles.manage',
    summary: 'Delete a Role that no farm uses; its Images stay.',
    params,
    response: z.null(),
  }),
  roleDeprecate: operation({
    id: 'roleDeprecate',
    method: 'POST',
    path: '/roles/{roleId}/actions/deprecate/',
    permission: 'roles.manage',
    summary: 'Deprecate a Role, with a reason and its successor; or restore it.',
    params,
    body: roleDeprecateSchema,
    response: roleSchema,
  }),
  roleClone: operation({
    id: 'roleClone',
    method: 'POST',
    path: '/roles/{roleId}/actions/clone/',
    permission: 'roles.manage',
    status: 201,
    summary: 'Copy a Role with its Images into this scope, under a new name.',
    params,
    body: z.strictObject({ name: objectName(100) }),
    response: roleSchema,
  }),
};

import { z } from 'zod';
import { actionsSchema } from '../actions.ts';
import { architectures } from './architectures.ts';
import {
  booleanText,
  description,
  idText,
  line,
  objectName,
  osId,
  reason,
  reference,
  referenceInput,
  scopeSchema,
  time,
  uuid,
} from '../fields.ts';
import { includeQuery, listQuery, searchQuery, searchText, sortQuery } from '../list.ts';
import { list, operation, read } from '../operation.ts';
import { placeFields, placeSchema } from './places.ts';
import { cloudPlatforms } from './platforms.ts';
import { defineResource } from '../resource.ts';

export const imageStatuses = ['active', 'pending_copy', 'pending_delete', 'failed'] as const;
export type ImageStatus = (typeof imageStatuses)[number];

/** Who deprecated it, when, why, and what to use instead. */
export const imageDeprecationSchema = z.object({
  at: time,
  by: z.string(),
  reason: z.string().nullable(),
  replacement: z.object({ id: uuid, name: z.string() }).nullable(),
  /** What the chain of recommendations leads to: the first that is not deprecated, if any. */
  useInstead: z.object({ id: uuid, name: z.string() }).nullable(),
});

/** Who protects it from being deleted, since when, and why. */
export const imageProtectionSchema = z.object({
  at: time,
  by: z.string(),
  reason: z.string().nullable(),
});

/** Another registration of the same cloud image, seen here, that is deprecated: so the image is deprecated here too. */
const deprecationElsewhereSchema = z.object({
  image: z.object({ id: uuid, name: z.string(), ...placeFields }),
  at: time,
  by: z.string(),
  reason: z.string().nullable(),
});

/** How much uses an image, at and below the request's scope. */
export const usageCountsSchema = z.object({
  roles: z.int(),
  farms: z.int(),
  servers: z.int(),
});

const imageActions = [
  'update',
  'promote',
  'demote',
  'replace',
  'copy',
  'deprecate',
  'protect',
  'delete',
  'deleteFromCloud',
  'addToRole',
  'try',
  'move',
] as const;

export const image = defineResource({
  name: 'Image',
  readOnly: {
    id: uuid,
    ...placeFields,
    accountName: z.string().nullable(),
    envName: z.string().nullable(),
    source: z.enum(['Manual', 'BundleTask']),
    status: z.enum(imageStatuses),
    statusError: z.string().nullable(),
    /** When its cloud last said that it is there; null for what no cloud was asked about. */
    checked: time.nullable(),
    added: time,
    lastUsed: time.nullable(),
    createdBy: z.string(),
    osName: z.string(),
    deprecation: imageDeprecationSchema.nullable(),
    deprecationElsewhere: deprecationElsewhereSchema.nullable(),
    protection: imageProtectionSchema.nullable(),
    /** Rises with every change; `If-Match` may name it. */
    version: z.int(),
    usage: usageCountsSchema.optional(),
    actions: actionsSchema(imageActions).optional(),
  },
  createOnly: {
    cloudPlatform: z.enum(cloudPlatforms),
    cloudLocation: line(255),
    /** Empty until the cloud has made it: while it is being copied, or if that failed. */
    cloudImageId: line(255),
    os: reference(osId),
    architecture: z.enum(architectures),
    size: z.int().min(1, 'must be 1 GB or more').max(1_000_000).nullable(),
    type: z.enum(['ebs', 'ebs-hvm', 'instance-store', 'instance-store-hvm']).nullable(),
    scalrAgentInstalled: z.boolean(),
    cloudInitInstalled: z.boolean(),
  },
  writable: { name: objectName(255), description, deprecated: z.boolean() },
  required: ['name', 'cloudPlatform', 'cloudImageId', 'os', 'architecture'],
});
export const imageSchema = image.schema;
export type Image = z.output<typeof imageSchema>;

/** Bodies may name the OS by `{id}` or bare, and may repeat the scope of the request. */
export const imageCreateSchema = image.create.extend({
  cloudImageId: line(255, 1),
  os: referenceInput(osId),
  scope: scopeSchema.optional(),
});

const params = z.object({ imageId: uuid });
const include = ['usage', 'actions', 'total'] as const;

/** What images are found by; sets are found by what any of their images is found by. */
export const imageFilters = {
  query: searchQuery.optional(),
  name: searchText.optional(),
  cloudImageId: searchText.optional(),
  cloudPlatform: z.enum(cloudPlatforms).optional(),
  cloudLocation: searchText.optional(),
  architecture: z.enum(architectures).optional(),
  os: osId.optional(),
  scope: scopeSchema.optional(),
  status: z.enum(imageStatuses).optional(),
  source: z.enum(['Manual', 'BundleTask']).optional(),
  deprecated: booleanText.optional(),
  inUse: booleanText.optional(),
  scalrAgentInstalled: booleanText.optional(),
  cloudInitInstalled: booleanText.optional(),
};

const filters = { ...imageFilters, id: uuid.optional(), set: idText.optional() };
const sorts = ['added', 'name', 'lastUsed', 'cloudLocation', 'os', 'roles', 'servers'] as const;
export const imageListQuery = listQuery({
  filters: { ...filters, at: time.optional() },
  sorts,
  includes: include,
});

const roleUse = z.object({
  id: z.int(),
  name: z.string(),
  ...placeSchema.shape,
  deprecated: z.boolean(),
});
const farmUse = z.object({
  id: z.int(),
  name: z.string(),
  accountId: z.int(),
  envId: z.int(),
  envName: z.string(),
  ownerEmail: z.string(),
  servers: z.int(),
});

/** Where an image is used: at most 20 roles and farms by name, with whole counts. */
export const imageUsageSchema = z.object({
  roles: z.object({ total: z.int(), items: z.array(roleUse) }),
  farms: z.object({ total: z.int(), items: z.array(farmUse) }),
  servers: z.object({
    total: z.int(),
    /** Servers whose role now has another image. */
    stale: z.int(),
    byStatus: z.record(z.string(), z.int()),
  }),
});

export const imageDeprecateSchema = z.strictObject({
  /** False restores the image. */
  deprecate: z.boolean().optional(),
  replacement: referenceInput(uuid).nullable().optional(),
  reason: reason.optional(),
});

export const imageOperations = {
  imageList: list({
    id: 'imageList',
    path: '/images/',
    summary: 'Images of this scope and those it inherits.',
    query: imageListQuery,
    response: z.array(imageSchema),
  }),
  imageExport: read({
    id: 'imageExport',
    path: '/images/csv/',
    kind: 'csv',
    summary: 'The list as CSV, whole and in its order, safe to open in a spreadsheet.',
    query: z.strictObject({ ...filters, sort: sortQuery(sorts) }),
    response: z.string(),
  }),
  imageGet: read({
    id: 'imageGet',
    path: '/images/{imageId}/',
    summary: 'One Image.',
    params,
    query: z.strictObject({ include: includeQuery(['usage', 'actions']) }),
    response: imageSchema,
  }),
  imageCreate: operation({
    id: 'imageCreate',
    method: 'POST',
    path: '/images/',
    permission: 'images.manage',
    status: 201,
    summary: 'Register a machine image at this scope.',
    body: imageCreateSchema,
    response: imageSchema,
  }),
  imageUpdate: operation({
    id: 'imageUpdate',
    method: 'PATCH',
    path: '/images/{imageId}/',
    permission: 'images.manage',
    summary: 'Rename an Image, describe it, deprecate or restore it.',
    params,
    body: image.patch,
    response: imageSchema,
  }),
  imageDelete: operation({
    id: 'imageDelete',
    method: 'DELETE',
    path: '/images/{imageId}/',
    permission: 'images.manage',
    summary: 'Delete an unused Image; with deleteFromCloud also the machine image itself.',
    params,
    query: z.strictObject({ deleteFromCloud: booleanText.optional() }),
    mayBeLater: true,
    response: z.null(),
  }),
  imageDeprecate: operation({
    id: 'imageDeprecate',
    method: 'POST',
    path: '/images/{imageId}/actions/deprecate/',
    permission: 'images.manage',
    summary: 'Deprecate an Image, with a reason and what to use instead; or restore it.',
    params,
    body: imageDeprecateSchema,
    response: imageSchema,
  }),
  imageUsage: read({
    id: 'imageUsage',
    path: '/images/{imageId}/usage/',
    summary: 'Roles, farms and servers that use an Image.',
    params,
    response: imageUsageSchema,
  }),
  imageTwinList: list({
    id: 'imageTwinList',
    path: '/images/{imageId}/twins/',
    summary:
      'Visible Images with the same name, OS and architecture elsewhere: the rest of the image set.',
    params,
    response: z.array(imageSchema),
  }),
  imageRegistrationList: list({
    id: 'imageRegistrationList',
    path: '/images/{imageId}/registrations/',
    summary: 'Other registrations of the same cloud image at and below this scope.',
    params,
    response: z.array(imageSchema),
  }),
};

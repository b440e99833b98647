import { z } from 'zod';
import { booleanText, idText, time, uuid } from '../fields.ts';
import { imageInShort } from '../images/image-in-short.ts';
import { listQuery, searchQuery, searchText, sortQuery } from '../list.ts';
import { list, read } from '../operation.ts';
import { ownerSchema } from '../images/places.ts';
import { cloudPlatforms } from '../images/platforms.ts';

/** A farm role that still has live servers on one old image: stale, deprecated, or both. */
export const usageRowSchema = z.object({
  /** `<farmRoleId>:<imageId>`: one row per farm role and image. */
  id: z.string(),
  farm: z.object({ id: z.int(), name: z.string() }),
  owner: ownerSchema,
  accountId: z.int(),
  accountName: z.string(),
  envId: z.int(),
  envName: z.string(),
  farmRole: z.object({ id: z.int(), alias: z.string() }),
  role: z.object({ id: z.int(), name: z.string() }),
  cloudPlatform: z.string(),
  cloudLocation: z.string(),
  /** What the servers run. */
  image: imageInShort,
  /** What the role has now; new servers start from it. */
  roleImage: imageInShort,
  /** The role has moved on to another image. */
  stale: z.boolean(),
  /** Something else runs these servers. */
  observed: z.boolean(),
  servers: z.object({ old: z.int(), live: z.int() }),
  /** Since when the image is old there. */
  since: time.nullable(),
});
export type UsageRow = z.output<typeof usageRowSchema>;

/** Which part of the fleet, and which of its old images. */
export const usageFilters = {
  query: searchQuery.optional(),
  account: idText.optional(),
  environment: idText.optional(),
  owner: idText.optional(),
  farm: idText.optional(),
  role: idText.optional(),
  image: uuid.optional(),
  imageSet: idText.optional(),
  cloudPlatform: z.enum(cloudPlatforms).optional(),
  cloudLocation: searchText.optional(),
  why: z.enum(['stale', 'deprecated']).optional(),
  observed: booleanText.optional(),
};

/** Rows put together by farm, by owner or by image. */
export const usageGroupSchema = z.object({
  id: z.string(),
  farm: z
    .object({
      id: z.int(),
      name: z.string(),
      envId: z.int(),
      envName: z.string(),
      accountName: z.string(),
    })
    .nullable(),
  /** Of the farm, or the group itself. */
  owner: ownerSchema.nullable(),
  image: imageInShort.extend({ cloudPlatform: z.string(), cloudLocation: z.string() }).nullable(),
  farms: z.int(),
  images: z.int(),
  farmRoles: z.int(),
  servers: z.int(),
  since: time.nullable(),
});
export type UsageGroup = z.output<typeof usageGroupSchema>;

export const usageTotalsSchema = z.object({
  farms: z.int(),
  owners: z.int(),
  images: z.int(),
  farmRoles: z.int(),
  servers: z.int(),
  /** Live servers at and below the scope, old or not. */
  liveServers: z.int(),
});

const sorts = ['servers', 'since', 'farm'] as const;

export const usageOperations = {
  usageList: list({
    id: 'usageList',
    path: '/usage/',
    summary: 'Farm roles with servers on old images, one row per farm role and image.',
    query: listQuery({ filters: usageFilters, sorts, includes: ['total'] }),
    response: z.array(usageRowSchema),
  }),
  usageGroupList: list({
    id: 'usageGroupList',
    path: '/usage/groups/',
    summary: 'Servers on old images, grouped by farm, by owner or by image.',
    query: listQuery({
      filters: {
        ...usageFilters,
        by: z.enum(['farm', 'owner', 'image']),
        /** Part of the name of the farm, owner or image itself, of a mail address or of a cloud image id. */
        named: searchText.optional(),
      },
      sorts,
      includes: ['total'],
    }),
    response: z.array(usageGroupSchema),
  }),
  usageTotals: read({
    id: 'usageTotals',
    path: '/usage/totals/',
    summary: 'How much is still on old images.',
    query: z.strictObject(usageFilters),
    response: usageTotalsSchema,
  }),
  usageExport: read({
    id: 'usageExport',
    path: '/usage/csv/',
    kind: 'csv',
    summary: 'The rows as CSV, in the order of the list, safe to open in a spreadsheet.',
    query: z.strictObject({ ...usageFilters, sort: sortQuery(sorts) }),
    response: z.string(),
  }),
};

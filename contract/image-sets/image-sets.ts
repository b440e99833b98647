import { z } from 'zod';
import { actionsSchema } from '../actions.ts';
import { architectures } from '../images/architectures.ts';
import { imageFilters } from '../images/images.ts';
import { placeSchema } from '../images/places.ts';
import { cloudPlatforms } from '../images/platforms.ts';
import { booleanText, idText, osId, reference, time } from '../fields.ts';
import { includeQuery, listQuery, searchText, sortQuery } from '../list.ts';
import { list, read } from '../operation.ts';

/** How much uses the images of a set, at and below the request's scope. */
const setUsageSchema = z.object({
  roles: z.int(),
  farms: z.int(),
  servers: z.int(),
  /** Of the servers, those that should run something else by now. */
  oldServers: z.int(),
});

const imageSetActions = [
  'update',
  'promote',
  'demote',
  'copy',
  'deprecate',
  'protect',
  'delete',
  'deleteFromCloud',
  'addToRole',
  'try',
  'move',
] as const;

/** The images of one name and one OS at one scope: what people call a version of an image. */
export const imageSetSchema = z.object({
  id: z.int(),
  name: z.string(),
  /** Of its images; null when they differ. */
  description: z.string().nullable(),
  os: reference(osId),
  osName: z.string(),
  ...placeSchema.shape,
  /** The name without its version. */
  line: z.string(),
  /** When its first image was registered. */
  added: time,
  lastUsed: time.nullable(),
  architectures: z.array(z.enum(architectures)),
  /** Where its images stand, each place once. */
  places: z.array(z.object({ cloudPlatform: z.enum(cloudPlatforms), cloudLocation: z.string() })),
  images: z.object({
    total: z.int(),
    deprecated: z.int(),
    protected: z.int(),
    failed: z.int(),
    /** Being copied or deleted. */
    unsettled: z.int(),
  }),
  /** Whether it can be used, and nothing later of its line that can be used is visible. */
  newest: z.boolean(),
  /** The latest of its line that can be used, if that is later than this one. */
  newer: z.object({ id: z.int(), name: z.string() }).nullable(),
  /** Another one after each change of any of its images; `If-Match` may name it. */
  version: z.int(),
  usage: setUsageSchema.optional(),
  /** What may be done with at least one of its images. */
  actions: actionsSchema(imageSetActions).optional(),
});
export type ImageSet = z.output<typeof imageSetSchema>;

const filters = {
  ...imageFilters,
  id: idText.optional(),
  line: searchText.optional(),
  newest: booleanText.optional(),
};
const sorts = ['added', 'name', 'os'] as const;

export const imageSetOperations = {
  imageSetList: list({
    id: 'imageSetList',
    path: '/image-sets/',
    summary: 'Image sets of this scope and those it inherits.',
    query: listQuery({ filters, sorts, includes: ['usage', 'actions', 'total'] }),
    response: z.array(imageSetSchema),
  }),
  imageSetExport: read({
    id: 'imageSetExport',
    path: '/image-sets/csv/',
    kind: 'csv',
    summary: 'The list as CSV, whole and in its order, safe to open in a spreadsheet.',
    query: z.strictObject({ ...filters, sort: sortQuery(sorts) }),
    response: z.string(),
  }),
  imageSetGet: read({
    id: 'imageSetGet',
    path: '/image-sets/{imageSetId}/',
    summary: 'One image set; its images are those of images/?set=.',
    params: z.object({ imageSetId: idText }),
    query: z.strictObject({ include: includeQuery(['usage', 'actions']) }),
    response: imageSetSchema,
  }),
};

import { z } from 'zod';
import { errorCodes } from '../error-codes.ts';
import {
  booleanText,
  bounded,
  description,
  objectName,
  osId,
  reference,
  referenceInput,
  time,
  uuid,
} from '../fields.ts';
import { architectures } from '../images/architectures.ts';
import { placeFields } from '../images/places.ts';
import { cloudPlatforms } from '../images/platforms.ts';
import { listQuery, searchQuery, searchText, sortQuery } from '../list.ts';
import { list, operation, read } from '../operation.ts';

/** As the cloud has it; `missing`: something refers to it, and the cloud does not show it. */
const cloudImageStates = ['available', 'pending', 'disabled', 'failed', 'missing'] as const;

export const useVerdicts = ['inUse', 'unused', 'unknown'] as const;
export type UseVerdict = (typeof useVerdicts)[number];

/** What can refer to a cloud image: things in clouds, and Slipway's own. */
const referenceKinds = ['server', 'group', 'template', 'pointer', 'role', 'farm'] as const;
export type ReferenceKind = (typeof referenceKinds)[number];

/** Credentials as they are shown beside what they found. */
const credentialsInShort = z.object({ id: uuid, name: z.string() });

/** Whether anything uses a cloud image: docs/domain.md, "In use?". */
const cloudImageUseSchema = z.object({
  verdict: z.enum(useVerdicts),
  /** One sentence: what uses it, or what was read, or what was not. */
  words: z.string(),
  servers: z.int(),
  groups: z.int(),
  templates: z.int(),
  pointers: z.int(),
  roles: z.int(),
  farms: z.int(),
  /** Of these, how many the viewer may not see. */
  hidden: z.int(),
});

/** A machine image that was found in a cloud. */
export const cloudImageSchema = z.object({
  /** The same whichever credentials find it. */
  id: uuid,
  cloudPlatform: z.enum(cloudPlatforms),
  cloudLocation: z.string(),
  cloudImageId: z.string(),
  name: z.string(),
  /** In the cloud's word. */
  architecture: z.string().nullable(),
  /** In GB. */
  size: z.int().nullable(),
  /** The account that it belongs to, as the cloud has it. */
  owner: z.string(),
  state: z.enum(cloudImageStates),
  created: time.nullable(),
  /** From when on the cloud takes it for deprecated. */
  deprecated: time.nullable(),
  firstSeen: time,
  /** Those within reach that found it. */
  credentials: z.array(credentialsInShort),
  /** Images of the catalogue that are this one, seen from here or below. */
  registrations: z.array(z.object({ id: uuid, name: z.string(), ...placeFields })),
  /** What it could be registered as. */
  proposed: z.object({ name: z.string(), architecture: z.enum(architectures).nullable() }),
  /** Somebody said, here or above, that it is not wanted in the catalogue. */
  unwanted: z.boolean(),
  use: cloudImageUseSchema,
  /** Rises whenever somebody says whether it is wanted; `If-Match` may name it. */
  version: z.int(),
});
export type CloudImage = z.output<typeof cloudImageSchema>;

/** One thing that refers to a cloud image. */
export const cloudImageReferenceSchema = z.object({
  id: z.string(),
  kind: z.enum(referenceKinds),
  name: z.string(),
  /** What it does with the image, after its name. */
  words: z.string(),
  cloudLocation: z.string().nullable(),
  /** With which it was found; null for Slipway's own. */
  credentials: credentialsInShort.nullable(),
  /** Of Slipway's own, the Role or the farm. */
  object: z.object({ id: z.int(), ...placeFields }).nullable(),
  /** Since when it was seen to refer to it; null for Slipway's own. */
  since: time.nullable(),
});
export type CloudImageReference = z.output<typeof cloudImageReferenceSchema>;

const cloudImageFilters = {
  query: searchQuery.optional(),
  cloudPlatform: z.enum(cloudPlatforms).optional(),
  cloudLocation: searchText.optional(),
  use: z.enum(useVerdicts).optional(),
  /** Whether an Image of the catalogue, seen from here or below, is this one. */
  registered: booleanText.optional(),
  /** Whether a server in a cloud runs it. */
  running: booleanText.optional(),
  unwanted: booleanText.optional(),
};

/** More than these are not registered in one call. */
export const mostRegistrations = 500;

/** What became of one of many that were to be registered. */
export const cloudImageRegistrationSchema = z.object({
  cloudImage: z.object({
    id: uuid,
    name: z.string(),
    cloudPlatform: z.string(),
    cloudLocation: z.string(),
    cloudImageId: z.string(),
  }),
  /** The Image that it is registered as; null where it was refused. */
  image: z.object({ id: uuid, name: z.string() }).nullable(),
  /** Why it was refused. */
  code: z.enum(errorCodes).optional(),
  reason: z.string().optional(),
});
export type CloudImageRegistration = z.output<typeof cloudImageRegistrationSchema>;

/** Those that are named, or those that the filters find. */
const registerSchema = z.strictObject({
  cloudImages: z
    .array(uuid)
    .min(1, 'must name an image')
    .max(mostRegistrations, `must name at most ${mostRegistrations} images`)
    .optional(),
  filters: z
    .strictObject({
      query: searchQuery.optional(),
      cloudPlatform: z.enum(cloudPlatforms).optional(),
      cloudLocation: searchText.optional(),
      use: z.enum(useVerdicts).optional(),
      registered: z.boolean().optional(),
      running: z.boolean().optional(),
      unwanted: z.boolean().optional(),
    })
    .optional(),
  /** The operating system of all of them: no cloud says it. */
  os: referenceInput(osId),
  /** Of those of which the cloud does not say it. */
  architecture: z.enum(architectures).optional(),
  /** What they are called instead of what is proposed: one name for all places is a version. */
  names: z
    .array(z.strictObject({ proposed: bounded(255), name: objectName(255) }))
    .max(mostRegistrations)
    .optional(),
  description: description.optional(),
});

const params = z.object({ cloudImageKey: uuid });
const sorts = ['name', 'created'] as const;

export const cloudImageOperations = {
  cloudImageList: list({
    id: 'cloudImageList',
    path: '/cloud-images/',
    summary: 'Machine images that were found in clouds, and whether anything uses them.',
    query: listQuery({ filters: cloudImageFilters, sorts, includes: ['total'] }),
    response: z.array(cloudImageSchema),
  }),
  cloudImageExport: read({
    id: 'cloudImageExport',
    path: '/cloud-images/csv/',
    kind: 'csv',
    summary: 'The same as CSV, in the order of the list, safe to open in a spreadsheet.',
    query: z.strictObject({ ...cloudImageFilters, sort: sortQuery(sorts) }),
    response: z.string(),
  }),
  cloudImageGet: read({
    id: 'cloudImageGet',
    path: '/cloud-images/{cloudImageKey}/',
    summary: 'A machine image that was found in a cloud, and whether anything uses it.',
    params,
    response: cloudImageSchema,
  }),
  cloudImageReferenceList: list({
    id: 'cloudImageReferenceList',
    path: '/cloud-images/{cloudImageKey}/references/',
    summary:
      'Everything that refers to a machine image: servers, groups, templates, pointers, Roles, farms.',
    params,
    query: listQuery({
      filters: { kind: z.enum(referenceKinds).optional() },
      sorts: ['name'],
      includes: ['total'],
    }),
    response: z.array(cloudImageReferenceSchema),
  }),
  cloudImageRegister: operation({
    id: 'cloudImageRegister',
    method: 'POST',
    path: '/cloud-images/actions/register/',
    permission: 'images.manage',
    summary:
      'Register machine images that were found, at this scope; the answer says what became of each.',
    body: registerSchema,
    response: z.array(cloudImageRegistrationSchema),
  }),
  cloudImageUpdate: operation({
    id: 'cloudImageUpdate',
    method: 'PATCH',
    path: '/cloud-images/{cloudImageKey}/',
    permission: 'images.manage',
    summary:
      'Say at this scope that a machine image is not wanted in the catalogue, or take that back.',
    params,
    body: z.strictObject({ unwanted: z.boolean() }),
    response: cloudImageSchema,
  }),
};

/** How the last reading of one place went, with some credentials. */
export const coverageSchema = z.object({
  /** `<credentials id>:<location>`. */
  id: z.string(),
  credentials: credentialsInShort,
  cloudPlatform: z.enum(cloudPlatforms),
  /** Null as long as the cloud has not named the places that they reach. */
  cloudLocation: z.string().nullable(),
  /** Whose resources they are, as the cloud has it. */
  account: z.string().nullable(),
  /** When the last reading that came to an end began. */
  read: time.nullable(),
  milliseconds: z.int().nullable(),
  /** When it was tried last. */
  tried: time.nullable(),
  /** Why that failed, in the cloud's words. */
  error: z.string().nullable(),
  /** Parts that could not be read, and why. */
  unread: z.array(z.object({ part: z.string(), words: z.string() })),
  /** What was read and does not say which image it means, such as a group with a template that is gone; at most 5. */
  unresolved: z.array(
    reference(z.string()).extend({ kind: z.enum(referenceKinds), words: z.string() }),
  ),
  /** Everything there was read within the last day, and says what it refers to. */
  isWhole: z.boolean(),
});
export type Coverage = z.output<typeof coverageSchema>;

export const coverageOperations = {
  inventoryCoverageList: list({
    id: 'inventoryCoverageList',
    path: '/inventory/coverage/',
    summary: 'Which places of which clouds were read when, and what failed.',
    query: listQuery({
      filters: { cloudPlatform: z.enum(cloudPlatforms).optional(), credentials: uuid.optional() },
      sorts: ['name'],
      includes: ['total'],
    }),
    response: z.array(coverageSchema),
  }),
};

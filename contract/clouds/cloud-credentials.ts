import { z } from 'zod';
import { actionsSchema } from '../actions.ts';
import { description, scopeSchema, text, time, titleName, uuid } from '../fields.ts';
import { includeQuery, listQuery, searchQuery, searchText } from '../list.ts';
import { list, operation, read } from '../operation.ts';
import { placeFields } from '../images/places.ts';
import { cloudPlatforms } from '../images/platforms.ts';
import { defineResource } from '../resource.ts';
import { actingRights } from './acting-rights.ts';
import { awsAccountId, awsMembers, awsSecrets } from './aws-credentials.ts';
import { lxdMembers, lxdSecrets } from './lxd-credentials.ts';
import { openstackMembers, openstackSecrets } from './openstack-credentials.ts';

/** One for each driver; a further driver brings its type and the members that it needs. */
export const cloudCredentialsTypes = [
  'AwsCloudCredentials',
  'LxdCloudCredentials',
  'OpenstackCloudCredentials',
  'SimulatedCloudCredentials',
] as const;
export type CloudCredentialsType = (typeof cloudCredentialsTypes)[number];

/** What follows from the last test, and from nothing else. */
export const cloudCredentialsStatuses = ['untested', 'testing', 'working', 'failing'] as const;

export const cloudRightsSchema = z.object({
  registerImages: z.boolean(),
  deprecateImages: z.boolean(),
  deleteImages: z.boolean(),
  launchServers: z.boolean(),
  terminateServers: z.boolean(),
  changeGroups: z.boolean(),
  publishPointers: z.boolean(),
});

/** What a cloud said of one right. */
export const accessFindingSchema = z.object({
  right: z.enum(['read', ...actingRights]),
  isThere: z.boolean(),
  /** In the cloud's own words where it has some. */
  words: z.string(),
});

export const accessTestSchema = z.object({
  at: time,
  /** Why the cloud could not be asked; null when it answered. */
  error: z.string().nullable(),
  findings: z.array(accessFindingSchema),
});

const attachedEnvironmentSchema = z.object({
  id: z.int(),
  name: z.string(),
  accountId: z.int(),
});

/** The name of a tag in a cloud. */
const tagName = text(128, 1);

const actions = ['update', 'test', 'delete'] as const;

/** Where a cloud is: members that only some types have. */
const whereMembers = { ...awsMembers, ...lxdMembers, ...openstackMembers };
/** Found out by Slipway, for some types. */
const foundMembers = { awsAccountId: awsAccountId.nullable() };

type NullableShape<S extends Record<string, z.ZodType>> = { [K in keyof S]: z.ZodNullable<S[K]> };

/** As records have them: each, null where the type has none. */
export const recordedMembers = Object.fromEntries(
  Object.entries({ ...whereMembers, ...foundMembers }).map(([name, schema]) => [
    name,
    z.nullable(schema),
  ]),
) as NullableShape<typeof whereMembers & typeof foundMembers>;

/** The members of each type, beside those that all have. */
export const membersOfType: Record<CloudCredentialsType, readonly string[]> = {
  AwsCloudCredentials: Object.keys({ ...awsMembers, ...awsSecrets }),
  LxdCloudCredentials: Object.keys({ ...lxdMembers, ...lxdSecrets }),
  OpenstackCloudCredentials: Object.keys({ ...openstackMembers, ...openstackSecrets }),
  SimulatedCloudCredentials: [],
};

/** How Slipway speaks to one cloud: docs/domain.md, "Cloud credentials". What is secret is never read again. */
export const cloudCredentials = defineResource({
  name: 'CloudCredentials',
  readOnly: {
    id: uuid,
    ...placeFields,
    status: z.enum(cloudCredentialsStatuses),
    /** When the cloud last answered with them, exact to a minute. */
    lastContact: time.nullable(),
    test: accessTestSchema.nullable(),
    /** Which account of AWS they are of, as AWS said in the last test. */
    awsAccountId: foundMembers.awsAccountId.optional(),
    /** Those that use them, as far as they are at or below the request's scope. */
    environments: z.array(attachedEnvironmentSchema),
    added: time,
    createdBy: z.string(),
    /** Rises with every change; `If-Match` may name it. */
    version: z.int(),
    actions: actionsSchema(actions).optional(),
  },
  createOnly: {
    cloudCredentialsType: z.enum(cloudCredentialsTypes),
    /** The platform that they are for. */
    provider: z.enum(cloudPlatforms),
  },
  writable: {
    name: titleName,
    description,
    rights: cloudRightsSchema,
    /** Servers outside of groups that have the same value of this tag are an observed farm. */
    farmTag: tagName.nullable(),
    /** The tag that says who owns what was found. */
    ownerTag: tagName,
    ...z.object(whereMembers).partial().shape,
  },
  required: ['name', 'cloudCredentialsType'],
});
export const cloudCredentialsSchema = cloudCredentials.schema;
export type CloudCredentials = z.output<typeof cloudCredentialsSchema>;

/** Sent and never answered. */
const secretMembers = {
  clientKey: lxdSecrets.clientKey.meta({ writeOnly: true }).optional(),
  secretKey: awsSecrets.secretKey.meta({ writeOnly: true }).optional(),
  password: openstackSecrets.password.meta({ writeOnly: true }).optional(),
  applicationCredentialSecret: openstackSecrets.applicationCredentialSecret
    .meta({ writeOnly: true })
    .optional(),
};

/** What a body may say beside the members of the resource: those rights that it names change. */
const given = {
  rights: z.strictObject(cloudRightsSchema.partial().shape).optional(),
  ...secretMembers,
  scope: scopeSchema.optional(),
};
export const cloudCredentialsCreateSchema = cloudCredentials.create.extend(given);
export const cloudCredentialsPatchSchema = cloudCredentials.patch.extend(given);
export type CloudCredentialsInput = z.output<typeof cloudCredentialsPatchSchema>;

/** The members that hold secrets, of all types. */
export const secretMemberNames = Object.keys(secretMembers) as (keyof typeof secretMembers)[];

/** The members that only some types have. */
const ofSomeTypes = { ...whereMembers, ...foundMembers, ...secretMembers };

/** How specifications describe each type: what of it may be sent. */
export const typeSchemas: Record<CloudCredentialsType, z.ZodObject> = {
  AwsCloudCredentials: schemaOf('AwsCloudCredentials', ['awsAccountId']),
  LxdCloudCredentials: schemaOf('LxdCloudCredentials'),
  OpenstackCloudCredentials: schemaOf('OpenstackCloudCredentials'),
  SimulatedCloudCredentials: schemaOf('SimulatedCloudCredentials'),
};

function schemaOf(type: CloudCredentialsType, found: readonly string[] = []): z.ZodObject {
  const own = new Set([...membersOfType[type], ...found]);
  const all = Object.entries(cloudCredentials.schema.extend(secretMembers).shape);
  return z.object(
    Object.fromEntries(all.filter(([name]) => !(name in ofSomeTypes) || own.has(name))),
  );
}

const params = z.object({ cloudCredentialsId: uuid });
const permission = 'scopes.manage';
const path = '/cloud-credentials/{cloudCredentialsId}/';

export const cloudCredentialsOperations = {
  cloudCredentialsList: list({
    id: 'cloudCredentialsList',
    path: '/cloud-credentials/',
    summary: 'Cloud credentials of this scope and those it inherits, without what is secret.',
    query: listQuery({
      filters: {
        query: searchQuery.optional(),
        id: uuid.optional(),
        name: searchText.optional(),
        provider: z.enum(cloudPlatforms).optional(),
        cloudCredentialsType: z.enum(cloudCredentialsTypes).optional(),
        status: z.enum(cloudCredentialsStatuses).optional(),
        scope: scopeSchema.optional(),
      },
      sorts: ['added', 'name'],
      includes: ['actions', 'total'],
    }),
    response: z.array(cloudCredentialsSchema),
  }),
  cloudCredentialsGet: read({
    id: 'cloudCredentialsGet',
    path,
    summary: 'Cloud credentials, without what is secret.',
    params,
    query: z.strictObject({ include: includeQuery(['actions']) }),
    response: cloudCredentialsSchema,
  }),
  cloudCredentialsCreate: operation({
    id: 'cloudCredentialsCreate',
    confirms: true,
    method: 'POST',
    path: '/cloud-credentials/',
    permission,
    status: 201,
    summary: 'Add cloud credentials at this scope. Until rights are turned on they only read.',
    body: cloudCredentialsCreateSchema,
    response: cloudCredentialsSchema,
  }),
  cloudCredentialsUpdate: operation({
    id: 'cloudCredentialsUpdate',
    confirms: true,
    method: 'PATCH',
    path,
    permission,
    summary:
      'Change cloud credentials: their name, their rights, where the cloud is, their secret.',
    params,
    body: cloudCredentialsPatchSchema,
    response: cloudCredentialsSchema,
  }),
  cloudCredentialsTest: operation({
    id: 'cloudCredentialsTest',
    method: 'POST',
    path: `${path}actions/test/`,
    permission,
    status: 202,
    summary:
      'Ask the cloud which rights the credentials have there; `test` says it a moment later.',
    params,
    body: z.strictObject({}),
    response: cloudCredentialsSchema,
  }),
  cloudCredentialsDelete: operation({
    id: 'cloudCredentialsDelete',
    confirms: true,
    method: 'DELETE',
    path,
    permission,
    summary: 'Delete cloud credentials that no environment and no server uses.',
    params,
    response: z.null(),
  }),
};

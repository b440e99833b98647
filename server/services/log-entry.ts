import { z } from 'zod';
import { ownerAnswerSchema, ownerMessageSchema } from '#contract/farms/owner-contacts.ts';
import { farmRole } from '#contract/farms/farm-roles.ts';
import { farm } from '#contract/farms/farms.ts';
import { server } from '#contract/farms/servers.ts';
import { cloudCredentialsSchema, recordedMembers } from '#contract/clouds/cloud-credentials.ts';
import { environmentCloudSchema } from '#contract/clouds/environment-clouds.ts';
import { reference } from '#contract/fields.ts';
import { imageSetSchema } from '#contract/image-sets/image-sets.ts';
import { image } from '#contract/images/images.ts';
import { cloudImageSchema } from '#contract/inventory/cloud-images.ts';
import { account } from '#contract/organisation/accounts.ts';
import { costCenterSchema } from '#contract/organisation/cost-centers.ts';
import { environment } from '#contract/organisation/environments.ts';
import { project } from '#contract/organisation/projects.ts';
import { apiKeySchema } from '#contract/people/api-keys.ts';
import { passkeySchema } from '#contract/people/passkeys.ts';
import { grantSchema } from '#contract/people/grants.ts';
import { memberSources, teamSchema } from '#contract/people/teams.ts';
import { userSchema } from '#contract/people/users.ts';
import { signedInSchema } from '#contract/people/sessions.ts';
import { replacementSchema } from '#contract/replacements/replacements.ts';
import { rolloutSchema } from '#contract/rollouts/rollouts.ts';
import { roleCategory } from '#contract/roles/role-categories.ts';
import { roleImageSchema } from '#contract/roles/role-images.ts';
import { role } from '#contract/roles/roles.ts';

const belongsTo = { user: reference(userSchema.shape.id) };

/**
 * What the operations log keeps of an object of each kind: what the API answers for it, without the
 * members that must be asked for (docs/architecture.md, "Records").
 */
export const recordedSchemas = {
  account: account.schema,
  // People are answered their own keys and rights only, so the wire need not say whose they are.
  apiKey: apiKeySchema.extend(belongsTo),
  // Who uses them, and that their cloud answered, changes without them.
  cloudCredentials: cloudCredentialsSchema
    .omit({ actions: true, environments: true, lastContact: true })
    .extend(recordedMembers),
  // What is in the cloud changes without Slipway.
  cloudImage: cloudImageSchema.pick({
    id: true,
    cloudPlatform: true,
    cloudLocation: true,
    cloudImageId: true,
    name: true,
    unwanted: true,
    version: true,
  }),
  costCenter: costCenterSchema,
  environment: environment.schema,
  // The path of the wire says which environment it is.
  environmentCloud: environmentCloudSchema.extend({
    id: z.string(),
    environment: reference(environment.schema.shape.id),
  }),
  farm: farm.schema,
  farmRole: farmRole.schema,
  grant: grantSchema,
  image: image.schema.omit({ deprecationElsewhere: true }),
  // What is counted over its images is said by the images, which an entry lists.
  imageSet: imageSetSchema.pick({
    id: true,
    name: true,
    os: true,
    osName: true,
    scope: true,
    accountId: true,
    envId: true,
    accountName: true,
    envName: true,
    line: true,
  }),
  ownerAnswer: ownerAnswerSchema,
  ownerMessage: ownerMessageSchema,
  // When it was last used is no change of it.
  passkey: passkeySchema.omit({ lastUsed: true }).extend(belongsTo),
  project: project.schema,
  // What still runs the old image is counted for whoever looks, and when.
  replacement: replacementSchema.omit({
    serversOnOldImage: true,
    staleServers: true,
    farmsOnOldImage: true,
  }),
  role: role.schema,
  roleCategory: roleCategory.schema,
  roleImage: roleImageSchema,
  // How far it is follows from its servers, whose events say so.
  rollout: rolloutSchema.omit({ counts: true }),
  server: server.schema,
  // When it was last seen, and which one asks, is no change of it.
  session: signedInSchema.omit({ lastSeen: true, current: true }).extend(belongsTo),
  // Who is in it changes with its members.
  team: teamSchema.omit({ memberCount: true, members: true, grants: true }),
  teamMember: z.object({
    id: z.string(),
    team: reference(teamSchema.shape.id),
    source: z.enum(memberSources),
    ...belongsTo,
  }),
  user: userSchema.pick({ id: true, email: true, name: true, status: true, version: true }),
} as const;

export type Kind = keyof typeof recordedSchemas;
/** An object of a kind as its presenter makes it; the log keeps what it links to by id alone. */
export type Recorded<K extends Kind> = z.output<(typeof recordedSchemas)[K]>;

/** An object that is made has no `before`, one that goes no `after`. */
export type Change = {
  [K in Kind]:
    | { kind: K; before: Recorded<K>; after?: Recorded<K> | undefined }
    | { kind: K; before?: undefined; after: Recorded<K> };
}[Kind];

/** An object that took part and did not change, such as the one that was copied. */
export interface Mention {
  kind: Kind;
  id: string | number;
}

/** What a change leaves in the operations log: the object that it is about, and all others that it changed. */
export type LogEntry = Change & {
  others?: readonly (Change | Mention)[];
  /** How it was done, where no object shows it. */
  options?: { force?: boolean; hard?: boolean } | undefined;
  reason?: string | undefined;
};

/** The changes of several objects of one kind, each after it stands in the place of its before. */
export function changesOf<K extends Kind>(
  kind: K,
  before: readonly Recorded<K>[],
  after: readonly Recorded<K>[],
): Change[] {
  if (after.length !== before.length) throw new Error(`A ${kind} vanished in its own transaction`);
  // TypeScript does not see that one kind goes with its own objects when it does not know which.
  return before.map((object, index) => ({ kind, before: object, after: after[index] }) as Change);
}

/** The kind and id of an object, as the log names it, e.g. `image:0b6f...` or `role:17`. */
function nameOf(part: Change | Mention): string {
  if ('id' in part) return `${part.kind}:${part.id}`;
  const object = part.before ?? part.after;
  return 'id' in object
    ? `${part.kind}:${object.id}`
    : `${part.kind}:${object.role.id}/${object.image.id}`;
}

/** The names of everything that an entry says has changed. */
export function namesIn({ others = [], ...change }: LogEntry): string[] {
  return [change, ...others].flatMap((part) => ('id' in part ? [] : nameOf(part)));
}

/** The columns of the log that an entry fills. */
export function toLogColumns({ others = [], options, reason, ...change }: LogEntry) {
  return {
    ...toColumns(change),
    others: others.length > 0 ? others.map(toColumns) : undefined,
    options,
    reason,
  };
}

function toColumns(part: Change | Mention) {
  const { before, after } = 'id' in part ? {} : part;
  return { object: nameOf(part), before: withLinks(before), after: withLinks(after) };
}

/** An object with what it links to by id alone: the rest of a link is another object's, and changes. */
function withLinks(object: object | undefined): object | undefined {
  return (
    object &&
    Object.fromEntries(Object.entries(object).map(([member, value]) => [member, toLink(value)]))
  );
}

function toLink(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(toLink);
  if (typeof value !== 'object' || value === null) return value;
  return 'id' in value ? { id: value.id } : withLinks(value);
}

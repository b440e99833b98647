import { z } from 'zod';
import { ownerAnswerSchema, ownerMessageSchema } from '../farms/owner-contacts.ts';
import { farmRole } from '../farms/farm-roles.ts';
import { farm } from '../farms/farms.ts';
import { server } from '../farms/servers.ts';
import { cloudCredentialsSchema, recordedMembers } from '../clouds/cloud-credentials.ts';
import { environmentCloudSchema } from '../clouds/environment-clouds.ts';
import { reference } from '../fields.ts';
import { imageSetSchema } from '../image-sets/image-sets.ts';
import { image } from '../images/images.ts';
import { cloudImageSchema } from '../inventory/cloud-images.ts';
import { account } from '../organisation/accounts.ts';
import { costCenterSchema } from '../organisation/cost-centers.ts';
import { environment } from '../organisation/environments.ts';
import { policySchema } from '../policies/policies.ts';
import { recordedRuleSchema } from '../policies/rules.ts';
import { project } from '../organisation/projects.ts';
import { apiKeySchema } from '../people/api-keys.ts';
import { passkeySchema } from '../people/passkeys.ts';
import { subscriptionSchema } from '../people/subscriptions.ts';
import { grantSchema } from '../people/grants.ts';
import { memberSources, teamSchema } from '../people/teams.ts';
import { userSchema } from '../people/users.ts';
import { signedInSchema } from '../people/sessions.ts';
import { replacementSchema } from '../replacements/replacements.ts';
import { rolloutSchema } from '../rollouts/rollouts.ts';
import { roleCategory } from '../roles/role-categories.ts';
import { roleImageSchema } from '../roles/role-images.ts';
import { role } from '../roles/roles.ts';

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
  // That it was evaluated is no change of it.
  policy: policySchema
    .omit({ actions: true, evaluation: true })
    .extend({ rule: recordedRuleSchema }),
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
  // What was told is no change of it, and the address of a webhook may be a secret.
  subscription: subscriptionSchema
    .omit({ url: true, lastTold: true, lastError: true })
    .extend({ host: z.string().nullable(), ...belongsTo }),
  // Who is in it changes with its members.
  team: teamSchema.omit({ memberCount: true, members: true, grants: true }),
  teamMember: z.object({
    id: z.string(),
    team: reference(teamSchema.shape.id),
    source: z.enum(memberSources),
    ...belongsTo,
  }),
  // Whether a password alone lets them in is told by the log, so that nobody changes it past Slipway unnoticed.
  user: userSchema
    .pick({ id: true, email: true, name: true, status: true, version: true })
    .extend({ secondStep: z.boolean() }),
} as const;

export type Kind = keyof typeof recordedSchemas;
/** An object of a kind as its presenter makes it; the log keeps what it links to by id alone. */
export type Recorded<K extends Kind> = z.output<(typeof recordedSchemas)[K]>;

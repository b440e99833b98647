import type { z } from 'zod';
import { verdictSchema } from '../actions.ts';
import {
  accessFindingSchema,
  accessTestSchema,
  cloudCredentials,
  cloudCredentialsTypes,
  cloudRightsSchema,
  typeSchemas,
} from '../clouds/cloud-credentials.ts';
import { environmentCloudSchema } from '../clouds/environment-clouds.ts';
import {
  cloudImageReferenceSchema,
  cloudImageSchema,
  coverageSchema,
} from '../inventory/cloud-images.ts';
import { account } from '../organisation/accounts.ts';
import { costCenterSchema } from '../organisation/cost-centers.ts';
import { environment } from '../organisation/environments.ts';
import { farmRole } from '../farms/farm-roles.ts';
import { farm } from '../farms/farms.ts';
import { cloudLocationSchema } from '../images/image-copies.ts';
import { imageCandidateSchema } from '../images/image-candidates.ts';
import { image } from '../images/images.ts';
import { imageInShort } from '../images/image-in-short.ts';
import { errorEnvelopeSchema, metaSchema, paginationSchema, warningSchema } from '../envelope.ts';
import type { OperationSpec } from '../operation.ts';
import { operations, type OperationId } from '../operations.ts';
import { locationSchema } from '../images/locations.ts';
import { osSchema } from '../images/os.ts';
import { ownerSchema, placeSchema, roleScopeIdentitySchema } from '../images/places.ts';
import { userKeySchema } from '../people/user-keys.ts';
import { signedInSchema } from '../people/sessions.ts';
import { passkeySchema } from '../people/passkeys.ts';
import { subscriptionSchema } from '../people/subscriptions.ts';
import { signInRecordSchema } from '../people/sign-in-records.ts';
import { denialSchema, operationDetailSchema, operationSchema } from '../records/operations.ts';
import { policyEvaluationSchema, policyFindingSchema } from '../policies/evaluations.ts';
import { policy } from '../policies/policies.ts';
import { ruleSchema } from '../policies/rules.ts';
import { project } from '../organisation/projects.ts';
import { planReplacementSchema, replaceImageSetSchema } from '../replacements/replacement-plans.ts';
import { replaceImageSchema, replacementSchema } from '../replacements/replacements.ts';
import { replacerSchema } from '../replacements/replacers.ts';
import { abilitySchema, accessSchema, grantSchema } from '../people/grants.ts';
import { team } from '../people/teams.ts';
import { userDetailSchema, userSchema } from '../people/users.ts';
import { roleCategory } from '../roles/role-categories.ts';
import { rolePointerSchema } from '../roles/pointers.ts';
import { roleImageSchema } from '../roles/role-images.ts';
import { role } from '../roles/roles.ts';
import {
  planRolloutSchema,
  rolloutPlanSchema,
  rolloutServerSchema,
} from '../rollouts/rollout-members.ts';
import { rolloutDetailSchema, rolloutSchema } from '../rollouts/rollouts.ts';
import { afterTerminationSchema } from '../farms/fleet-actions.ts';
import { serverEventSchema } from '../farms/server-events.ts';
import { server } from '../farms/servers.ts';
import { messageTemplateSchema, ownerContactSchema } from '../farms/owner-contacts.ts';
import { burnDownSchema } from '../farms/burn-down.ts';
import { burnDownPointSchema } from '../farms/burn-down-points.ts';
import { usageGroupSchema, usageRowSchema } from '../farms/usage.ts';

/** What a specification calls the schemas that clients know by name. */
export const schemaNames: Record<string, z.ZodType> = {
  ...typeSchemas,
  AbilityInResponse: abilitySchema,
  Access: accessSchema,
  AfterTermination: afterTerminationSchema,
  Account: account.schema,
  AccessFinding: accessFindingSchema,
  AccessTest: accessTestSchema,
  BurnDown: burnDownSchema,
  BurnDownPoint: burnDownPointSchema,
  CloudCredentials: cloudCredentials.schema,
  CloudImage: cloudImageSchema,
  CloudImageReference: cloudImageReferenceSchema,
  CloudLocation: cloudLocationSchema,
  CloudRights: cloudRightsSchema,
  CostCenter: costCenterSchema,
  Coverage: coverageSchema,
  Denial: denialSchema,
  Passkey: passkeySchema,
  Subscription: subscriptionSchema,
  SignInRecord: signInRecordSchema,
  Environment: environment.schema,
  EnvironmentCloud: environmentCloudSchema,
  ErrorResponse: errorEnvelopeSchema,
  Farm: farm.schema,
  FarmRole: farmRole.schema,
  Grant: grantSchema,
  Image: image.schema,
  ImageCandidate: imageCandidateSchema,
  ImageInShort: imageInShort,
  Location: locationSchema,
  MessageTemplate: messageTemplateSchema,
  Meta: metaSchema,
  Operation: operationSchema,
  OperationInResponse: operationDetailSchema,
  Os: osSchema,
  Owner: ownerSchema,
  OwnerContact: ownerContactSchema,
  Pagination: paginationSchema,
  Place: placeSchema,
  Policy: policy.schema,
  PolicyEvaluation: policyEvaluationSchema,
  PolicyFinding: policyFindingSchema,
  PolicyRule: ruleSchema,
  Project: project.schema,
  PlanReplacementRequest: planReplacementSchema,
  PlanRolloutRequest: planRolloutSchema,
  ReplaceImageRequest: replaceImageSchema,
  ReplaceImageSetRequest: replaceImageSetSchema,
  Replacement: replacementSchema,
  Role: role.schema,
  Replacer: replacerSchema,
  RoleCategory: roleCategory.schema,
  RoleImage: roleImageSchema,
  RolePointer: rolePointerSchema,
  RoleScopeIdentity: roleScopeIdentitySchema,
  Rollout: rolloutSchema,
  RolloutInResponse: rolloutDetailSchema,
  RolloutPlanInResponse: rolloutPlanSchema,
  RolloutServer: rolloutServerSchema,
  Server: server.schema,
  ServerEvent: serverEventSchema,
  SignedIn: signedInSchema,
  Team: team.schema,
  Usage: usageRowSchema,
  UsageGroup: usageGroupSchema,
  User: userSchema,
  UserInResponse: userDetailSchema,
  UserKey: userKeySchema,
  Verdict: verdictSchema,
  Warning: warningSchema,
};

/** Who may set the members of a schema, and what its list can be narrowed by. */
export interface Resource {
  readOnly: readonly string[];
  createOnly: readonly string[];
  required: readonly string[];
  filters: string[];
}

/** A schema whose objects cannot be changed through it. */
function readOnly(schema: z.ZodObject, list?: OperationId): Resource {
  const members = Object.keys(schema.shape);
  return { readOnly: members, createOnly: [], required: [], filters: filtersOf(list) };
}

function writable(parts: Omit<Resource, 'filters'>, list: OperationId): Resource {
  return { ...parts, filters: filtersOf(list) };
}

const paging = ['pageNum', 'maxResults', 'cursor', 'sort', 'include'];

function filtersOf(list: OperationId | undefined): string[] {
  if (list === undefined) return [];
  const { query }: OperationSpec = operations[list];
  return Object.keys(query.shape).filter((name) => !paging.includes(name));
}

/** Schemas that stand for several: the member that says which it is, and the names of those. */
export const concreteTypes: Record<string, { discriminator: string; types: readonly string[] }> = {
  CloudCredentials: { discriminator: 'cloudCredentialsType', types: cloudCredentialsTypes },
};

/** By the names above. */
export const resources: Record<string, Resource> = {
  Access: readOnly(accessSchema, 'accessList'),
  AfterTermination: readOnly(afterTerminationSchema),
  Account: writable(account, 'accountList'),
  AccessFinding: readOnly(accessFindingSchema),
  AccessTest: readOnly(accessTestSchema),
  CloudCredentials: writable(cloudCredentials, 'cloudCredentialsList'),
  AwsCloudCredentials: writable(cloudCredentials, 'cloudCredentialsList'),
  LxdCloudCredentials: writable(cloudCredentials, 'cloudCredentialsList'),
  OpenstackCloudCredentials: writable(cloudCredentials, 'cloudCredentialsList'),
  SimulatedCloudCredentials: writable(cloudCredentials, 'cloudCredentialsList'),
  CloudImage: readOnly(cloudImageSchema, 'cloudImageList'),
  CloudImageReference: readOnly(cloudImageReferenceSchema, 'cloudImageReferenceList'),
  CostCenter: readOnly(costCenterSchema, 'costCenterList'),
  Coverage: readOnly(coverageSchema, 'inventoryCoverageList'),
  Environment: writable(environment, 'environmentList'),
  Farm: writable(farm, 'farmList'),
  FarmRole: writable(farmRole, 'farmRoleList'),
  Grant: readOnly(grantSchema),
  Image: writable(image, 'imageList'),
  ImageCandidate: readOnly(imageCandidateSchema, 'imageCandidates'),
  Location: readOnly(locationSchema, 'locationList'),
  Denial: readOnly(denialSchema, 'denialList'),
  Passkey: readOnly(passkeySchema, 'passkeyList'),
  Subscription: readOnly(subscriptionSchema, 'subscriptionList'),
  SignInRecord: readOnly(signInRecordSchema, 'signInRecordList'),
  Operation: readOnly(operationSchema, 'operationList'),
  Os: readOnly(osSchema, 'osList'),
  // A farm is given to somebody by the id of an owner.
  Owner: writable({ readOnly: ['name', 'email'], createOnly: [], required: [] }, 'ownerList'),
  Policy: writable(policy, 'policyList'),
  PolicyEvaluation: readOnly(policyEvaluationSchema, 'policyEvaluationList'),
  PolicyFinding: readOnly(policyFindingSchema, 'policyFindingList'),
  Project: writable(project, 'projectList'),
  Replacement: readOnly(replacementSchema, 'replacementList'),
  Replacer: readOnly(replacerSchema, 'replacerList'),
  Role: writable(role, 'roleList'),
  RoleCategory: writable(roleCategory, 'roleCategoryList'),
  RoleImage: {
    readOnly: [],
    createOnly: [],
    required: ['image'],
    filters: filtersOf('roleImageList'),
  },
  RolePointer: readOnly(rolePointerSchema, 'rolePointerList'),
  Rollout: readOnly(rolloutSchema, 'rolloutList'),
  RolloutServer: readOnly(rolloutServerSchema, 'rolloutServerList'),
  Server: writable(server, 'serverList'),
  ServerEvent: readOnly(serverEventSchema, 'serverEventList'),
  SignedIn: readOnly(signedInSchema, 'sessionList'),
  Team: writable(team, 'teamList'),
  Usage: readOnly(usageRowSchema, 'usageList'),
  UsageGroup: readOnly(usageGroupSchema, 'usageGroupList'),
  User: readOnly(userSchema, 'userList'),
  UserKey: readOnly(userKeySchema, 'userKeyList'),
};

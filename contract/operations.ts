import type { z } from 'zod';
import { accountOperations } from './organisation/accounts.ts';
import { operationLogOperations } from './records/operations.ts';
import { cloudCredentialsOperations } from './clouds/cloud-credentials.ts';
import { environmentCloudOperations } from './clouds/environment-clouds.ts';
import { cloudImageOperations, coverageOperations } from './inventory/cloud-images.ts';
import { apiKeyOperations } from './people/api-keys.ts';
import { grantOperations } from './people/grants.ts';
import { passkeyOperations } from './people/passkeys.ts';
import { teamOperations } from './people/teams.ts';
import { userOperations } from './people/users.ts';
import { signedInOperations } from './people/sessions.ts';
import { userKeyOperations } from './people/user-keys.ts';
import { bootImageOperations } from './farms/boot-image.ts';
import { costCenterOperations } from './organisation/cost-centers.ts';
import { demotionOperations } from './replacements/demotions.ts';
import { currentImageOperations } from './roles/current-image.ts';
import { environmentOperations } from './organisation/environments.ts';
import { farmRolePartOperations } from './farms/farm-role-parts.ts';
import { farmRoleOperations } from './farms/farm-roles.ts';
import { serverImportOperations } from './farms/server-imports.ts';
import { farmOperations } from './farms/farms.ts';
import { imageCandidateOperations } from './images/image-candidates.ts';
import { imageCopyOperations } from './images/image-copies.ts';
import { imageProtectionOperations } from './images/image-protection.ts';
import { imageTryOperations } from './images/image-tries.ts';
import { imageSetActOperations } from './image-sets/image-set-acts.ts';
import { imageSetOperations } from './image-sets/image-sets.ts';
import { imageOperations } from './images/images.ts';
import { locationOperations } from './images/locations.ts';
import { imagePlanOperations } from './images/image-plans.ts';
import { osOperations } from './images/os.ts';
import { burnDownOperations } from './farms/burn-down.ts';
import { ownerContactOperations } from './farms/owner-contacts.ts';
import { ownerOperations } from './farms/owners.ts';
import { policyEvaluationOperations } from './policies/evaluations.ts';
import { policyOperations } from './policies/policies.ts';
import { projectOperations } from './organisation/projects.ts';
import { replacementPlanOperations } from './replacements/plan-operations.ts';
import { promotionOperations } from './replacements/promotions.ts';
import { replacementOperations } from './replacements/replacements.ts';
import { replacerOperations } from './replacements/replacers.ts';
import { rolePointerOperations } from './roles/pointers.ts';
import { roleCategoryOperations } from './roles/role-categories.ts';
import { roleImageOperations } from './roles/role-images.ts';
import { rolePlanOperations } from './roles/role-plans.ts';
import { roleOperations } from './roles/roles.ts';
import { rolloutOperations } from './rollouts/rollouts.ts';
import { scopeOperations, sessionOperations } from './organisation/scopes.ts';
import { subscriptionOperations } from './people/subscriptions.ts';
import { signInRecordOperations } from './people/sign-in-records.ts';
import { signInOperations } from './people/sign-in.ts';
import { serverEventOperations } from './farms/server-events.ts';
import { serverOperations } from './farms/servers.ts';
import { usageOperations } from './farms/usage.ts';

/** Every operation by its id: the one table that server, page and specification follow. */
export const operations = {
  ...imageOperations,
  ...imageCandidateOperations,
  ...imageCopyOperations,
  ...imageProtectionOperations,
  ...locationOperations,
  ...imageSetOperations,
  ...imageSetActOperations,
  ...imageTryOperations,
  ...imagePlanOperations,
  ...rolePlanOperations,
  ...promotionOperations,
  ...demotionOperations,
  ...replacementOperations,
  ...replacerOperations,
  ...replacementPlanOperations,
  ...roleOperations,
  ...roleImageOperations,
  ...currentImageOperations,
  ...rolePointerOperations,
  ...roleCategoryOperations,
  ...osOperations,
  ...farmOperations,
  ...ownerOperations,
  ...ownerContactOperations,
  ...farmRoleOperations,
  ...serverImportOperations,
  ...farmRolePartOperations,
  ...bootImageOperations,
  ...serverOperations,
  ...serverEventOperations,
  ...usageOperations,
  ...burnDownOperations,
  ...rolloutOperations,
  ...accountOperations,
  ...environmentOperations,
  ...cloudCredentialsOperations,
  ...environmentCloudOperations,
  ...cloudImageOperations,
  ...coverageOperations,
  ...policyOperations,
  ...policyEvaluationOperations,
  ...projectOperations,
  ...costCenterOperations,
  ...scopeOperations,
  ...signInOperations,
  ...sessionOperations,
  ...signedInOperations,
  ...apiKeyOperations,
  ...passkeyOperations,
  ...signInRecordOperations,
  ...subscriptionOperations,
  ...userOperations,
  ...teamOperations,
  ...grantOperations,
  ...userKeyOperations,
  ...operationLogOperations,
};

export type Operations = typeof operations;
export type OperationId = keyof Operations;

type BodyOf<Op> = Op extends { body: infer Body extends z.ZodType } ? Body : z.ZodUndefined;
type MetaOf<Op> = Op extends { meta: infer Meta extends z.ZodObject } ? Meta : z.ZodUndefined;

/** What a service gets: parsed and complete. */
export interface ServiceInput<Id extends OperationId> {
  params: z.output<Operations[Id]['params']>;
  query: z.output<Operations[Id]['query']>;
  body: z.output<BodyOf<Operations[Id]>>;
}

/** What a client sends, before parsing. */
export interface ClientInput<Id extends OperationId> {
  params: z.output<Operations[Id]['params']>;
  query: z.input<Operations[Id]['query']>;
  body: z.input<BodyOf<Operations[Id]>>;
}

/** The `data` of the answer. */
export type Data<Id extends OperationId> = z.output<Operations[Id]['response']>;
/** What the answer adds to `meta`. */
export type Meta<Id extends OperationId> = z.output<MetaOf<Operations[Id]>>;

export const apiBase = '/api/v1beta0';

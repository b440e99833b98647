import { burnDownHandlers } from './farms/burn-down.ts';
import { apiKeyHandlers } from './people/api-keys.ts';
import { signInRecordHandlers } from './people/sign-in-records.ts';
import { subscriptionHandlers } from './people/subscriptions.ts';
import { passkeyHandlers } from './people/passkeys.ts';
import { grantHandlers } from './people/grants.ts';
import { teamHandlers } from './people/teams.ts';
import { userActHandlers } from './people/user-acts.ts';
import { userHandlers } from './people/users.ts';
import { userKeyHandlers } from './people/user-keys.ts';
import type { Handlers } from './context.ts';
import { imageCandidateHandlers } from './images/image-candidates.ts';
import { imagePlanHandlers } from './images/image-plans.ts';
import { imageUsageHandlers } from './images/image-usage.ts';
import { imageHandlers } from './images/images.ts';
import { locationHandlers } from './images/locations.ts';
import { imageSetActHandlers } from './image-sets/image-set-acts.ts';
import { imageTryHandlers } from './image-sets/try-images.ts';
import { imageSetHandlers } from './image-sets/image-sets.ts';
import { osHandlers } from './roles/os.ts';
import { replacementPlanHandlers } from './replacements/plans.ts';
import { replaceSetHandlers } from './replacements/replace-set.ts';
import { replacementHandlers } from './replacements/replacements.ts';
import { replacerHandlers } from './replacements/replacers.ts';
import { firstAdministratorHandlers } from './people/first-administrator.ts';
import { passwordHandlers } from './people/passwords.ts';
import { sessionHandlers } from './people/sessions.ts';
import { signInHandlers } from './people/sign-in.ts';
import { usageHandlers } from './farms/usage.ts';
import { currentImageHandlers } from './roles/current-image.ts';
import { rolePlanHandlers } from './roles/role-plans.ts';
import { rolePointerHandlers } from './roles/pointers.ts';
import { roleHandlers } from './roles/roles.ts';
import { roleCategoryHandlers } from './roles/role-categories.ts';
import { roleImageHandlers } from './roles/role-images.ts';
import { farmActionHandlers } from './farms/farm-actions.ts';
import { farmEditHandlers } from './farms/farm-edit.ts';
import { farmHandlers } from './farms/farms.ts';
import { ownerContactHandlers } from './farms/owner-contacts.ts';
import { ownerHandlers } from './farms/owners.ts';
import { bootImageHandlers } from './farms/boot-image.ts';
import { farmRoleHandlers, farmRolePartHandlers } from './farms/farm-roles.ts';
import { serverImportHandlers } from './farms/import-server.ts';
import { serverActionHandlers } from './farms/server-actions.ts';
import { serverEventHandlers } from './farms/server-events.ts';
import { serverHandlers } from './farms/servers.ts';
import { demotionHandlers } from './replacements/demotions.ts';
import { promotionHandlers } from './replacements/promotions.ts';
import { cloudCredentialsHandlers } from './clouds/cloud-credentials.ts';
import { environmentCloudHandlers } from './clouds/environment-clouds.ts';
import { cloudImageHandlers } from './inventory/cloud-images.ts';
import { coverageHandlers } from './inventory/coverage.ts';
import { policyEvaluationHandlers } from './policies/evaluations.ts';
import { policyHandlers } from './policies/policies.ts';
import { costCenterHandlers } from './organisation/cost-centers.ts';
import { projectHandlers } from './organisation/projects.ts';
import { accountHandlers } from './organisation/accounts.ts';
import { environmentHandlers } from './organisation/environments.ts';
import { operationLogHandlers } from './records/operations.ts';
import { rolloutHandlers } from './rollouts/rollouts.ts';
import { scopeHandlers } from './organisation/scopes.ts';

/** One handler for each operation of the contract: a missing or an extra one does not compile. */
export const handlers: Handlers = {
  ...imageHandlers,
  ...imageSetHandlers,
  ...imageSetActHandlers,
  ...imageTryHandlers,
  ...imageUsageHandlers,
  ...imageCandidateHandlers,
  ...locationHandlers,
  ...imagePlanHandlers,
  ...osHandlers,
  ...replacementHandlers,
  ...replacerHandlers,
  ...replacementPlanHandlers,
  ...replaceSetHandlers,
  ...sessionHandlers,
  ...signInHandlers,
  ...passwordHandlers,
  ...firstAdministratorHandlers,
  ...apiKeyHandlers,
  ...passkeyHandlers,
  ...subscriptionHandlers,
  ...signInRecordHandlers,
  ...userHandlers,
  ...userActHandlers,
  ...teamHandlers,
  ...grantHandlers,
  ...userKeyHandlers,
  ...usageHandlers,
  ...burnDownHandlers,
  ...roleHandlers,
  ...rolePlanHandlers,
  ...roleCategoryHandlers,
  ...roleImageHandlers,
  ...currentImageHandlers,
  ...rolePointerHandlers,
  ...farmHandlers,
  ...ownerHandlers,
  ...ownerContactHandlers,
  ...farmEditHandlers,
  ...farmActionHandlers,
  ...farmRoleHandlers,
  ...farmRolePartHandlers,
  ...serverImportHandlers,
  ...bootImageHandlers,
  ...serverHandlers,
  ...serverEventHandlers,
  ...serverActionHandlers,
  ...promotionHandlers,
  ...demotionHandlers,
  ...policyHandlers,
  ...policyEvaluationHandlers,
  ...costCenterHandlers,
  ...projectHandlers,
  ...accountHandlers,
  ...environmentHandlers,
  ...cloudCredentialsHandlers,
  ...environmentCloudHandlers,
  ...cloudImageHandlers,
  ...coverageHandlers,
  ...scopeHandlers,
  ...rolloutHandlers,
  ...operationLogHandlers,
};

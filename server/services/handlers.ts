import type { OperationId } from '#contract/operations.ts';
import { apiKeyHandlers } from './api-keys.ts';
import type { Handlers } from './context.ts';
import { imageCandidateHandlers } from './image-candidates.ts';
import { imageUsageHandlers } from './image-usage.ts';
import { imageHandlers } from './images.ts';
import { osHandlers } from './os.ts';
import { replacementHandlers } from './replacements.ts';
import { sessionHandlers } from './sessions.ts';
import { usageHandlers } from './usage.ts';
import { roleHandlers } from './roles.ts';
import { roleCategoryHandlers } from './role-categories.ts';
import { roleImageHandlers } from './role-images.ts';
import { farmActionHandlers } from './farm-actions.ts';
import { farmEditHandlers } from './farm-edit.ts';
import { farmHandlers } from './farms.ts';
import { farmRoleHandlers, farmRolePartHandlers } from './farm-roles.ts';
import { serverActionHandlers } from './server-actions.ts';
import { serverHandlers } from './servers.ts';
import { promotionHandlers } from './promotions.ts';
import { costCenterHandlers } from './cost-centers.ts';
import { projectHandlers } from './projects.ts';
import { accountHandlers } from './accounts.ts';
import { environmentHandlers } from './environments.ts';
import { scopeHandlers } from './scopes.ts';

/** One handler for each operation of the contract: a missing or an extra one does not compile. */
export const handlers: Handlers<OperationId> = {
  ...imageHandlers,
  ...imageUsageHandlers,
  ...imageCandidateHandlers,
  ...osHandlers,
  ...replacementHandlers,
  ...sessionHandlers,
  ...apiKeyHandlers,
  ...usageHandlers,
  ...roleHandlers,
  ...roleCategoryHandlers,
  ...roleImageHandlers,
  ...farmHandlers,
  ...farmEditHandlers,
  ...farmActionHandlers,
  ...farmRoleHandlers,
  ...farmRolePartHandlers,
  ...serverHandlers,
  ...serverActionHandlers,
  ...promotionHandlers,
  ...costCenterHandlers,
  ...projectHandlers,
  ...accountHandlers,
  ...environmentHandlers,
  ...scopeHandlers,
};

/** Stands for the id (of the kind named) at this place of its pool, or a cursor that was seen before; small places are exact. */
export interface Hole {
  pool: Pool;
  place: number;
  /** How the text of it is spoilt on the way. */
  spoil?: 'upper' | 'cut' | 'flip' | 'append';
}

export type Pool =
  | 'image'
  | 'imageSet'
  | 'role'
  | 'farm'
  | 'farmRole'
  | 'server'
  | 'roleCategory'
  | 'project'
  | 'apiKey'
  | 'replacement'
  | 'rollout'
  | 'cloudCredentials'
  | 'cloudImage'
  | 'policy'
  | 'policyEvaluation'
  | 'operation'
  | 'account'
  | 'environment'
  | 'user'
  /** Somebody who may be shut out; not whoever asks. */
  | 'member'
  | 'team'
  | 'grant'
  | 'session'
  | 'passkey'
  | 'subscription'
  | 'cursor';

/** What parameters of paths name. */
export const poolOfParameter = {
  imageId: 'image',
  imageSetId: 'imageSet',
  roleId: 'role',
  farmId: 'farm',
  farmRoleId: 'farmRole',
  serverId: 'server',
  roleCategoryId: 'roleCategory',
  projectId: 'project',
  keyId: 'apiKey',
  replacementId: 'replacement',
  rolloutId: 'rollout',
  cloudCredentialsId: 'cloudCredentials',
  cloudImageKey: 'cloudImage',
  policyId: 'policy',
  evaluationId: 'policyEvaluation',
  operationId: 'operation',
  accountId: 'account',
  envId: 'environment',
  userId: 'member',
  teamId: 'team',
  grantId: 'grant',
  sessionId: 'session',
  passkeyId: 'passkey',
  subscriptionId: 'subscription',
} as const satisfies Record<string, Pool>;

export function isParameterOfPool(name: string): name is keyof typeof poolOfParameter {
  return Object.hasOwn(poolOfParameter, name);
}

/** What is read of policies. */
export const policyReads = [
  'policyList',
  'policyGet',
  'policyEvaluationList',
  'policyEvaluationGet',
  'policyFindingList',
  'policyFindingExport',
] as const;

/** What changes of policies touch, but for those that change images too. */
export const policyChanges = {
  policyCreate: ['policies'],
  policyUpdate: ['policies'],
  policyDelete: ['policies'],
  policyEvaluate: ['policies'],
  policyEnforce: ['policies'],
  policyAudit: ['policies'],
} as const;

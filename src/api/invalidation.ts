import type { OperationId } from '#contract/operations.ts';

/** What is read of images; `usage` and verdicts in it change with roles too. */
export const imageReads = [
  'imageList',
  'imageGet',
  'imageUsage',
  'imageTwinList',
  'imageRegistrationList',
  'imageCandidates',
  'imagePromotePreview',
  'imageReplacePreview',
] as const satisfies readonly OperationId[];

export const roleReads = [
  'roleList',
  'roleGet',
  'roleImageList',
  'roleImageGet',
  'rolePromotePreview',
] as const satisfies readonly OperationId[];

/** What follows from which image a role holds: staleness, and what new servers start from. */
export const fleetReads = [
  'usageList',
  'usageGroupList',
  'usageTotals',
  'farmList',
  'farmGet',
  'farmRoleList',
  'farmRoleGet',
  'farmServerList',
  'farmRoleServerList',
  'farmRoleScalingGet',
  'farmRoleInstanceGet',
  'farmRolePlacementGet',
  'serverList',
  'serverGet',
] as const satisfies readonly OperationId[];

export const replacementReads = [
  'replacementList',
  'replacementGet',
] as const satisfies readonly OperationId[];

/** The tree of scopes, its names and rights. */
export const scopeReads = [
  'scopeGet',
  'scopeList',
  'sessionGet',
  'accountList',
  'accountGet',
  'environmentList',
  'environmentGet',
] as const satisfies readonly OperationId[];

/** Everything that a change of the catalogue may show in, the counts of the navigation included. */
export const catalogueReads = [
  ...imageReads,
  ...roleReads,
  ...fleetReads,
  ...replacementReads,
  'scopeGet',
] as const satisfies readonly OperationId[];

import type { OperationId, Operations } from './operations.ts';
import { peopleChanges } from './people/effects.ts';
import { policyChanges, policyReads } from './policies/effects.ts';

/**
 * Operations that change something; as in server/perform.ts, what needs the right to view alone
 * changes nothing, whatever its method, unless it keeps a plan.
 */
export type ChangeId = {
  [Id in OperationId]: Operations[Id] extends { method: 'GET' }
    ? never
    : Operations[Id] extends { permission: 'view' }
      ? Operations[Id] extends { keeps: true }
        ? Id
        : never
      : Id;
}[OperationId];
type ReadId = Exclude<OperationId, ChangeId>;

/** What clouds hold, beside what the catalogue and the farms make of it. */
const inventoryReads = [
  'cloudImageList',
  'cloudImageExport',
  'cloudImageGet',
  'cloudImageReferenceList',
] as const;

/** What is read of each noun: all of it is stale once something of the noun has changed. */
export const reads = {
  // Usage of images, and verdicts on them, change with roles too.
  images: [
    'imageList',
    'imageExport',
    'locationList',
    'imageGet',
    'imageUsage',
    'imageTwinList',
    'imageRegistrationList',
    'imageCandidates',
    'imagePromotePreview',
    'imageReplacePreview',
    'imageSetReplacePreview',
    'imageSetList',
    'imageSetExport',
    'imageSetGet',
    'imageSetDeletePreview',
    'imageSetDeprecatePreview',
    'imageSetProtectPreview',
    'imageSetCopyPreview',
    'imageSetAddToRolePreview',
    'imageSetPromotePreview',
    'imageDemotePreview',
    'imageSetDemotePreview',
    'imageDeprecatePreview',
    'imageDeletePreview',
    ...inventoryReads,
  ],
  roles: [
    'roleList',
    'roleGet',
    'roleImageList',
    'roleImageGet',
    'roleCurrentImageGet',
    'rolePromotePreview',
    'roleDemotePreview',
    'roleDeprecatePreview',
    'roleDeletePreview',
    ...inventoryReads,
  ],
  categories: ['roleCategoryList', 'roleCategoryGet'],
  // Farms with their servers, and what follows from which image a role holds: staleness, and what new
  // servers start from.
  farms: [
    'usageList',
    'usageGroupList',
    'usageTotals',
    'usageExport',
    'usageBurnDown',
    'usageBurnDownExport',
    'locationList',
    'ownerList',
    'ownerContactPreview',
    'farmList',
    'farmGet',
    'farmRoleList',
    'farmRoleGet',
    'farmServerList',
    'farmRoleServerList',
    'farmRoleScalingGet',
    'farmRoleInstanceGet',
    'farmRoleBootImageGet',
    'farmRolePlacementGet',
    'serverList',
    'serverGet',
    'serverEventList',
    'farmEventList',
    // What is left of replacements: how many servers still run their old images.
    'replacementList',
    'replacementGet',
    // How many servers run each.
    'imageList',
    'imageUsage',
    'imageSetList',
    'roleList',
    // What farms and servers use, and so what may be deleted or moved down.
    'imageGet',
    'imageSetGet',
    'roleGet',
    'imageDeletePreview',
    'imageSetDeletePreview',
    'roleDeletePreview',
    'imageDemotePreview',
    'imageSetDemotePreview',
    'roleDemotePreview',
    // A reading of a cloud raises the revision of fleets.
    ...inventoryReads,
    'inventoryCoverageList',
    'rolePointerList',
  ],
  inventory: inventoryReads,
  replacements: ['replacementList', 'replacerList', 'replacementGet', 'replacementRollBackPreview'],
  contacts: ['ownerContactPreview'],
  rollouts: ['rolloutList', 'rolloutGet', 'rolloutServerList'],
  // The scope itself: its names, rights, and how much is in it.
  counts: ['scopeGet'],
  scopes: [
    'scopeList',
    'sessionGet',
    'accountList',
    'accountGet',
    'environmentList',
    'environmentGet',
  ],
  projects: ['projectList', 'projectGet'],
  policies: policyReads,
  clouds: [
    'cloudCredentialsList',
    'cloudCredentialsGet',
    'environmentCloudList',
    'environmentCloudGet',
    ...inventoryReads,
    'inventoryCoverageList',
  ],
  keys: ['apiKeyList', 'userKeyList'],
  signedIn: ['sessionList'],
  subscriptions: ['subscriptionList'],
  ownWays: ['passwordGet', 'passkeyList', 'secondStepGet'],
  signIns: ['signInRecordList', 'signInRecordExport', 'ownSignInList'],
  people: [
    'userList',
    'userGet',
    'userAbilityGet',
    'teamList',
    'teamGet',
    'accessList',
    'abilityGet',
    'grantGet',
  ],
  session: ['sessionGet'],
  operations: ['operationList', 'operationExport', 'operationGet', 'denialList'],
} as const satisfies Record<string, readonly ReadId[]>;
export type Noun = keyof typeof reads;

// What is registered above a role's images decides whether the role can be promoted.
const registrations = ['images', 'roles', 'counts'] as const;
const catalogue = ['images', 'roles', 'farms', 'replacements', 'counts'] as const;
const copies = ['images', 'roles', 'counts'] as const;
const fleet = ['farms', 'counts'] as const;
const moves = ['rollouts', 'farms', 'counts'] as const;
const tree = ['scopes', 'counts'] as const;

/** The nouns that each change touches beside the operations log: one without a row does not compile. */
const touched = {
  imageCreate: registrations,
  imageUpdate: ['images', 'roles', 'farms'],
  imageDelete: registrations,
  imageCopy: registrations,
  imageDeprecate: catalogue,
  imageProtect: ['images'],
  imagePromote: catalogue,
  imageDemote: catalogue,
  imageSetDemote: catalogue,
  imageSetUpdate: ['images', 'roles', 'farms'],
  imageSetDelete: registrations,
  imageSetCopy: registrations,
  imageSetDeprecate: catalogue,
  imageSetProtect: ['images'],
  imageSetPromote: catalogue,
  imageSetAddToRole: catalogue,
  imageTry: catalogue,
  imageSetTry: catalogue,
  imageReplace: catalogue,
  imageSetReplace: catalogue,
  replacementPlan: ['replacements'],
  replacementReplan: ['replacements'],
  replacementCancel: ['replacements'],
  replacementApply: catalogue,
  replacementRollBack: catalogue,
  roleCreate: ['roles', 'counts'],
  roleUpdate: catalogue,
  roleDelete: copies,
  roleDeprecate: catalogue,
  roleClone: copies,
  rolePromote: catalogue,
  roleDemote: catalogue,
  roleImageCreate: catalogue,
  roleImageReplace: catalogue,
  roleImageDelete: catalogue,
  roleCategoryCreate: ['categories', 'roles'],
  roleCategoryUpdate: ['categories', 'roles'],
  roleCategoryDelete: ['categories', 'roles'],
  farmCreate: fleet,
  farmUpdate: fleet,
  farmDelete: fleet,
  farmClone: fleet,
  farmLaunch: fleet,
  farmTerminate: fleet,
  farmSuspend: fleet,
  farmResume: fleet,
  farmLock: fleet,
  farmUnlock: fleet,
  farmRoleCreate: fleet,
  farmRoleUpdate: fleet,
  farmRoleDelete: fleet,
  farmRoleClone: fleet,
  farmRoleServerLaunch: fleet,
  farmRoleServerImport: fleet,
  farmRoleScalingUpdate: fleet,
  farmRoleInstanceUpdate: fleet,
  farmRolePlacementUpdate: fleet,
  serverLaunch: fleet,
  serverUpdate: fleet,
  serverReboot: fleet,
  serverSuspend: fleet,
  serverResume: fleet,
  serverTerminate: fleet,
  ownerContactSend: ['contacts'],
  ownerContactAnswer: ['contacts'],
  rolloutPlan: ['rollouts'],
  rolloutStart: moves,
  rolloutPause: ['rollouts'],
  rolloutResume: moves,
  rolloutCancel: ['rollouts'],
  // It rolls images of roles back.
  rolloutUndo: [...catalogue, 'rollouts'],
  accountCreate: tree,
  accountUpdate: tree,
  accountDelete: tree,
  environmentCreate: tree,
  environmentUpdate: tree,
  environmentDelete: tree,
  // What may be done in a cloud decides what may be done with images and servers.
  cloudCredentialsCreate: ['clouds'],
  cloudCredentialsUpdate: ['clouds', 'images', 'farms'],
  cloudCredentialsTest: ['clouds'],
  cloudCredentialsDelete: ['clouds'],
  cloudImageUpdate: ['inventory'],
  // What observed farms run may be among them.
  cloudImageRegister: [...catalogue, 'inventory'],
  environmentCloudAttach: ['clouds', 'images', 'farms'],
  environmentCloudDetach: ['clouds', 'images', 'farms'],
  ...policyChanges,
  // It restores images.
  policyUndo: ['policies', ...catalogue],
  projectCreate: ['projects'],
  projectUpdate: ['projects'],
  projectDelete: ['projects'],
  firstAdministratorCreate: ['session', 'scopes', 'signIns'],
  passwordSet: ['ownWays', 'signedIn'],
  sessionCreate: ['session', 'signedIn', 'signIns'],
  sessionCreateByPassword: ['session', 'signedIn', 'signIns'],
  sessionCreateByPasskey: ['session', 'signedIn', 'ownWays', 'signIns'],
  passkeySignInBegin: [],
  passkeyBegin: [],
  passkeyCreate: ['ownWays', 'people'],
  passkeyUpdate: ['ownWays'],
  passkeyDelete: ['ownWays', 'people'],
  secondStepSet: ['ownWays'],
  sessionDelete: ['session', 'signedIn'],
  sessionEnd: ['signedIn'],
  sessionEndOthers: ['signedIn'],
  signInLinkSend: ['signIns'],
  apiKeyCreate: ['keys', 'people'],
  apiKeyUpdate: ['keys', 'people'],
  apiKeyDelete: ['keys', 'people'],
  ...peopleChanges,
} as const satisfies Record<ChangeId, readonly Noun[]>;

type Effects = { [Id in ChangeId]: readonly [...(typeof touched)[Id], 'operations'] };

/** The nouns that each change touches; every change is in the operations log. */
export const effects = Object.fromEntries(
  Object.entries(touched).map(([id, nouns]) => [id, [...nouns, 'operations']]),
) as unknown as Effects;

/** What the servers of an account show in, as rollouts do, which move them. */
export const fleetNouns: readonly Noun[] = moves;

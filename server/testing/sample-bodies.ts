import type { OperationId } from '#contract/operations.ts';
import { randomName } from './harness.ts';
import { keyPair } from './key-pair.ts';

/** What bodies refer to: unknown ids, or those of objects that are there. */
export interface References {
  imageId: string;
  roleId: number;
  farmId: number;
  farmRoleId: number;
}

type Bodies = Partial<Record<OperationId, unknown>>;

/** A body that the contract accepts, for each operation that has one; with names that nobody has. */
export function sampleBodies(references: References): Bodies {
  return {
    ...catalogueBodies(references),
    ...protectionBodies(),
    ...fleetBodies(references),
    ...organisationBodies(),
    ...peopleBodies(),
  };
}

function catalogueBodies({ imageId, roleId }: References): Bodies {
  return {
    imageCreate: {
      name: randomName('nginx-1-9'),
      cloudPlatform: 'ec2',
      cloudLocation: 'us-east-1',
      cloudImageId: randomName('ami'),
      os: 'ubuntu-24-04',
      architecture: 'x86_64',
    },
    imageUpdate: { description: 'x' },
    imageCopy: { cloudPlatform: 'ec2', cloudLocation: 'eu-west-1' },
    imageDeprecate: { deprecate: true },
    imagePromote: {},
    imageSetUpdate: { description: 'x' },
    imageSetDeletePreview: {},
    imageSetDeprecate: { reason: 'x' },
    imageSetDeprecatePreview: {},
    imageSetCopy: { places: [{ cloudPlatform: 'ec2', cloudLocation: 'eu-west-1' }] },
    imageSetCopyPreview: {},
    imageSetPromote: {},
    imageSetPromotePreview: {},
    imageDemote: { envId: 1 },
    imageDemotePreview: { envId: 1 },
    imageSetDemote: { envId: 1 },
    imageSetDemotePreview: { envId: 1 },
    roleDemote: { envId: 1 },
    roleDemotePreview: { envId: 1 },
    imageSetAddToRole: { role: roleId },
    imageSetAddToRolePreview: { role: roleId },
    imageReplace: { newImage: imageId },
    imageReplacePreview: { newImage: imageId },
    imageSetReplace: { newImage: imageId },
    imageSetReplacePreview: { newImage: imageId },
    // An image does not stand in its own place: whoever wants to succeed names two.
    replacementPlan: { oldImage: imageId, newImage: imageId },
    replacementReplan: {},
    replacementRollBack: {},
    replacementRollBackPreview: {},
    roleCreate: { name: randomName('nginx-1-9'), category: 1, os: 'ubuntu-24-04' },
    roleUpdate: { description: 'x' },
    roleDeprecate: { deprecate: true },
    roleClone: { name: randomName('nginx-copy') },
    rolePromote: {},
    roleImageCreate: { image: imageId },
    roleImageReplace: { image: imageId },
    roleCategoryCreate: { name: randomName('Edge') },
    roleCategoryUpdate: { name: randomName('Edge') },
  };
}

function protectionBodies(): Bodies {
  return {
    imageProtect: { reason: 'x' },
    imageSetProtect: { reason: 'x' },
    imageSetProtectPreview: {},
  };
}

function tryBody() {
  const newRole = { name: randomName('trial'), category: 1 };
  return { newRole, newFarm: { name: randomName('Trial') }, instanceType: 'm7g.large' };
}

function fleetBodies({ roleId, farmId, farmRoleId }: References): Bodies {
  return {
    imageTry: tryBody(),
    imageSetTry: tryBody(),
    rolloutPlan: { farm: farmId, batchSize: '1' },
    farmCreate: { name: randomName('New farm') },
    farmUpdate: { name: randomName('Renamed farm') },
    farmClone: { name: randomName('Copied farm') },
    farmTerminate: { force: true },
    farmLock: { lockComment: 'Frozen', unlockPermission: 'owner' },
    farmUnlock: {},
    farmRoleCreate: {
      alias: randomName('web'),
      role: roleId,
      cloudPlatform: 'ec2',
      cloudLocation: 'us-east-1',
      instanceType: 'm7g.large',
      scaling: { enabled: true, minInstances: 1, maxInstances: 2 },
    },
    farmRoleUpdate: { alias: randomName('web'), platform: 'ec2' },
    farmRoleClone: { name: randomName('web'), farm: farmId },
    farmRoleScalingUpdate: { minInstances: 2 },
    farmRoleInstanceUpdate: { instanceType: { id: 'm7g.large' } },
    farmRolePlacementUpdate: { region: 'us-east-1' },
    serverLaunch: { farmRole: farmRoleId },
    serverUpdate: { hostname: 'web-1.example.com' },
    serverReboot: { hard: true },
    serverTerminate: { force: true },
    ownerContactPreview: {},
    ownerContactSend: { template: { subject: 'Old images', body: 'Hello {owner}' } },
    ownerContactAnswer: { until: '2999-12-31' },
  };
}

function organisationBodies(): Bodies {
  return {
    projectCreate: {
      name: randomName('Black Friday'),
      costCenter: '00000000-0000-4000-8000-000000000001',
      billingCode: 'BF-26',
      leadEmail: 'lead@example.com',
    },
    projectUpdate: { billingCode: 'BF-27' },
    accountCreate: { name: randomName('New account') },
    accountUpdate: { name: randomName('Renamed account') },
    cloudCredentialsCreate: {
      name: randomName('LXD of the team'),
      cloudCredentialsType: 'LxdCloudCredentials',
      url: 'https://lxd.example.com:8443',
      clientCertificate: keyPair.certificate,
      clientKey: keyPair.key,
    },
    policyCreate: {
      name: randomName('Old versions'),
      kind: 'deprecate',
      rule: { olderThanDays: 180, keepNewest: 2 },
    },
    policyUpdate: { description: 'x' },
    policyEvaluate: {},
    policyEnforce: { evaluation: '00000000-0000-4000-8000-000000000009' },
    policyAudit: {},
    policyUndo: {},
    cloudCredentialsUpdate: { description: 'x' },
    cloudCredentialsTest: {},
    farmRoleServerImport: { cloudServerId: 'i-0123456789abcdef0' },
    cloudImageUpdate: { unwanted: true },
    cloudImageRegister: {
      cloudImages: ['00000000-0000-4000-8000-000000000009'],
      os: 'ubuntu-24-04',
    },
    environmentCloudAttach: { credentials: '00000000-0000-4000-8000-000000000009' },
    environmentCreate: { name: randomName('New environment') },
    environmentUpdate: { name: randomName('Renamed environment') },
    sessionCreate: { token: 'unknown' },
  };
}

function peopleBodies(): Bodies {
  return {
    userInvite: { email: `${randomName('ann')}@example.com`, role: 'viewer' },
    userInviteAgain: {},
    userSuspend: {},
    userRestore: {},
    userEndSessions: {},
    userRemove: {},
    userResetSignIn: {},
    subscriptionCreate: { events: ['replacementApplied'], channel: 'mail' },
    subscriptionUpdate: { active: false },
    subscriptionEnd: { token: '00000000-0000-4000-8000-000000000009' },
    passkeyBegin: {},
    passkeyCreate: {
      name: 'Key',
      made: { id: 'AA', clientDataJSON: 'AA', attestationObject: 'AA' },
    },
    passkeyUpdate: { name: 'Keyring' },
    secondStepSet: { on: false },
    passkeySignInBegin: {},
    sessionCreateByPasskey: {
      passkey: { id: 'AA', clientDataJSON: 'AA', authenticatorData: 'AA', signature: 'AA' },
    },
    teamCreate: { name: randomName('Platform') },
    teamUpdate: { externalGroup: randomName('group') },
    teamMemberAdd: { user: 2_147_483_647 },
    grantCreate: { role: 'operator', user: 2_147_483_647 },
    apiKeyCreate: { name: 'Nightly build' },
    apiKeyUpdate: { name: 'Weekly build' },
  };
}

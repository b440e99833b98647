import type { z } from 'zod';
import { cloudCredentials } from '../../clouds/cloud-credentials.ts';
import { environmentCloudSchema } from '../../clouds/environment-clouds.ts';
import { farmRole } from '../../farms/farm-roles.ts';
import { farm } from '../../farms/farms.ts';
import { image } from '../../images/images.ts';
import type { OperationId } from '../../operations.ts';
import { policy } from '../../policies/policies.ts';
import { project } from '../../organisation/projects.ts';
import { roleCategory } from '../../roles/role-categories.ts';
import { role } from '../../roles/roles.ts';
import { roleImageSchema } from '../../roles/role-images.ts';
import { server } from '../../farms/servers.ts';

interface BodyName {
  name: string;
  /** Described instead of the body's own schema. */
  schema?: z.ZodType;
}

/**
 * What the command line calls the bodies of requests: it looks them up by these names. Null where it
 * expects none. The others are named after their operation.
 */
export const bodyNames: Partial<Record<OperationId, BodyName | null>> = {
  imageCreate: { name: 'imageObject', schema: image.schema },
  imageUpdate: { name: 'image', schema: image.schema },
  imageCopy: { name: 'copyTo' },
  imageReplace: { name: 'replaceImageRequest' },
  roleCreate: { name: 'roleObject', schema: role.schema },
  roleUpdate: { name: 'roleObject', schema: role.schema },
  roleClone: { name: 'cloneRoleRequest' },
  roleDeprecate: { name: 'deprecateRoleRequest' },
  rolePromote: { name: 'promoteRoleRequest' },
  roleImageCreate: { name: 'roleImageObject', schema: roleImageSchema },
  roleImageReplace: { name: 'roleImageObject', schema: roleImageSchema },
  roleCategoryCreate: { name: 'roleCategoryObject', schema: roleCategory.schema },
  roleCategoryUpdate: { name: 'roleCategoryObject', schema: roleCategory.schema },
  cloudCredentialsCreate: { name: 'cloudCredentialsObject', schema: cloudCredentials.schema },
  cloudCredentialsUpdate: { name: 'cloudCredentialsObject', schema: cloudCredentials.schema },
  environmentCloudAttach: { name: 'cloudObject', schema: environmentCloudSchema },
  policyCreate: { name: 'policyObject', schema: policy.schema },
  policyUpdate: { name: 'policyObject', schema: policy.schema },
  projectCreate: { name: 'projectObject', schema: project.schema },
  projectUpdate: { name: 'projectObject', schema: project.schema },
  farmCreate: { name: 'farmObject', schema: farm.schema },
  farmUpdate: { name: 'farmObject', schema: farm.schema },
  farmClone: { name: 'cloneFarmRequest' },
  farmTerminate: { name: 'terminateFarmRequest' },
  farmLock: { name: 'lockFarmRequest' },
  farmUnlock: { name: 'unlockFarmRequest' },
  farmRoleCreate: { name: 'farmRoleObject', schema: farmRole.schema },
  farmRoleUpdate: { name: 'farmRoleObject', schema: farmRole.schema },
  farmRoleClone: { name: 'cloneFarmRoleRequest' },
  farmRoleServerImport: { name: 'importServerRequest' },
  serverLaunch: { name: 'serverLaunchRequest' },
  serverUpdate: { name: 'serverObject', schema: server.schema },
  serverReboot: { name: 'serverRebootOptions' },
  serverTerminate: { name: 'serverTerminationOptions' },
};

const descriptions: Record<string, string> = {
  accountId: 'The number of the account.',
  envId: 'The number of the environment.',
  imageId: 'The UUID of the Image.',
  roleId: 'The number of the Role.',
  roleCategoryId: 'The number of the role category.',
  osId: 'The id of the operating system, such as ubuntu-24-04.',
  farmId: 'The number of the farm.',
  farmRoleId: 'The number of the farm role.',
  serverId: 'The UUID of the server.',
  replacementId: 'The UUID of the replacement.',
  rolloutId: 'The UUID of the rollout.',
  operationId: 'The UUID of the operation: the request that did it.',
  person: 'The address of who did it, or the name of a loop such as system:image-copies.',
  object: 'A kind and an id such as role:17; for a version imageSet:OS/NAME.',
  from: 'From this moment on.',
  to: 'Before this moment.',
  projectId: 'The UUID of the project.',
  cloudCredentialsId: 'The UUID of the cloud credentials.',
  policyId: 'The UUID of the policy.',
  evaluationId: 'The UUID of the evaluation.',
  kind: 'Of this kind alone.',
  mode: 'In this mode alone.',
  verdict: 'Of this verdict alone: due, later or kept.',
  dueFrom: 'From this day on (UTC), such as 2027-01-31.',
  dueTo: 'Up to this day (UTC), itself included.',
  done: 'Whether it was carried out.',
  cloudImageKey:
    'The UUID that Slipway gives the machine image, the same for all credentials that find it.',
  cloud: 'The platform, such as ec2.',
  userId: 'The number of the user.',
  teamId: 'The number of the team.',
  grantId: 'The number of the right.',
  keyId: 'The id of the API key.',
  use: 'Whether anything uses it: inUse, unused, or unknown where not everything was read.',
  registered: 'Whether it is an Image of the catalogue.',
  running: 'Whether a server in a cloud runs it.',
  unwanted: 'Whether somebody said that it is not wanted in the catalogue.',
  at: 'A moment, such as 2026-11-27T10:00:00Z: what was here then, as it was, instead of what is here now.',
  costCenterId: 'The UUID of the cost center.',
  pageNum: 'The number of the page, starting at 1.',
  maxResults: 'How many per page, from 1 to 100 (default 100).',
  cursor: 'To page by cursor: "start" first; pagination.next is the path of the next page.',
  sort: 'What to sort the list by; a dash in front reverses the order.',
  include: 'Members to add that are left out by default, separated by commas.',
  query: 'Only those that contain this text.',
  imageSetId: 'The number of the image set.',
  sessionId: 'The id of the session.',
  platform: 'The cloud, such as ec2.',
  location: 'The location there, such as us-east-1; not needed where images serve all.',
  images: 'The UUIDs of those of its Images that it is about, separated by commas; all without it.',
  onRefusal:
    'What becomes of Images that are refused: refuse (the default) refuses all, skip leaves them out.',
  deleteFromCloud: 'Whether to delete the machine image in its cloud too.',
};

/** One sentence about a parameter of a path or a query. */
export function describeParameter(name: string): string {
  return descriptions[name] ?? `Only those with this ${name}.`;
}

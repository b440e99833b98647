import type { ImageStatus } from '#contract/images/images.ts';
import type { Scope } from '#contract/scope.ts';
import { findMoveRefusal } from './image-states.ts';
import { type CredentialsInUse, findRightRefusal } from '../credentials/cloud-credentials.ts';
import type { Refusal } from '../refusal.ts';

/** Everything, at every scope, that stands in the way of deleting an image. */
export interface ImageUse extends Partial<CredentialsInUse> {
  roles: number;
  /** Observed groups that would start servers from it. */
  groups: number;
  /** In any state but `terminated`: a server that is ending still runs the image. */
  servers: number;
  /** Copies of it that its cloud is still making. */
  unfinishedCopies: number;
  /** Other live registrations of the same cloud image, at any scope. */
  otherRegistrations: number;
  /** What was found in clouds and refers to it: of these, what is not among the servers. */
  references: number;
  /** What was not read of the clouds where something may refer to it. */
  notRead: readonly string[];
}

/** An image that is to be deleted. */
interface Leaving {
  name: string;
  status: ImageStatus;
  scope: Scope;
  cloud_image_id: string;
  protected_by?: string | null;
}

/** docs/domain.md, "Protecting an image". */
function findProtectionRefusal({ name, protected_by: by }: Leaving): Refusal | undefined {
  if (by == null) return undefined;
  return {
    code: 'UnacceptableState',
    reason: `Image "${name}" is protected by ${by}. End its protection first.`,
  };
}

/**
 * Why an image cannot be deleted, or its machine image not with it (docs/domain.md, "Deleting an
 * image"). Whose image it is was settled before.
 * @param fromCloud whether the machine image itself is to go too
 */
export function findDeletionRefusal(
  image: Leaving,
  use: ImageUse,
  fromCloud: boolean,
): Refusal | undefined {
  const unchangeable = findMoveRefusal(image) ?? findProtectionRefusal(image);
  if (unchangeable) return unchangeable;
  if (fromCloud && image.scope !== 'environment')
    return {
      code: 'InvalidValue',
      field: 'deleteFromCloud',
      reason: `Only an environment has the cloud credentials to delete a machine image, and image "${image.name}" is not in one. Delete its registration without deleteFromCloud.`,
    };
  if (fromCloud && image.cloud_image_id === '')
    return {
      code: 'InvalidValue',
      field: 'deleteFromCloud',
      reason: `Image "${image.name}" was never made, so there is nothing to delete from its cloud. Delete it without deleteFromCloud.`,
    };
  const forbidden = fromCloud ? findRightRefusal(use, 'deleteImages') : undefined;
  if (forbidden) return forbidden;
  const users = [
    ...(use.roles > 0 ? [counted(use.roles, 'role')] : []),
    ...(use.groups > 0 ? [counted(use.groups, 'observed group')] : []),
    ...(use.servers > 0 ? [counted(use.servers, 'server')] : []),
  ];
  if (users.length > 0)
    return {
      code: 'ObjectInUse',
      reason: `Image "${image.name}" is used by ${users.join(' and ')}. Replace it in the roles and relaunch the servers first.`,
    };
  if (use.unfinishedCopies > 0)
    return {
      code: 'ObjectInUse',
      reason: `Image "${image.name}" is being copied: ${counted(use.unfinishedCopies, 'unfinished copy', 'unfinished copies')}. Wait until its cloud has finished.`,
    };
  if (fromCloud && use.otherRegistrations > 0)
    return {
      code: 'ObjectInUse',
      field: 'deleteFromCloud',
      reason: `The cloud image of "${image.name}" is registered ${counted(use.otherRegistrations, 'more time')} elsewhere, and would be gone for ${use.otherRegistrations === 1 ? 'that one' : 'those'} too. Delete this registration without deleteFromCloud.`,
    };
  return fromCloud ? findCloudRefusal(image.name, use) : undefined;
}

/** Why a machine image must not go: something in a cloud needs it, or nobody knows. */
function findCloudRefusal(name: string, { references, notRead }: ImageUse): Refusal | undefined {
  const field = 'deleteFromCloud';
  if (references > 0)
    return {
      code: 'ObjectInUse',
      field,
      reason: `The machine image of "${name}" is in use in its cloud: ${counted(references, 'reference')} to it ${references === 1 ? 'was' : 'were'} found. Take ${references === 1 ? 'it' : 'them'} back there first, or delete the registration without deleteFromCloud.`,
    };
  const [first, ...others] = notRead;
  if (first === undefined) return undefined;
  const more = others.length > 0 ? ` And ${others.length} more.` : '';
  return {
    code: 'ObjectInUse',
    field,
    reason: `Whether something in its cloud uses the machine image of "${name}" is not known, since not all was read. ${first}${more}`,
  };
}

function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

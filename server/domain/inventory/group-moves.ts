import { type ActingRight, rightIsOff } from '#contract/clouds/acting-rights.ts';
import type { CloudImageName, GroupWay } from '#contract/rollouts/rollout-groups.ts';
import { countOf } from '../rollout-moves.ts';

// How a group that something else runs is moved to another image: docs/domain.md, "Moving observed groups".

/** What is known of a group before it is moved, of one of its farm roles. */
export interface MovableGroup {
  /** As its cloud calls it. */
  group_id: string;
  cloud_platform: string;
  cloud_location: string;
  credentials_id: string;
  credentials_name: string;
  /** Where the credentials belong, in words such as `environment "Production"`. */
  credentials_at: string;
  cloud_rights: readonly ActingRight[];
  managed_by: 'terraform' | 'cloudformation' | null;
  template_id: string | null;
  /** As the group names it; '' of a launch configuration. */
  template_version: string | null;
  pointer_name: string | null;
  /** What it starts servers from now. */
  boots: CloudImageName;
  /** Whether that image is deprecated here, and what takes its place then. */
  is_deprecated: boolean;
  successor: (CloudImageName & { is_same_place: boolean; is_same_architecture: boolean }) | null;
  /** The image that most of its servers run which do not run what it starts now. */
  ran: CloudImageName | null;
  /** Other groups found there that follow `$Latest` of its template, and such that start from its pointer. */
  followers: number;
  pointed: number;
}

export interface GroupMove {
  groupId: string;
  cloudPlatform: string;
  cloudLocation: string;
  credentialsId: string;
  templateId: string;
  way: GroupWay;
  /** That is moved; null where the template gets a version. */
  pointerName: string | null;
  from: CloudImageName;
  to: CloudImageName;
  /** What is changed, and what somebody should know before. */
  words: string;
  warnings: string[];
}

/**
 * Decides how a group is moved to the image that takes the place of the one that it starts servers from, or, where it
 * starts the right one already, how the servers are exchanged that it started before.
 * @returns why it cannot be moved, where it cannot
 */
export function planGroupMove(
  group: MovableGroup,
  { pauseSeconds = 0 }: { pauseSeconds?: number },
): GroupMove | { why: string } {
  const why = findHindrance(group);
  if (why !== undefined) return { why };
  const { boots, is_deprecated, successor } = group;
  const to = is_deprecated ? successor : boots;
  if (!to) return { why: noSuccessor(group) };
  const { id, name, cloudImageId } = to;
  const from = to.cloudImageId === boots.cloudImageId ? (group.ran ?? boots) : boots;
  const way: GroupWay = isMovable(group.pointer_name) ? 'pointer' : 'template';
  return {
    groupId: group.group_id,
    cloudPlatform: group.cloud_platform,
    cloudLocation: group.cloud_location,
    credentialsId: group.credentials_id,
    templateId: group.template_id ?? '',
    way,
    pointerName: way === 'pointer' ? group.pointer_name : null,
    from,
    to: { id, name, cloudImageId },
    words: wordsOf(group, way, to),
    warnings: warningsOf(group, way, { pauseSeconds, isAimed: to === boots }),
  };
}

function findHindrance(group: MovableGroup): string | undefined {
  const { group_id: name, template_id, template_version, is_deprecated, successor } = group;
  const hindrance = findRightHindrance(group);
  if (hindrance !== undefined) return hindrance;
  if (template_id === null)
    return `The group "${name}" does not start its servers from a launch template, so Slipway cannot move it.`;
  if (template_version === '')
    return `The group "${name}" starts its servers from the launch configuration "${template_id}", which cannot be changed. Give the group a launch template.`;
  if (is_deprecated && !successor) return noSuccessor(group);
  if (is_deprecated && successor?.is_same_place === false)
    return `"${successor.name}", which takes the place of "${group.boots.name}", is at another place than the group "${name}".`;
  if (is_deprecated && successor?.is_same_architecture === false)
    return `"${successor.name}", which takes the place of "${group.boots.name}", has another architecture.`;
  return undefined;
}

/** Why no group of some credentials can be moved, with who can change that, and where. */
export function findRightHindrance({
  credentials_name,
  credentials_at,
  cloud_rights,
}: Pick<MovableGroup, 'credentials_name' | 'credentials_at' | 'cloud_rights'>): string | undefined {
  if (cloud_rights.includes('changeGroups')) return undefined;
  return `${rightIsOff(credentials_name, 'changeGroups')} That is done in "Clouds" of ${credentials_at}.`;
}

function noSuccessor({ group_id, boots }: MovableGroup): string {
  return `The group "${group_id}" starts its servers from "${boots.name}", and nothing is named that takes its place. Replace it, or deprecate it with a replacement.`;
}

/** One with a version or a label, or of another account, stands for what it stands for. */
function isMovable(pointerName: string | null): boolean {
  return pointerName !== null && !pointerName.includes(':');
}

function wordsOf(group: MovableGroup, way: GroupWay, to: CloudImageName): string {
  const itself = hasRefresh(group)
    ? 'the cloud exchanges its servers'
    : 'Slipway ends its servers, and the group starts others in their place';
  const exchanges = `then ${itself}, no more at once than may be down.`;
  if (way === 'pointer')
    return `The pointer ${group.pointer_name} is moved to ${to.cloudImageId}; ${exchanges}`;
  if (to === group.boots)
    return `It starts ${to.cloudImageId} already: those of its servers that run another image are exchanged, no more at once than may be down.`;
  return `Template ${group.template_id} gets a new version with ${to.cloudImageId}; ${exchanges}`;
}

/** Where the cloud exchanges the servers of a group by itself; elsewhere Slipway does. */
function hasRefresh({ cloud_platform }: MovableGroup): boolean {
  return cloud_platform === 'ec2';
}

const managers = { terraform: 'Terraform', cloudformation: 'CloudFormation' };

function warningsOf(
  { managed_by, template_version, followers, pointed }: MovableGroup,
  way: GroupWay,
  { pauseSeconds, isAimed }: { pauseSeconds: number; isAimed: boolean },
): string[] {
  const warnings: string[] = [];
  const manager = managed_by && managers[managed_by];
  if (manager && way === 'template')
    warnings.push(
      `${manager} manages this group, and will see the version that it is moved to as drift: its next run may move it back. Change it there, or let the template name a pointer, which can be moved without that.`,
    );
  if (manager && way === 'pointer')
    warnings.push(
      `${manager} manages this group. Moving its pointer changes nothing of the group; if ${manager} sets the pointer too, its next run may move it back.`,
    );
  if (way === 'template' && template_version?.startsWith('$') === true)
    warnings.push(
      `It names ${template_version} of its template now, and the new version by its number afterwards, since nothing else can be rolled back.`,
    );
  if (way === 'template' && followers > 0 && !isAimed)
    warnings.push(
      `${groups(followers)} $Latest of this template too, and will start new servers from the new image.`,
    );
  if (way === 'pointer' && pointed > 0)
    warnings.push(
      `${groups(pointed)} this pointer too, and will start new servers from the new image.`,
    );
  if (pauseSeconds > 0) warnings.push('The cloud makes no pause between the batches of a group.');
  return warnings;
}

function groups(count: number): string {
  return count === 1 ? '1 other group follows' : `${count} other groups follow`;
}

/**
 * What a group asks of its cloud of the settings of a rollout, which are those of batches.
 * @param members how many servers the group shall have; 0 where that is not known
 */
export function toRefreshSettings(
  { maxUnavailable, bakeSeconds }: { maxUnavailable: string; bakeSeconds: number },
  members: number,
): { minHealthyPercentage: number; warmUpSeconds: number } {
  const amount = Number.parseInt(maxUnavailable, 10);
  // Nobody knows which share of a group a number is whose size is not known.
  const share = members === 0 ? 0 : (100 * amount) / members;
  const down = maxUnavailable.endsWith('%') ? amount : share;
  return {
    // Rounded so that never more are down than may be; the cloud takes one at least.
    minHealthyPercentage: Math.max(0, Math.ceil(100 - down)),
    warmUpSeconds: bakeSeconds,
  };
}

/**
 * Which members of a group are ended next, where nothing but Slipway exchanges them: a batch at a time, and never more
 * down than may be. One that does not run is down already, and costs nothing.
 * @returns the cloud's ids
 */
export function planMemberBatch(
  members: readonly { cloudServerId: string; cloudImageId: string | undefined; isUp: boolean }[],
  settings: { maxUnavailable: string; batchSize: string },
  { desired, cloudImageId }: { desired: number; cloudImageId: string },
): string[] {
  const size = Math.max(desired, members.length);
  const down = size - members.filter(({ isUp }) => isUp).length;
  const old = members.filter((member) => member.cloudImageId !== cloudImageId);
  const atOnce = Math.min(
    countOf(settings.maxUnavailable, size),
    countOf(settings.batchSize, size),
  );
  const free = old.filter(({ isUp }) => !isUp);
  const others = old.filter(({ isUp }) => isUp).slice(0, Math.max(0, atOnce - down));
  return [...free, ...others].map(({ cloudServerId }) => cloudServerId);
}

import type { Replacement, ReplacementPreview } from '#contract/replacements/replacements.ts';

import { formatQuantity } from '../../util/format.ts';

/** `7 servers in 3 farms stay on ami-0f13 until they are relaunched.`; undefined where none do. */
export function stayingWords(
  servers: number,
  farms: number,
  cloudImageId: string,
): string | undefined {
  if (servers === 0) return undefined;
  const stay = servers === 1 ? 'stays' : 'stay';
  const them = servers === 1 ? 'it is' : 'they are';
  return `${formatQuantity(servers, 'server')} in ${formatQuantity(farms, 'farm')} ${stay} on ${cloudImageId} until ${them} relaunched.`;
}

/** The servers on the old image of a replacement, however many of them are to move: after a roll-back, none. */
export function onOldWords(replacement: Replacement): string {
  const { serversOnOldImage: servers, staleServers: stale, farmsOnOldImage: farms } = replacement;
  const { cloudImageId } = replacement.oldImage;
  if (servers === 0) return 'No server of these roles runs the old image.';
  if (stale === servers) return stayingWords(servers, farms, cloudImageId) ?? '';
  const run = servers === 1 ? 'runs' : 'run';
  const all = `${formatQuantity(servers, 'server')} in ${formatQuantity(farms, 'farm')} ${run} ${cloudImageId}`;
  if (stale === 0)
    return `${all}, which ${servers === 1 ? 'its role has' : 'their roles have'} back.`;
  const stay = stale === 1 ? 'stays on it until it is' : 'stay on it until they are';
  return `${all}: ${stale} ${stay} relaunched, and the roles of the others have it back.`;
}

const namedRoles = 3;

/** Which roles start servers from the same cloud image by another registration of it, and would go on. */
export function otherRegistrationWords({
  roles,
  items,
}: ReplacementPreview['otherRegistrations']): string {
  if (roles === 0) return 'The same cloud image, registered at another scope.';
  const names = items.slice(0, namedRoles).map(({ name }) => name);
  const more = roles > names.length ? ` and ${roles - names.length} more` : '';
  const hold = roles === 1 ? 'holds' : 'hold';
  return `${names.join(', ')}${more} ${hold} the same cloud image, registered at another scope, and would go on starting servers from it.`;
}

/** What of the options the preview makes meaningful. */
export interface Offers {
  /** Some roles can take the new image and some cannot. */
  skip: boolean;
  /** The architecture alone stands against it. */
  architecture: boolean;
}

/** The ways out that the options offer, once a preview says that something stands in the way. */
export function offersOf(preview: ReplacementPreview): Offers {
  const { code, counts } = preview;
  return {
    architecture: code === 'ConfigurationMismatch',
    skip: counts.skip > 0 && counts.change > 0,
  };
}

/**
 * Why the replacement cannot be carried out as it is chosen, in words for somebody with the options
 * before them; the server's own sentence names the members of a request instead.
 */
export function refusalWords(preview: ReplacementPreview): string | undefined {
  if (preview.allowed) return undefined;
  const { code, counts, newImage, oldImage } = preview;
  if (code === 'PermissionViolation' && preview.reason !== undefined) return preview.reason;
  const offers = offersOf(preview);
  if (offers.architecture) {
    return `${newImage.name} is for another architecture than ${oldImage.name}, and instance types that run one may not run the other. Choose another image, or allow the change of architecture.`;
  }
  if (offers.skip) {
    const all = counts.skip + counts.change;
    return `${formatQuantity(counts.skip, 'role')} of ${all} in reach cannot take ${newImage.name}; they are listed first, with the reason. Resolve that, choose another image, or leave ${counts.skip === 1 ? 'this role' : 'these roles'} as ${counts.skip === 1 ? 'it is' : 'they are'}.`;
  }
  const reasons = new Set(preview.roles.map((role) => role.reason));
  const [only] = reasons;
  if (counts.skip > 0 && counts.change === 0 && reasons.size === 1 && only != null) return only;
  return preview.reason ?? 'This replacement is not possible.';
}

/** What the preview comes to, in one sentence. */
export function summaryWords(preview: ReplacementPreview): string {
  const { change, skip } = preview.counts;
  if (change + skip === 0) return `No role in reach uses ${preview.oldImage.name}.`;
  const changing = `${formatQuantity(change, 'role')} ${change === 1 ? 'changes' : 'change'}`;
  if (skip === 0) return `${changing}.`;
  return `${changing}, ${formatQuantity(skip, 'role')} cannot take the new image.`;
}

/** `Replace in 12 roles`: the button names the effect and the amount. */
export function replaceLabel(preview: ReplacementPreview | undefined, deprecates: boolean): string {
  if (preview === undefined) return 'Replace';
  const { change } = preview.counts;
  if (change === 0 && deprecates) return 'Deprecate the old image';
  const roles = `Replace in ${formatQuantity(change, 'role')}`;
  return deprecates ? `${roles} and deprecate the old image` : roles;
}

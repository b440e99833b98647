import type { ImageStatus } from '#contract/images/images.ts';
import { whyUnusable } from '../images/image-states.ts';
import { type Deprecatable, deprecatedWords, isDeprecatedAt } from '../images/deprecations.ts';
import type { Refusal } from '../refusal.ts';
import { isAtOrAbove, type ScopedRow, scopeOf } from '../scopes.ts';

/** What the rules need to know of an image. */
export interface ImageFacts extends ScopedRow, Deprecatable {
  id: string;
  name: string;
  status: ImageStatus;
  status_error?: string | null;
  os_name: string;
  os_family: string | null;
  os_generation: string | null;
  scalr_agent_installed: boolean;
  cloud_init_installed: boolean;
}

/** What the rules need to know of a role. */
export interface RoleFacts extends ScopedRow {
  id: number;
  name: string;
  os_name: string;
  os_family: string | null;
  os_generation: string | null;
  use_scalr_agent: boolean;
}

/**
 * Whether an image may enter a role: visible to the role, active, not deprecated there, of the role's OS
 * family and generation, and with an agent where the role needs one (docs/domain.md, "What may enter
 * a role"). Location is not looked at here.
 * @param options.allowDeprecated for going back to what was there before
 * @returns the first rule that stands against it, or undefined
 */
export function findEntryRefusal(
  image: ImageFacts,
  role: RoleFacts,
  options: { allowDeprecated?: boolean } = {},
): Refusal | undefined {
  if (!isAtOrAbove(image, role))
    return {
      code: 'ScopeViolation',
      reason: `Image "${image.name}" lives below role "${role.name}", so others who use the role could not see it. Promote the image first.`,
    };
  const why = whyUnusable(image.status);
  if (why !== undefined)
    return { code: 'UnacceptableImageStatus', reason: `Image "${image.name}" ${why}.` };
  const at = scopeOf(role);
  if (!options.allowDeprecated && isDeprecatedAt(image, at))
    return {
      code: 'Deprecated',
      reason: `Image "${image.name}" cannot enter a role: it ${deprecatedWords(image, at)}. Choose a newer one, or restore it first.`,
    };
  if (!isSameSystem(image, role))
    return {
      code: 'OperatingSystemMismatch',
      reason: `Image "${image.name}" has ${image.os_name}, but role "${role.name}" is for ${role.os_name}.`,
    };
  if (role.use_scalr_agent && !image.scalr_agent_installed && !image.cloud_init_installed)
    return {
      code: 'UnacceptableImageStatus',
      reason: `Role "${role.name}" needs an image with the agent or cloud-init; "${image.name}" has neither.`,
    };
  return undefined;
}

interface SystemFacts {
  os_family: string | null;
  os_generation: string | null;
}

/** Whether two systems are of the same family and generation; a system that does not say fits any. */
export function isSameSystem(image: SystemFacts, other: SystemFacts): boolean {
  if (image.os_family === null || image.os_generation === null) return true;
  return image.os_family === other.os_family && image.os_generation === other.os_generation;
}

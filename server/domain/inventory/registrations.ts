import type { architectures } from '#contract/images/architectures.ts';
import type { Refusal } from '../refusal.ts';
import { architectureOf, proposeName } from './found-images.ts';

type Architecture = (typeof architectures)[number];

/** A machine image that was found, as far as its registration is concerned. */
export interface FoundForCatalogue {
  name: string;
  cloud_image_id: string;
  architecture: string | null;
  state: 'available' | 'pending' | 'disabled' | 'failed' | 'missing';
  /** An Image of the catalogue that is this one, at the scope or above it. */
  registered_as: string | null;
}

/** What is said of all of them. */
export interface RegistrationWish {
  architecture?: Architecture | undefined;
  names?: readonly { proposed: string; name: string }[] | undefined;
}

/**
 * What a found image is registered as, or why it cannot be: docs/domain.md, "Registering found images". What the cloud
 * says of it goes before what somebody says of all.
 */
export function planFoundRegistration(
  found: FoundForCatalogue,
  wish: RegistrationWish,
): { name: string; architecture: Architecture } | Refusal {
  if (found.registered_as !== null)
    return {
      code: 'UnicityViolation',
      reason: `It is in the catalogue already, as image "${found.registered_as}".`,
    };
  if (found.state !== 'available')
    return {
      code: 'UnacceptableImageStatus',
      reason: `Its cloud says that it is ${found.state}: no server can be started from it now.`,
    };
  const architecture = architectureOf(found.architecture) ?? wish.architecture;
  if (architecture === undefined)
    return {
      code: 'InvalidStructure',
      field: 'architecture',
      reason: 'Its cloud does not say which architecture it is for. Name the architecture.',
    };
  const proposed = proposeName({ name: found.name, cloudImageId: found.cloud_image_id });
  const given = wish.names?.find((one) => one.proposed === proposed);
  return { name: given?.name ?? proposed, architecture };
}

import type { ScopeRef } from '#contract/scope.ts';
import type { Refusal } from '../refusal.ts';
import {
  findReplacementImageRefusal,
  type ReplacedImage,
} from '../replacements/replacement-images.ts';
import { findEntryRefusal, isSameSystem, type RoleFacts } from '../roles/role-images.ts';

/**
 * Whether an image may take the place of another one wherever that is used, by the rules of a
 * replacement (docs/domain.md, "What may replace an image"). Both are visible to the caller.
 * @param at the scope of the request
 * @param role the one role it is wanted for: then it must be able to enter that role as well
 * @returns the first rule that stands against it, or undefined
 */
export function findCandidateRefusal(
  old: ReplacedImage,
  candidate: ReplacedImage,
  at: ScopeRef,
  role?: RoleFacts,
): Refusal | undefined {
  return (
    findReplacementImageRefusal(old, candidate, { at }) ??
    (role && findEntryRefusal(candidate, role))
  );
}

type System = Pick<ReplacedImage, 'os_family' | 'os_generation'>;

/** Whether an image of an operating system could be a candidate, as far as the system goes. */
export function isFittingSystem(os: System, old: System, role?: System): boolean {
  return (isSameSystem(os, old) || isSameSystem(old, os)) && (!role || isSameSystem(os, role));
}

import type { Verdict } from '#contract/actions.ts';
import { ApiError, type Blocker, type ErrorDetails } from '#contract/errors.ts';
import type { Refusal } from '../domain/role-images.ts';

/** A refusal of the domain, which may name the member of the input and what stands in the way. */
export interface Refused extends Refusal {
  field?: string;
  blockers?: Blocker[];
}

/**
 * Ends the operation when a rule stands against it.
 * @param details added to what the refusal says itself
 * @throws ApiError when there is a refusal
 */
export function refuseIf(refusal: Refused | undefined, details: ErrorDetails = {}): void {
  if (!refusal) return;
  throw new ApiError(refusal.code, refusal.reason, {
    ...(refusal.field !== undefined && { field: refusal.field }),
    ...(refusal.blockers && { blockers: refusal.blockers }),
    ...details,
  });
}

/** The same rule as a verdict, for `include=actions`. */
export function toVerdict(refusal: Refused | undefined): Verdict {
  return refusal
    ? { allowed: false, code: refusal.code, reason: refusal.reason }
    : { allowed: true };
}

import { ApiError, type Blocker } from '#contract/errors.ts';
import type { Refusal } from '../domain/refusal.ts';

/**
 * A rule's refusal as the error that the caller gets.
 * @param blockers what stands in the way, where the rule does not name it
 */
export function refusalError(refusal: Refusal, blockers = refusal.blockers): ApiError {
  return new ApiError(refusal.code, refusal.reason, {
    ...(refusal.field !== undefined && { field: refusal.field }),
    ...(blockers && { blockers }),
  });
}

/** @throws ApiError when a rule stands against it */
export function refuseIf(refusal: Refusal | undefined, blockers?: Blocker[]): void {
  if (refusal) throw refusalError(refusal, blockers);
}

import type { Verdict } from '#contract/actions.ts';
import { ApiError, type Blocker, type ErrorCode } from '#contract/errors.ts';

/** What a domain rule says against something; `field` is the member of the input that is wrong. */
export interface Refused {
  code: ErrorCode;
  reason: string;
  field?: string;
}

/** A domain rule's refusal as the error that the caller gets, with what stands in the way. */
export function refusalError(refusal: Refused, blockers?: Blocker[]): ApiError {
  return new ApiError(refusal.code, refusal.reason, {
    ...(refusal.field !== undefined && { field: refusal.field }),
    ...(blockers && { blockers }),
  });
}

/** @throws ApiError when a rule stands against it */
export function refuseIf(refusal: Refused | undefined, blockers?: Blocker[]): void {
  if (refusal) throw refusalError(refusal, blockers);
}

/** The same refusal as the answer to "may this be done?". */
export function toVerdict(refusal: Refused | undefined): Verdict {
  return refusal
    ? { allowed: false, code: refusal.code, reason: refusal.reason }
    : { allowed: true };
}

/** The same refusal, with the member of the input that is wrong. */
export function atField(refusal: Refused | undefined, field: string): Refused | undefined {
  return refusal && { ...refusal, field };
}

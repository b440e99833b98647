import type { Verdict } from '#contract/actions.ts';
import type { Blocker, ErrorCode } from '#contract/errors.ts';

/** What a rule says against something: the one form in which rules refuse. */
export interface Refusal {
  code: ErrorCode;
  /** One sentence: what is wrong, with which object, and what to do. */
  reason: string;
  /** The member of the input that is wrong, e.g. `newImage.id`. */
  field?: string;
  /** Everything that stands in the way. */
  blockers?: Blocker[];
}

/** The same refusal, of this member of the input. */
export function atField(refusal: Refusal | undefined, field: string): Refusal | undefined {
  return refusal && { ...refusal, field };
}

/** The same refusal as the answer to "may this be done?". */
export function toVerdict(refusal: Refusal | undefined): Verdict {
  return refusal
    ? { allowed: false, code: refusal.code, reason: refusal.reason }
    : { allowed: true };
}

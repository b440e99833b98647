import type { Blocker } from './blockers.ts';
import type { PasskeyRequest } from './people/passkey-forms.ts';
import type { PlanDifference } from './plans.ts';
import { type ConfirmationWay, type ErrorCode, errorStatus } from './error-codes.ts';

export { type Blocker, type ConfirmationWay, type ErrorCode, errorStatus };

/** What a refusal names beyond its sentence, so that a page can show it where it belongs. */
export interface ErrorDetails {
  /** Path of the member of the input that is wrong, e.g. `name` or `newImage.id`. */
  field?: string;
  /** Everything that stands in the way (blockers of a deletion, roles that cannot change, collisions). */
  blockers?: Blocker[];
  /** How what would happen now differs from what was shown. */
  difference?: PlanDifference;
  /** With `ConfirmationRequired`: the ways to sign in that do. */
  confirmBy?: ConfirmationWay[];
  /** With `PasskeyRequired`: what to ask the browser for. */
  passkey?: PasskeyRequest;
  /** After how long it may be tried again. Sent as Retry-After. */
  retryAfterSeconds?: number;
  /** The state that was looked at, where the refusal is about it. Sent as X-Revision. */
  revision?: string;
  /** The id of the earlier request whose answer this is. */
  replayOf?: string;
}

/** The one error that operations throw. `message` says what is wrong, with which object, and what to do. */
export class ApiError extends Error {
  readonly code: ErrorCode;
  readonly details: ErrorDetails;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message);
    this.name = 'ApiError';
    this.code = code;
    this.details = details;
  }

  get status(): number {
    return errorStatus[this.code];
  }
}

import type { Blocker } from './envelope.ts';

export type { Blocker };

/**
 * The closed set of error codes and the HTTP status of each. Clients match on the codes, so the ones
 * that Scalr has keep Scalr's spelling; docs/domain.md lists what each one means.
 */
export const errorStatus = {
  BadRequest: 400,
  InvalidStructure: 400,
  InvalidValue: 400,
  BadAuthentication: 401,
  PermissionViolation: 403,
  ScopeViolation: 403,
  EndpointNotFound: 404,
  ObjectNotFound: 404,
  MethodNotAllowed: 405,
  Conflict: 409,
  ConfigurationMismatch: 409,
  Deprecated: 409,
  Locked: 409,
  ObjectInUse: 409,
  OperatingSystemMismatch: 409,
  UnacceptableImageStatus: 409,
  UnacceptableState: 409,
  UnicityViolation: 409,
  PreconditionFailed: 412,
  PayloadTooLarge: 413,
  UnsupportedMediaType: 415,
  IdempotencyKeyReused: 422,
  LimitExceeded: 429,
  InternalServerError: 500,
  NotImplemented: 501,
  ServiceUnavailable: 503,
} as const;

export type ErrorCode = keyof typeof errorStatus;
export const errorCodes = Object.keys(errorStatus) as [ErrorCode, ...ErrorCode[]];

/** What a refusal names beyond its sentence, so that a page can show it where it belongs. */
export interface ErrorDetails {
  /** Path of the member of the input that is wrong, e.g. `name` or `newImage.id`. */
  field?: string;
  /** Everything that stands in the way (blockers of a deletion, roles that cannot change, collisions). */
  blockers?: Blocker[];
  /** After how long it may be tried again. Sent as Retry-After. */
  retryAfterSeconds?: number;
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

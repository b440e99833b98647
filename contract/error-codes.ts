/**
 * The closed set of error codes and the HTTP status of each. Clients match on the codes, so the ones
 * that Scalr has keep Scalr's spelling; docs/domain.md lists what each one means.
 */
export const errorStatus = {
  BadRequest: 400,
  InvalidStructure: 400,
  InvalidValue: 400,
  BadAuthentication: 401,
  PasskeyRequired: 401,
  ConfirmationRequired: 403,
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

/** How somebody who is signed in can show once more that it is they. */
export const confirmationWays = ['link', 'password', 'passkey', 'provider'] as const;
export type ConfirmationWay = (typeof confirmationWays)[number];

import { setTimeout as sleep } from 'node:timers/promises';
import { ApiError } from '#contract/errors.ts';
import { ChangesRefusedError, CommitUnknownError } from './pool-driver.ts';
import { isOutdatedStatement } from './statement-names.ts';

/** SQLSTATEs after which the same transaction may well succeed. */
const conflicts = new Set(['40001', '40P01']);
const unavailable = new Set([
  '57014', // statement timeout
  '55P03', // lock timeout
  '57P01', // shutting down
  '57P02',
  '57P03', // starting up
  '53300', // too many connections
  '25P03', // idle in transaction timeout
  '57P05', // idle session timeout
  'EAI_AGAIN',
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOENT',
  'ENOTFOUND',
  'EPIPE',
  'ETIMEDOUT',
]);

/** Why the database takes no change for the time being, though it can be read. */
const unwritableReasons: Record<string, string> = {
  '53100': 'The database has no room left on its disk',
  '25006': 'The database is read-only at the moment',
};

/** Values that no column takes: the second net under the contract's checks. */
const outOfRange = new Set([
  '22003', // number
  '22007', // not a time
  '22008', // time
  '22021', // not UTF-8, or NUL
  '22P02', // not a UUID, a number or JSON
  '22P05', // NUL in JSON
  '23514', // CHECK
]);

/** Runs a transaction again, at most `maxAttempts` times in all, when PostgreSQL broke a conflict by aborting it. */
export async function retryConflicts<T>(attempt: () => Promise<T>, maxAttempts = 3): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await attempt();
    } catch (error) {
      if (tries >= maxAttempts || !mayWorkNext(error)) throw error;
      await sleep(Math.random() * 20 * tries);
    }
  }
}

function mayWorkNext(error: unknown): boolean {
  return conflicts.has(codeOf(error)) || isOutdatedStatement(error);
}

/**
 * What a caller may know of an error. Constraints are the second net under the rules: one that holds
 * where a rule did not is still a refusal, not a crash.
 */
export function toApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  if (error instanceof CommitUnknownError)
    return new ApiError(
      'ServiceUnavailable',
      'The database was lost while this was being saved: it may or may not have been done. Check before you try again.',
    );
  if (error instanceof ChangesRefusedError)
    return new ApiError('ServiceUnavailable', error.message);
  const code = codeOf(error);
  const unwritable = unwritableReasons[code];
  if (unwritable !== undefined)
    return new ApiError(
      'ServiceUnavailable',
      `${unwritable}, so nothing can be changed. Reading goes on; try again later.`,
    );
  if (code === '23505')
    return new ApiError(
      'UnicityViolation',
      'Something with the same name or cloud image already exists. Reload and check.',
    );
  if (code === '23503')
    return new ApiError(
      'ObjectInUse',
      'Something else still refers to this, or this refers to something that is gone. Reload and check.',
    );
  if (outOfRange.has(code))
    return new ApiError('InvalidValue', 'A value is out of range. Check what you sent.');
  if (unavailable.has(code) || mayWorkNext(error) || isBrokenConnection(error))
    return new ApiError(
      'ServiceUnavailable',
      'The database did not answer in time. Try again in a few seconds.',
    );
  const internal = new ApiError(
    'InternalServerError',
    'Slipway failed to do this; nothing was changed. The log has the details under the request id.',
  );
  internal.cause = error;
  return internal;
}

function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
}

function isBrokenConnection(error: unknown): boolean {
  return (
    error instanceof Error &&
    /Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error/i.test(
      error.message,
    )
  );
}

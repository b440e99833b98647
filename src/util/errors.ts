import { ApiError } from '#contract/errors.ts';
import type { Blocker } from '#contract/errors.ts';
import type { PlanDifference } from '#contract/plans.ts';

/** What a page needs of any error, wherever it came from. */
export interface ErrorFacts {
  message: string;
  code?: string;
  status?: number;
  requestId?: string;
  field?: string;
  blockers: Blocker[];
  /** How what would happen now differs from what was shown. */
  difference?: PlanDifference;
}

function member(error: object, name: string): unknown {
  return Reflect.get(error, name);
}

function stringOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function blockersOf(value: unknown): Blocker[] {
  // The contract types what the server sends; a foreign error has none.
  return Array.isArray(value) ? (value as Blocker[]) : [];
}

function differenceOf(value: unknown): PlanDifference | undefined {
  // The contract types what the server sends; a foreign error has none.
  return typeof value === 'object' && value !== null ? (value as PlanDifference) : undefined;
}

/** Whether there was no answer at all, not even a refusal (api/client.ts). */
export function isUnreachable(error: unknown): boolean {
  return (
    error instanceof ApiError &&
    error.code === 'ServiceUnavailable' &&
    member(error, 'requestId') === undefined
  );
}

/** For what was thrown without a word. */
const unexplained =
  'The page stopped without saying why. Reload it; if that does not help, look in the server log.';

/**
 * Reads an error of the API client, of the router or of the browser. A failed fetch has no answer to
 * quote, so it gets a sentence that says what to do.
 */
export function errorFacts(error: unknown): ErrorFacts {
  if (typeof error !== 'object' || error === null) {
    return { message: stringOf(error) ?? unexplained, blockers: [] };
  }
  const status = member(error, 'status');
  if (error instanceof TypeError && status === undefined) {
    return {
      message: 'The server cannot be reached. Check that it is running, then try again.',
      blockers: [],
    };
  }
  const details = member(error, 'details');
  const inner = typeof details === 'object' && details !== null ? details : {};
  const message = error instanceof Error ? error.message : stringOf(member(error, 'message'));
  const code = stringOf(member(error, 'code'));
  const requestId = stringOf(member(error, 'requestId'));
  const field = stringOf(member(error, 'field')) ?? stringOf(member(inner, 'field'));
  const difference = differenceOf(member(inner, 'difference'));
  return {
    ...(difference === undefined ? {} : { difference }),
    message: message ?? stringOf(member(error, 'statusText')) ?? unexplained,
    ...(code === undefined ? {} : { code }),
    ...(typeof status === 'number' ? { status } : {}),
    ...(requestId === undefined ? {} : { requestId }),
    ...(field === undefined ? {} : { field }),
    blockers: blockersOf(member(error, 'blockers') ?? member(inner, 'blockers')),
  };
}

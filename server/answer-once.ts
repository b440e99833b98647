import { ApiError, type ErrorCode, type ErrorDetails } from '#contract/errors.ts';
import {
  claimRequest,
  type RepeatableRequest,
  setSavepoint,
  storeAnswer,
} from './database/queries/records/answered-requests.ts';
import { toApiError } from './database/connection/errors.ts';
import type { Tx } from './services/context.ts';

/** What was done, or the refusal that was the answer; `replayOf` when it was another request's. */
export type Once<Done> = { done: Done; replayOf?: string } | { refusal: ApiError };

type Stored<Done> =
  | { requestId: string; done: Done }
  | { requestId: string; code: ErrorCode; message: string; details: ErrorDetails };

/**
 * Does something once for all requests with the same key: docs/domain.md, "Repeats". Answer and work are
 * in one transaction, so a repeat finds both or neither. A refusal is an answer too; its work is undone.
 * @throws ApiError IdempotencyKeyReused for another request under the key; whatever may succeed later
 */
export async function answerOnce<Done>(
  tx: Tx,
  request: RepeatableRequest,
  requestId: string,
  work: () => Promise<Done>,
): Promise<Once<Done>> {
  const before = await claimRequest(tx, request);
  if (before) return replay(request, before);
  const undoWork = await setSavepoint(tx);
  try {
    const done = await work();
    await storeAnswer(tx, request, JSON.stringify({ requestId, done } satisfies Stored<Done>));
    return { done };
  } catch (error) {
    const refusal = toApiError(error);
    if (!isLasting(refusal)) throw error;
    await undoWork();
    const { code, message, details } = refusal;
    const stored: Stored<Done> = { requestId, code, message, details };
    await storeAnswer(tx, request, JSON.stringify(stored));
    return { refusal };
  }
}

function replay<Done>(
  request: RepeatableRequest,
  before: { hash: Buffer; answer: string },
): Once<Done> {
  if (!before.hash.equals(request.hash))
    throw new ApiError(
      'IdempotencyKeyReused',
      'This Idempotency-Key was already sent with a different request. Use a new key for each new request.',
    );
  const stored = JSON.parse(before.answer) as Stored<Done>;
  const replayOf = stored.requestId;
  if ('done' in stored) return { done: stored.done, replayOf };
  const { code, message, details } = stored;
  return { refusal: new ApiError(code, message, { ...details, replayOf }) };
}

/** The same request would be refused again, however often it came. */
function isLasting({ code, status }: ApiError): boolean {
  return status >= 400 && status < 500 && code !== 'LimitExceeded' && code !== 'BadAuthentication';
}

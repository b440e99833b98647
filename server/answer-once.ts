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

/** A request that is being answered. */
export interface Attempt<Done> {
  requestId: string;
  at: Date;
  /** Of the scope's chains, before the work. */
  revision: string;
  /** Does it. @returns what is answered, and the names of the objects that it changed */
  work(): Promise<{ done: Done; changed: string[] }>;
  /** The revision that an answer leaves behind. */
  revisionOf(done: Done): string;
  /** Whether any of these objects was changed after a revision. */
  haveChanged(names: readonly string[], since: string): Promise<boolean>;
}

/** What is kept of an answered request. An answer that holds a secret is not kept, only that there was one. */
interface Kept<Done> {
  requestId: string;
  at: string;
  /** After it; older releases did not keep it. */
  revision?: string;
  changed: string[];
  done?: Done;
  refusal?: { code: ErrorCode; message: string; details: ErrorDetails };
}

/**
 * Does something once for all requests with the same key: docs/domain.md, "Repeats". Answer and work are
 * in one transaction, so a repeat finds both or neither. A refusal is an answer too; its work is undone.
 * @throws ApiError IdempotencyKeyReused for another request under the key; Conflict for a repeat that can
 * not be answered any more; whatever may succeed later
 */
export async function answerOnce<Done>(
  tx: Tx,
  request: RepeatableRequest,
  attempt: Attempt<Done>,
): Promise<Once<Done>> {
  const before = await claimRequest(tx, request);
  if (before) return recall(request, before, attempt);
  const undoWork = await setSavepoint(tx);
  const keep = (kept: Pick<Kept<Done>, 'changed' | 'done' | 'refusal'>, revision: string) => {
    const { requestId, at } = attempt;
    const all: Kept<Done> = { requestId, at: at.toISOString(), revision, ...kept };
    return storeAnswer(tx, request, JSON.stringify(all));
  };
  try {
    const { done, changed } = await attempt.work();
    const answer = request.isSecret ? {} : { done };
    await keep({ changed, ...answer }, attempt.revisionOf(done));
    return { done };
  } catch (error) {
    const refusal = toApiError(error);
    if (!isLasting(refusal)) throw error;
    await undoWork();
    const { code, message, details } = refusal;
    await keep({ changed: [], refusal: { code, message, details } }, attempt.revision);
    return { refusal };
  }
}

/** @returns the answer that was given */
async function recall<Done>(
  request: RepeatableRequest,
  before: { hash: Buffer; answer: string },
  attempt: Attempt<Done>,
): Promise<Once<Done>> {
  if (!before.hash.equals(request.hash))
    throw new ApiError(
      'IdempotencyKeyReused',
      'This Idempotency-Key was already sent with a different request. Use a new key for each new request.',
    );
  const kept = JSON.parse(before.answer) as Kept<Done>;
  const { revision, requestId: replayOf, done, refusal } = kept;
  // A client that gives no key of its own may mean the same again, not the same request.
  if (request.isBySignature && revision !== undefined && revision !== attempt.revision)
    await demandStillTrue(kept, revision, attempt);
  if (refusal)
    return {
      refusal: new ApiError(refusal.code, refusal.message, { ...refusal.details, replayOf }),
    };
  if (done !== undefined) return { done, replayOf };
  throw new ApiError(
    'Conflict',
    `This request was carried out already at ${kept.at}. Its answer held a secret, and a secret was shown once and is kept by nobody. Delete what was made and make another, with another Idempotency-Key.`,
  );
}

/**
 * An answer is true while what the request changed is as it left it; the answer of one that changed
 * nothing, while nothing at all has changed. It is not carried out again: whoever overheard it could choose when.
 * @throws ApiError Conflict
 */
async function demandStillTrue<Done>(
  { at, changed, refusal }: Kept<Done>,
  revision: string,
  attempt: Attempt<Done>,
): Promise<void> {
  if (changed.length > 0 && !(await attempt.haveChanged(changed, revision))) return;
  const what = refusal ? `refused already at ${at}` : `carried out already at ${at}`;
  throw new ApiError(
    'Conflict',
    `This very request was ${what}, and things have changed since. If you mean it once more, sign it anew, with a later date.`,
  );
}

/** What may be otherwise the next time although the request is the same. */
const passing: readonly ErrorCode[] = [
  'LimitExceeded',
  'BadAuthentication',
  'ConfirmationRequired',
];

/** The same request would be refused again, however often it came. */
function isLasting({ code, status }: ApiError): boolean {
  return status >= 400 && status < 500 && !passing.includes(code);
}

import type { Warning } from '#contract/envelope.ts';
import { ApiError } from '#contract/errors.ts';
import type { OperationSpec } from '#contract/operation.ts';
import type { ScopeRef } from '#contract/scope.ts';
import { answerOnce, type Once } from './answer-once.ts';
import type { SessionLimits } from './auth/sessions.ts';
import type { Entrance } from './auth/entrance.ts';
import type { PasskeySite } from './auth/passkeys.ts';
import type { SecretBox } from './auth/secret-box.ts';
import type { Db } from './database/connection/connection.ts';
import { retryConflicts, toApiError } from './database/connection/errors.ts';
import { takeWriteLock, type WriteLock } from './database/connection/locks.ts';
import type { RepeatableRequest } from './database/queries/records/answered-requests.ts';
import {
  appendToLog,
  haveChangedSince,
  toRevision,
} from './database/queries/records/operations-log.ts';
import type { SignInWays } from '#contract/people/sign-in.ts';
import type { Channels, Clouds, Context, ImageSight, Prepared, Tx } from './services/context.ts';
import { namesIn, toLogColumns } from './services/log-entry.ts';
import { makeContext, type Work } from './services/make-context.ts';

export type Principal = Context['principal'];

/** What records keep of a request. */
interface Trace {
  requestId: string;
  operation: string;
  /** What the caller authenticated with, e.g. `session:1a2b3c`. Never a secret. */
  credential: string;
  /** Where the request came from, e.g. an IP address. */
  origin: string;
}

/** What is known of an answer before its rows. */
export interface AnswerHead {
  requestId: string;
  /** `<corporate>.<account>`; absent for operations of the signed-in user, which belong to no scope. */
  revision?: string;
}

/** One request or step, as the unit of work sees it. */
export interface Call<T> {
  trace: Trace;
  /** Whose the credential is; nobody's for steps of the system. */
  credentialOf?: number | undefined;
  /** Of a session: when whoever has it last showed that it is they. */
  confirmedAt?: Date | undefined;
  /** As what the caller's browser calls itself. */
  userAgent?: string | undefined;
  sessions?: SessionLimits | undefined;
  lock: WriteLock;
  ifMatch: number | undefined;
  planDigest: string | undefined;
  secrets: SecretBox | undefined;
  channels?: Channels | undefined;
  ways?: SignInWays | undefined;
  site?: PasskeySite | undefined;
  prepared?: Prepared | undefined;
  clouds?: Clouds | undefined;
  sight?: ImageSight | undefined;
  repeat: RepeatableRequest | undefined;
  enter(tx: Tx): Promise<Entered>;
  /** The scope whose chain records the change. */
  recordAt(scope: ScopeRef): ScopeRef;
  service(ctx: Context): Promise<T>;
  /** Passes on, while the read's transaction is open, what comes out of it bit by bit. */
  handOver?(result: T, head: AnswerHead): Promise<void>;
}

type Entered = Pick<Entrance, 'now' | 'scope' | 'heads' | 'position'> & { principal: Principal };

/** What came of it; `replayOf` when it was an earlier request that did it. */
export interface Done<T> {
  result: T;
  warnings: Warning[];
  revision?: string;
  /** Of a read: whatever was changed by transactions before this one is in it. */
  position?: number;
  replayOf?: string;
}

/** A change always says at which revision it left its scope. */
type Written<T> = Done<T> & { revision: string };

/**
 * Tries again what met another change, and turns whatever else went wrong into a refusal.
 * @throws ApiError
 */
export async function settle<T>(
  attempt: () => Promise<Done<T>>,
  onDenial: (refusal: ApiError) => Promise<void>,
  maxAttempts?: number,
): Promise<Done<T>> {
  try {
    return await retryConflicts(attempt, maxAttempts);
  } catch (error) {
    const refusal = toApiError(error);
    if (refusal.code === 'PermissionViolation' || refusal.code === 'ScopeViolation')
      await onDenial(refusal);
    throw refusal;
  }
}

/** Puts the revision that was looked at on a refusal, as on an answer. */
export async function seenAt<T>(revision: string | undefined, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ApiError && revision !== undefined) error.details.revision ??= revision;
    throw error;
  }
}

/** Reads see one moment. Operations of the signed-in user may write their session, and nothing else. */
export async function read<T>(db: Db, spec: OperationSpec, call: Call<T>): Promise<Done<T>> {
  const writesSession = spec.levels.includes('self') && spec.method !== 'GET';
  const transaction = writesSession
    ? db.transaction()
    : db.transaction().setIsolationLevel('repeatable read').setAccessMode('read only');
  return transaction.execute(async (tx) => {
    const { principal, scope, heads, position } = await call.enter(tx);
    const work: Work = { warnings: [], records: [] };
    const place: ScopeRef = scope ?? { scope: 'scalr' };
    const context = makeContext({
      ...call,
      ...call.trace,
      tx,
      principal,
      scope: place,
      now: new Date(),
      revision: toRevision(heads, place),
      work,
    });
    const revision = scope && toRevision(heads, scope);
    const result = await seenAt(revision, () => call.service(context));
    const known = revision === undefined ? {} : { revision };
    await call.handOver?.(result, { requestId: call.trace.requestId, ...known });
    return { result, warnings: work.warnings, position, ...known };
  });
}

/** What makes something new has no version to compare; no change passes without its If-Match being looked at. */
function nothingToMatch(): ApiError {
  return new ApiError(
    'PreconditionFailed',
    'If-Match names a version, but what is changed here has none yet. Leave If-Match out.',
  );
}

/** A change, under its lock: all of it and its record, or nothing. */
export async function write<T>(db: Db, call: Call<T>): Promise<Done<T>> {
  const once: Once<Written<T>> = await db
    .transaction()
    .setIsolationLevel('read committed')
    .execute(async (tx) => {
      await takeWriteLock(tx, call.lock);
      const { principal, scope, now, heads } = await call.enter(tx);
      if (!scope) throw new Error(`${call.trace.operation} changes data but names no scope`);
      const work: Work = { warnings: [], records: [] };
      const revision = toRevision(heads, scope);
      const context = makeContext({
        ...call,
        ...call.trace,
        tx,
        principal,
        scope,
        now,
        revision,
        work,
      });
      const carryOut = async (): Promise<Written<T>> => {
        const result = await seenAt(revision, () => call.service(context));
        if (call.ifMatch !== undefined && work.versionCompared !== true) throw nothingToMatch();
        let after = heads;
        for (const entry of work.records) {
          after = await appendToLog(tx, after, {
            ...toLogColumns(entry),
            ...call.trace,
            at: now,
            actor: context.actor,
            scope: call.recordAt(scope),
          });
        }
        return { result, warnings: work.warnings, revision: toRevision(after, scope) };
      };
      return call.repeat
        ? answerOnce(tx, call.repeat, {
            requestId: call.trace.requestId,
            at: now,
            revision,
            work: async () => ({ done: await carryOut(), changed: work.records.flatMap(namesIn) }),
            revisionOf: (done) => done.revision,
            haveChanged: (names, since) => haveChangedSince(tx, scope, since, names),
          })
        : { done: await carryOut() };
    });
  if ('refusal' in once) throw once.refusal;
  return { ...once.done, ...(once.replayOf !== undefined && { replayOf: once.replayOf }) };
}

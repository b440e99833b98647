import { randomUUID } from 'node:crypto';
import type { Warning } from '#contract/envelope.ts';
import type { ApiError } from '#contract/errors.ts';
import type { OperationSpec } from '#contract/operation.ts';
import { type OperationId, operations, type ServiceInput } from '#contract/operations.ts';
import type { ScopeRef } from '#contract/scope.ts';
import { addressOf, authorise, notSignedIn, type ScopeAddress } from './auth/authorise.ts';
import { type Entrance, readEntrance } from './auth/entrance.ts';
import type { Principal } from './auth/principal.ts';
import type { SecretBox } from './auth/secret-box.ts';
import { answerOnce, type Once } from './answer-once.ts';
import type { Db } from './database/connection/connection.ts';
import { recordDenial } from './database/queries/people/denials.ts';
import { retryConflicts, toApiError } from './database/connection/errors.ts';
import type { RepeatableRequest } from './database/queries/records/answered-requests.ts';
import { takeWriteLock, type WriteLock } from './database/connection/locks.ts';
import { appendToLog, toRevision } from './database/queries/records/operations-log.ts';
import type { Context, CsvRow, Handler, Result, Tx } from './services/context.ts';
import { handlers } from './services/handlers.ts';
import { makeContext, type Work } from './services/make-context.ts';

/** What `http` hands on, and how it tells what went wrong outside of an operation. */
export { type Db, toApiError };

type SystemCaller = Extract<Principal, { kind: 'system' }>;

/** Who asks, before their rights are read: rights are read inside the transaction, under the lock. */
export type Caller =
  | { kind: 'user'; userId: number; email: string }
  | { kind: 'anonymous' }
  | SystemCaller;

/** What records keep of a request. */
interface Trace {
  requestId: string;
  operation: string;
  /** What the caller authenticated with, e.g. `session:1a2b3c`. Never a secret. */
  credential: string;
  /** Where the request came from, e.g. an IP address. */
  origin: string;
}

export interface OperationRequest<Id extends OperationId> {
  operation: Id;
  caller: Caller;
  /** Where: as the path says it, not yet looked up. */
  address: ScopeAddress;
  input: ServiceInput<Id>;
  requestId?: string;
  credential?: string;
  origin?: string;
  /** What tells that the request is a repeat, if anything does. */
  repeat?: Pick<RepeatableRequest, 'key' | 'hash'> | undefined;
  /** For operations that keep secrets. */
  secrets?: SecretBox | undefined;
  /** The version that If-Match names. */
  ifMatch?: number | undefined;
  /**
   * Takes the rows of an operation of kind `csv`, header first. It runs inside the transaction of the
   * read, which waits for it: rows leave the database as they are taken, so memory stays flat.
   */
  consume?: (rows: AsyncIterable<CsvRow>, head: AnswerHead) => Promise<void>;
}

/** What is known of an answer before its rows. */
export interface AnswerHead {
  requestId: string;
  /** `<corporate>.<account>`; absent for operations of the signed-in user, which belong to no scope. */
  revision?: string;
}

/** Where a page stands in its list. */
export type PageInfo = NonNullable<Result<OperationId>['page']>;

export interface Answer<Id extends OperationId> extends Omit<Result<Id>, 'csv'>, AnswerHead {
  warnings: Warning[];
  /** The answer is that of an earlier request, which this one repeats. */
  isReplay: boolean;
}

/**
 * The unit of work: everything that happens in Slipway happens here. Opens the transaction, takes the
 * lock, authorises, calls the service, writes the operations log, commits.
 * @throws ApiError for every refusal; a refusal for want of a right is recorded in `denials`
 */
export async function perform<Id extends OperationId>(
  db: Db,
  request: OperationRequest<Id>,
): Promise<Answer<Id>> {
  const spec: OperationSpec = operations[request.operation];
  const trace: Trace = {
    requestId: request.requestId ?? randomUUID(),
    operation: spec.id,
    credential: request.credential ?? '',
    origin: request.origin ?? '',
  };
  const call: Call<Result<Id>> = {
    trace,
    lock: lockOf(spec, request.address),
    ifMatch: request.ifMatch,
    secrets: request.secrets,
    repeat: repeatOf(spec, request),
    enter: async (tx) => {
      const { caller, address } = request;
      const userId = caller.kind === 'user' ? caller.userId : undefined;
      const entrance = await readEntrance(tx, address, userId);
      const scope: ScopeRef | undefined =
        spec.recorded === true ? { scope: 'scalr' } : entrance.scope;
      const principal = authoriseCaller(spec, request, scope, entrance.user);
      return { ...entrance, principal, scope };
    },
    recordAt: (scope) =>
      spec.writesAbove && scope.scope === 'account' ? { scope: 'scalr' } : scope,
    service: (ctx) => (handlers[request.operation] as Handler<Id>)(ctx, request.input),
    handOver: async ({ csv }, head) => {
      if (!csv) return;
      if (!request.consume) throw new Error(`${spec.id} needs a consumer for its rows`);
      await request.consume(csv, head);
    },
  };
  const { warnings, result, revision, replayOf } = await settle(
    () => (isRead(spec) ? read(db, spec, call) : write(db, call)),
    (refusal) =>
      recordDenial(db, { ...trace, caller: request.caller, address: request.address, refusal }),
    // What was handed over cannot be taken back, so such a read is not tried again.
    spec.kind === 'csv' ? 1 : undefined,
  );
  const { csv: _handedOver, ...answer } = result;
  return {
    ...answer,
    requestId: replayOf ?? trace.requestId,
    isReplay: replayOf !== undefined,
    warnings,
    ...(revision !== undefined && { revision }),
  };
}

/**
 * Runs a change that no operation of the contract stands for, such as a step of a loop, with the same
 * lock, log and checks.
 * @throws ApiError as the service does
 */
export async function performInternally<T>(
  db: Db,
  step: {
    caller: SystemCaller;
    operation: string;
    scope: ScopeRef;
    secrets?: SecretBox | undefined;
  },
  service: (ctx: Context) => Promise<T>,
): Promise<T> {
  const call: Call<T> = {
    trace: { requestId: randomUUID(), operation: step.operation, credential: '', origin: '' },
    lock: step.scope.scope === 'scalr' ? { corporate: true } : { accountId: step.scope.accountId },
    ifMatch: undefined,
    secrets: step.secrets,
    repeat: undefined,
    enter: async (tx) => {
      const entrance = await readEntrance(tx, addressOf(step.scope), undefined);
      return { ...entrance, principal: step.caller, scope: step.scope };
    },
    recordAt: (scope) => scope,
    service,
  };
  const done = await settle(
    () => write(db, call),
    async () => {},
  );
  return done.result;
}

interface Call<T> {
  trace: Trace;
  lock: WriteLock;
  ifMatch: number | undefined;
  secrets: SecretBox | undefined;
  repeat: RepeatableRequest | undefined;
  enter(tx: Tx): Promise<Entered>;
  /** The scope whose chain records the change. */
  recordAt(scope: ScopeRef): ScopeRef;
  service(ctx: Context): Promise<T>;
  /** Passes on, while the read's transaction is open, what comes out of it bit by bit. */
  handOver?(result: T, head: AnswerHead): Promise<void>;
}

type Entered = Pick<Entrance, 'now' | 'scope' | 'heads'> & { principal: Principal };

interface Done<T> {
  result: T;
  warnings: Warning[];
  revision?: string;
  replayOf?: string;
}

async function settle<T>(
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

/** Reads see one moment. Operations of the signed-in user may write their session, and nothing else. */
async function read<T>(db: Db, spec: OperationSpec, call: Call<T>): Promise<Done<T>> {
  const writesSession = spec.levels.includes('self') && spec.method !== 'GET';
  const transaction = writesSession
    ? db.transaction()
    : db.transaction().setIsolationLevel('repeatable read').setAccessMode('read only');
  return transaction.execute(async (tx) => {
    const { principal, scope, heads } = await call.enter(tx);
    const work: Work = { warnings: [], records: [] };
    const place: ScopeRef = scope ?? { scope: 'scalr' };
    const context = makeContext({
      ...call,
      ...call.trace,
      tx,
      principal,
      scope: place,
      now: new Date(),
      work,
    });
    const result = await call.service(context);
    const revision = scope && toRevision(heads, scope);
    const known = revision === undefined ? {} : { revision };
    await call.handOver?.(result, { requestId: call.trace.requestId, ...known });
    return { result, warnings: work.warnings, ...known };
  });
}

async function write<T>(db: Db, call: Call<T>): Promise<Done<T>> {
  const once: Once<Done<T>> = await db
    .transaction()
    .setIsolationLevel('read committed')
    .execute(async (tx) => {
      await takeWriteLock(tx, call.lock);
      const { principal, scope, now, heads } = await call.enter(tx);
      if (!scope) throw new Error(`${call.trace.operation} changes data but names no scope`);
      const work: Work = { warnings: [], records: [] };
      const context = makeContext({ ...call, ...call.trace, tx, principal, scope, now, work });
      const carryOut = async (): Promise<Done<T>> => {
        const result = await call.service(context);
        let after = heads;
        for (const entry of work.records) {
          after = await appendToLog(tx, after, {
            ...entry,
            ...call.trace,
            at: now,
            actor: context.actor,
            scope: call.recordAt(scope),
          });
        }
        return { result, warnings: work.warnings, revision: toRevision(after, scope) };
      };
      return call.repeat
        ? answerOnce(tx, call.repeat, call.trace.requestId, carryOut)
        : { done: await carryOut() };
    });
  if ('refusal' in once) throw once.refusal;
  return { ...once.done, ...(once.replayOf !== undefined && { replayOf: once.replayOf }) };
}

/** Only what changes something for a user, and answers with nothing secret, is kept for a repeat. */
function repeatOf(
  spec: OperationSpec,
  { caller, repeat }: Pick<OperationRequest<OperationId>, 'caller' | 'repeat'>,
): RepeatableRequest | undefined {
  if (!repeat || caller.kind !== 'user' || spec.secret === true) return undefined;
  return { ...repeat, userId: caller.userId };
}

function isRead(spec: OperationSpec): boolean {
  const ofUser = spec.levels.includes('self') && spec.recorded !== true;
  return spec.method === 'GET' || spec.permission === 'view' || ofUser;
}

function lockOf(spec: OperationSpec, address: ScopeAddress): WriteLock {
  if (address.level === 'user') return { environmentId: address.envId };
  if (address.level === 'account' && !spec.writesAbove) return { accountId: address.accountId };
  return { corporate: true };
}

function authoriseCaller<Id extends OperationId>(
  spec: OperationSpec,
  request: OperationRequest<Id>,
  scope: ScopeRef | undefined,
  user: Principal | undefined,
): Principal {
  if (spec.permission === 'none') return { kind: 'system', name: 'system:sign-in' };
  const principal = request.caller.kind === 'system' ? request.caller : user;
  if (!principal) throw notSignedIn();
  if (spec.permission !== 'signed-in') authorise(principal, spec, request.address, scope);
  return principal;
}

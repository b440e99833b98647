import { randomUUID } from 'node:crypto';
import type { Warning } from '#contract/envelope.ts';
import type { OperationSpec } from '#contract/operation.ts';
import { type OperationId, operations, type ServiceInput } from '#contract/operations.ts';
import type { ScopeRef } from '#contract/scope.ts';
import { addressOf, authorise, maySee, notSignedIn, type ScopeAddress } from './auth/authorise.ts';
import { readEntrance } from './auth/entrance.ts';
import type { SecretBox } from './auth/secret-box.ts';
import type { Db } from './database/connection/connection.ts';
import { toApiError } from './database/connection/errors.ts';
import type { WriteLock } from './database/connection/locks.ts';
import { recordDenial } from './database/queries/people/denials.ts';
import type { RepeatableRequest } from './database/queries/records/answered-requests.ts';
import { toRevision } from './database/queries/records/operations-log.ts';
import { lookAhead } from './look-ahead.ts';
import { demandRestated, type Restated } from './restated.ts';
import type { Channels, Clouds, Context, CsvRow, Handler, Result } from './services/context.ts';
import { handlers } from './services/handlers.ts';
import {
  type AnswerHead,
  type Call,
  type Principal,
  read,
  seenAt,
  settle,
  write,
} from './unit-of-work.ts';

/** What `http` hands on, and how it tells what went wrong outside of an operation. */
export { type AnswerHead, type Channels, type Clouds, type Db, toApiError };

type SystemCaller = Extract<Principal, { kind: 'system' }>;

/** Who asks, before their rights are read: rights are read inside the transaction, under the lock. */
export type Caller =
  | { kind: 'user'; userId: number; email: string }
  | { kind: 'anonymous' }
  | SystemCaller;

export interface OperationRequest<Id extends OperationId> {
  operation: Id;
  caller: Caller;
  /** Where: as the path says it, not yet looked up. */
  address: ScopeAddress;
  input: ServiceInput<Id>;
  restated?: Restated | undefined;
  requestId?: string;
  credential?: string;
  origin?: string;
  /** What tells that the request is a repeat, if anything does. */
  repeat?: Omit<RepeatableRequest, 'userId' | 'isSecret'> | undefined;
  /** For operations that keep secrets. */
  secrets?: SecretBox | undefined;
  /** Where owners of farms can be written to. */
  channels?: Channels | undefined;
  /** What there is to know of clouds. */
  clouds?: Clouds | undefined;
  /** The version that If-Match names. */
  ifMatch?: number | undefined;
  /** The digest of the plan that was shown before. */
  planDigest?: string | undefined;
  /**
   * Takes the rows of an operation of kind `csv`, header first. It runs inside the transaction of the
   * read, which waits for it: rows leave the database as they are taken, so memory stays flat.
   */
  consume?: (rows: AsyncIterable<CsvRow>, head: AnswerHead) => Promise<void>;
}

export interface Answer<Id extends OperationId> extends Omit<Result<Id>, 'csv'>, AnswerHead {
  /** Of a read: where in the order of changes it stands (docs/architecture.md, "Live"). */
  position?: number;
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
  const call = callOf(spec, request);
  const { warnings, result, revision, position, replayOf } = await settle(
    async () =>
      isRead(spec)
        ? read(db, spec, call)
        : write(db, { ...call, sight: await lookAhead(db, call, request) }),
    (refusal) =>
      recordDenial(db, {
        ...call.trace,
        caller: request.caller,
        address: request.address,
        refusal,
      }),
    // What was handed over cannot be taken back, so such a read is not tried again.
    spec.kind === 'csv' ? 1 : undefined,
  );
  const { csv: _handedOver, ...answer } = result;
  return {
    ...answer,
    requestId: replayOf ?? call.trace.requestId,
    isReplay: replayOf !== undefined,
    warnings,
    ...(revision !== undefined && { revision }),
    ...(position !== undefined && { position }),
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
    planDigest: undefined,
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

function callOf<Id extends OperationId>(
  spec: OperationSpec,
  request: OperationRequest<Id>,
): Call<Result<Id>> {
  return {
    trace: {
      requestId: request.requestId ?? randomUUID(),
      operation: spec.id,
      credential: request.credential ?? '',
      origin: request.origin ?? '',
    },
    credentialOf: request.caller.kind === 'user' ? request.caller.userId : undefined,
    lock: lockOf(spec, request.address),
    ifMatch: request.ifMatch,
    planDigest: request.planDigest,
    secrets: request.secrets,
    channels: request.channels,
    clouds: request.clouds,
    repeat: repeatOf(spec, request),
    enter: async (tx) => {
      const { caller, address } = request;
      const userId = caller.kind === 'user' ? caller.userId : undefined;
      const entrance = await readEntrance(tx, address, userId);
      const scope: ScopeRef | undefined =
        spec.recorded === true ? { scope: 'scalr' } : entrance.scope;
      // Whoever may not even see the scope learns nothing of it.
      const seen = entrance.user && scope && maySee(entrance.user, scope);
      const principal = await seenAt(
        seen ? toRevision(entrance.heads, scope) : undefined,
        async () => authoriseCaller(spec, request, scope, entrance.user),
      );
      return { ...entrance, principal, scope };
    },
    recordAt: (scope) =>
      spec.writesAbove && scope.scope === 'account' ? { scope: 'scalr' } : scope,
    service: async (ctx) => {
      await demandRestated(ctx, spec, request);
      return (handlers[request.operation] as Handler<Id>)(ctx, request.input);
    },
    handOver: async ({ csv }, head) => {
      if (!csv) return;
      if (!request.consume) throw new Error(`${spec.id} needs a consumer for its rows`);
      await request.consume(csv, head);
    },
  };
}

/** Only what changes something for a user is kept for a repeat. */
function repeatOf(
  spec: OperationSpec,
  { caller, repeat }: Pick<OperationRequest<OperationId>, 'caller' | 'repeat'>,
): RepeatableRequest | undefined {
  if (!repeat || caller.kind !== 'user') return undefined;
  return { ...repeat, userId: caller.userId, isSecret: spec.secret === true };
}

/** Whether an operation takes no lock: it looks, or changes what is its user's own. */
export function isRead(spec: OperationSpec): boolean {
  const ofUser = spec.levels.includes('self') && spec.recorded !== true;
  const looks = spec.permission === 'view' && spec.keeps !== true;
  return spec.method === 'GET' || looks || ofUser;
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

import { randomUUID } from 'node:crypto';
import type { Warning } from '#contract/envelope.ts';
import type { OperationSpec } from '#contract/operation.ts';
import { type OperationId, operations, type ServiceInput } from '#contract/operations.ts';
import type { ScopeRef } from '#contract/scope.ts';
import {
  addressOf,
  authorise,
  maySee,
  type Narrowing,
  narrow,
  notSignedIn,
  refuseToWrite,
  type ScopeAddress,
} from './auth/authorise.ts';
import { readEntrance } from './auth/entrance.ts';
import { recordRefusedLink } from './auth/refused-links.ts';
import { actAsOwner } from './auth/farm-owners.ts';
import type { SessionLimits } from './auth/sessions.ts';
import type { PasskeySite } from './auth/passkeys.ts';
import type { SecretBox } from './auth/secret-box.ts';
import type { Db } from './database/connection/connection.ts';
import type { Replica } from './database/connection/replica.ts';
import { toApiError } from './database/connection/errors.ts';
import { recordDenial } from './database/queries/people/denials.ts';
import type { RepeatableRequest } from './database/queries/records/answered-requests.ts';
import { toRevision } from './database/queries/records/operations-log.ts';
import { lookAhead } from './look-ahead.ts';
import { readNear } from './read-near.ts';
import { isChange, isRead, lockOf, repeatOf, wantsConfirmation } from './operation-kinds.ts';
import { demandRestated, type Restated } from './restated.ts';
import type { SignInWays } from '#contract/people/sign-in.ts';
import type {
  Channels,
  Clouds,
  Context,
  CsvRow,
  Handler,
  Prepared,
  Result,
} from './services/context.ts';
import { handlers } from './services/handlers.ts';
import { type Preparation, preparations } from './services/people/preparations.ts';
import {
  type AnswerHead,
  type Call,
  type Principal,
  seenAt,
  settle,
  write,
} from './unit-of-work.ts';

/** What `http` hands on, and how it tells what went wrong outside of an operation. */
export {
  type AnswerHead,
  type Channels,
  type Clouds,
  type Db,
  type PasskeySite,
  type Replica,
  type SignInWays,
  toApiError,
};

type SystemCaller = Extract<Principal, { kind: 'system' }>;

/** Who asks, before their rights are read: rights are read inside the transaction, under the lock. */
export type Caller =
  | {
      kind: 'user';
      userId: number;
      email: string;
      /** Of an API key. */
      narrowing?: Narrowing;
      /** Of a session: when whoever has it last showed that it is they. */
      confirmedAt?: Date;
    }
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
  userAgent?: string | undefined;
  sessions?: SessionLimits | undefined;
  /** What tells that the request is a repeat, if anything does. */
  repeat?: Omit<RepeatableRequest, 'userId' | 'isSecret'> | undefined;
  /** For operations that keep secrets. */
  secrets?: SecretBox | undefined;
  /** Where owners of farms can be written to. */
  channels?: Channels | undefined;
  /** Which ways there are to sign in. */
  ways?: SignInWays | undefined;
  /** Where passkeys work for whoever asks. */
  site?: PasskeySite | undefined;
  /** What `prepare` made; it is called here where nobody did before. */
  prepared?: Prepared | undefined;
  /** What there is to know of clouds. */
  clouds?: Clouds | undefined;
  /** Where what feeds no write may be read. */
  replica?: Replica | undefined;
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
 * Does what takes too long for a transaction: hashes passwords. Whoever makes requests take turns calls it before
 * the turn.
 * @throws ApiError for a password that is wrong, or given too often
 */
export async function prepare<Id extends OperationId>(
  db: Db,
  request: OperationRequest<Id>,
): Promise<Prepared | undefined> {
  const preparation: Preparation<Id> | undefined = preparations[request.operation];
  return preparation?.({ db, ...request }, request.input);
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
  const prepared = request.prepared ?? (await prepare(db, request));
  const call = callOf(spec, { ...request, prepared });
  const { warnings, result, revision, position, replayOf } = await settle(
    async () =>
      isRead(spec)
        ? readNear(db, request.replica, spec, call)
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
  ).catch(async (error: unknown) => {
    if (spec.permission === 'none') await recordRefusedLink(db, request, error);
    throw error;
  });
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
    /** Of the request that asked for it, if one did. */
    trace?: { requestId: string; credential: string; origin: string } | undefined;
    credentialOf?: number | undefined;
  },
  service: (ctx: Context) => Promise<T>,
): Promise<T> {
  const call: Call<T> = {
    trace: {
      operation: step.operation,
      ...(step.trace ?? { requestId: randomUUID(), credential: '', origin: '' }),
    },
    credentialOf: step.credentialOf,
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
    confirmedAt: request.caller.kind === 'user' ? request.caller.confirmedAt : undefined,
    ...carriedBy(request),
    lock: lockOf(spec, request.address),
    repeat: repeatOf(spec, request),
    enter: async (tx) => {
      const { caller, address } = request;
      const userId = caller.kind === 'user' ? caller.userId : undefined;
      const entrance = await readEntrance(tx, address, userId);
      const scope: ScopeRef | undefined =
        spec.recorded === true ? { scope: 'scalr' } : entrance.scope;
      // Here alone, so that no operation can forget what a key is narrowed to.
      const narrowing = caller.kind === 'user' ? caller.narrowing : undefined;
      const holder = entrance.user && narrowing ? narrow(entrance.user, narrowing) : entrance.user;
      // Whoever may not even see the scope learns nothing of it.
      const seen = holder && scope && maySee(holder, scope);
      const user = await actAsOwner(tx, spec, holder, scope, request.input);
      const principal = await seenAt(
        seen ? toRevision(entrance.heads, scope) : undefined,
        async () => authoriseCaller(spec, request, scope, user),
      );
      return { ...entrance, principal, scope };
    },
    recordAt: (scope) =>
      spec.writesAbove && scope.scope === 'account' ? { scope: 'scalr' } : scope,
    service: async (ctx) => {
      if (wantsConfirmation(spec, request.address)) ctx.demandConfirmed('This');
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

/** What a service is told of the request, and of the process. */
function carriedBy(request: OperationRequest<OperationId>) {
  const { userAgent, sessions, ifMatch, planDigest, secrets } = request;
  const { channels, clouds, ways, site, prepared } = request;
  const told = { channels, clouds, ways, site, prepared };
  return { userAgent, sessions, ifMatch, planDigest, secrets, ...told };
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
  if (isChange(spec)) refuseToWrite(principal);
  return principal;
}

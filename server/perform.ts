import { randomUUID } from 'node:crypto';
import type { Warning } from '#contract/envelope.ts';
import type { OperationSpec } from '#contract/operation.ts';
import { type OperationId, operations } from '#contract/operations.ts';
import type { ScopeRef } from '#contract/scope.ts';
import { addressOf } from './auth/authorise.ts';
import { readEntrance } from './auth/entrance.ts';
import { recordRefusedLink } from './auth/refused-links.ts';
import type { PasskeySite } from './auth/passkeys.ts';
import type { SecretBox } from './auth/secret-box.ts';
import type { Db } from './database/connection/connection.ts';
import type { Replica } from './database/connection/replica.ts';
import { toApiError } from './database/connection/errors.ts';
import { recordDenial } from './database/queries/people/denials.ts';
import { lookAhead } from './look-ahead.ts';
import { readNear } from './read-near.ts';
import { type Caller, callOf, type OperationRequest, type SystemCaller } from './operation-call.ts';
import { isRead } from './operation-kinds.ts';
import type { SignInWays } from '#contract/people/sign-in.ts';
import type { Channels, Clouds, Context, Prepared, Result } from './services/context.ts';
import { type Preparation, preparations } from './services/people/preparations.ts';
import { type AnswerHead, type Call, settle, write } from './unit-of-work.ts';

/** What `http` hands on, and how it tells what went wrong outside of an operation. */
export {
  type AnswerHead,
  type Caller,
  type Channels,
  type Clouds,
  type Db,
  type OperationRequest,
  type PasskeySite,
  type Replica,
  type SignInWays,
  toApiError,
};

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

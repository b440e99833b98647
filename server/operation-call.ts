import { randomUUID } from 'node:crypto';
import type { OperationSpec } from '#contract/operation.ts';
import type { OperationId, ServiceInput } from '#contract/operations.ts';
import type { SignInWays } from '#contract/people/sign-in.ts';
import type { ScopeRef } from '#contract/scope.ts';
import {
  authorise,
  maySee,
  type Narrowing,
  narrow,
  notSignedIn,
  refuseToWrite,
  type ScopeAddress,
} from './auth/authorise.ts';
import { readEntrance } from './auth/entrance.ts';
import { actAsOwner } from './auth/farm-owners.ts';
import type { PasskeySite } from './auth/passkeys.ts';
import type { SecretBox } from './auth/secret-box.ts';
import type { SessionLimits } from './auth/sessions.ts';
import type { Replica } from './database/connection/replica.ts';
import type { RepeatableRequest } from './database/queries/records/answered-requests.ts';
import { toRevision } from './database/queries/records/operations-log.ts';
import { isChange, lockOf, repeatOf, wantsConfirmation } from './operation-kinds.ts';
import { demandRestated, type Restated } from './restated.ts';
import type { Channels, Clouds, CsvRow, Handler, Prepared, Result } from './services/context.ts';
import { handlers } from './services/handlers.ts';
import { type AnswerHead, type Call, type Principal, seenAt } from './unit-of-work.ts';

export type SystemCaller = Extract<Principal, { kind: 'system' }>;

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

/**
 * What the unit of work is told of an operation: who asks by which rights, what is locked and what carries it out.
 */
export function callOf<Id extends OperationId>(
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

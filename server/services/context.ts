import type { Transaction } from 'kysely';
import type { Warning } from '#contract/envelope.ts';
import type { Data, Meta, OperationId, ServiceInput } from '#contract/operations.ts';
import type { SignInWays } from '#contract/people/sign-in.ts';
import type { Permission } from '#contract/permissions.ts';
import type { PlanItem } from '#contract/plans.ts';
import type { ScopeRef } from '#contract/scope.ts';
import type { MadePasskey, PasskeySite } from '../domain/people/passkeys.ts';
import type { SecretBox } from '../auth/secret-box.ts';
import type { PageInfo } from '../database/queries/lists/paging.ts';
import type { Database } from '../database/schema.ts';
import type { Principal } from '../domain/rights.ts';
import type { SessionLimits } from '../domain/sign-in/sessions.ts';
import type { LogEntry } from './log-entry.ts';

export type Tx = Transaction<Database>;

/** What took too long for a transaction, and was done before it: passwords are hashed and compared. */
export interface Prepared {
  /** The user whose password was given rightly, and what was kept of it then. */
  rightly?: { userId: number; hash: string } | undefined;
  /** Given and wrong, or not given. */
  isWrong?: boolean | undefined;
  /** What to keep of a new one. */
  hash?: string | undefined;
  /** A passkey that was used rightly. */
  passkey?: PasskeyProof | undefined;
  /** One that was made. */
  newPasskey?: NewPasskeyProof | undefined;
}

/** A passkey that was used rightly, and what its counter was when that was checked. */
export interface PasskeyProof {
  id: number;
  userId: number;
  known: number;
  counter: number;
  synced: boolean;
}

/** A passkey that a browser has made, as it is kept. */
export interface NewPasskeyProof extends MadePasskey {
  host: string;
  transports: readonly string[];
}

/** How owners can be written to, and where people reach Slipway: what the links in messages begin with. */
export interface Channels {
  mail: boolean;
  webhook: boolean;
  /** Webhooks of people may be at loopback, private and link-local addresses. */
  privateWebhooks?: boolean;
  /** Without a slash at the end. */
  address: string;
}

/** What there is to know of clouds while a request is carried out. */
export interface Clouds {
  /** Cloud credentials may lead to loopback, private and link-local addresses. */
  allowsPrivate: boolean;
  /** Asks a cloud about an image; none can be asked without it. */
  findImage?: (look: ImageLook) => Promise<ImageSight>;
}

/** An image, and the credentials that its cloud is asked with. */
export interface ImageLook {
  credentialsId: string;
  cloudPlatform: string;
  cloudLocation: string;
  cloudImageId: string;
}

/** What a cloud said of an image; what it does not say is undefined. */
export type ImageSight =
  | { is: 'absent' }
  | { is: 'unknown'; why: string }
  | {
      is: 'there';
      architecture: string | undefined;
      sizeGb: number | undefined;
      warnings: readonly string[];
    };

/** All that a service may touch. It has no other handle to the database, and no other clock. */
export interface Context {
  tx: Tx;
  principal: Principal;
  /** The name that records keep of the principal. */
  actor: string;
  /** One moment for the whole operation, taken under the lock; never runs backwards. */
  now: Date;
  /** The scope of the request. */
  scope: ScopeRef;
  /** What `X-Revision` said when the operation began. */
  revision: string;
  requestId: string;
  /** What the caller authenticated with, e.g. `session:1a2b3c4d`. Never a secret. */
  credential: string;
  /** Whose session or key that is, also where the operation acts as nobody: when somebody signs in. */
  credentialOf: number | undefined;
  /** Where the request came from, e.g. an IP address (empty for steps of the system), and as what its browser calls itself. */
  origin: string;
  userAgent: string;
  sessions: SessionLimits;
  /** Undefined where no key for secrets was given. */
  secrets: SecretBox | undefined;
  channels: Channels;
  ways: SignInWays;
  /** Where passkeys work for whoever asks; undefined where they do not. */
  site: PasskeySite | undefined;
  prepared: Prepared;
  clouds: Clouds;
  /** What was asked before the operation began; undefined where no cloud was. */
  sight: ImageSight | undefined;
  /** Whether the principal holds a permission at a scope. */
  /** Whether the principal may act on a permission at a scope: with a key that may only read, on none but `view`. */
  can(permission: Permission, at: ScopeRef): boolean;
  /**
   * @param why what is about to be done, such as `Changing 200 roles at once`
   * @throws ApiError ConfirmationRequired when it was too long ago that the signed-in user signed in
   */
  demandConfirmed(why: string): void;
  /** @throws ApiError PreconditionFailed when the client named another version in If-Match */
  expectVersion(version: number): void;
  /**
   * Asks for the items only where the client named a plan that it was shown, or one was kept.
   * @param kept what they are compared with where the client named none
   * @throws ApiError Conflict when this is another one
   */
  expectPlan(
    items: () => readonly PlanItem[] | Promise<readonly PlanItem[]>,
    kept?: readonly PlanItem[],
  ): Promise<void>;
  warn(warning: Warning): void;
  /** Every change is recorded, in the transaction of the change; without a record nothing was changed. */
  record(entry: LogEntry): void;
}

/** What a step of the fleet may touch: no person asked for it, and it writes no operations log. */
export interface FleetContext {
  tx: Tx;
  actor: `system:${string}`;
  /** One moment for the whole step, taken under the lock; never runs backwards. */
  now: Date;
}

export interface Result<Id extends OperationId> {
  data: Data<Id>;
  /** For lists; the HTTP layer makes links of it. */
  page?: PageInfo;
  meta?: Meta<Id>;
  /** Of the object at the request's path, where `data` does not hold its `version`. */
  version?: number;
  /** When it is not the operation's usual one. */
  status?: 200 | 201 | 202;
  /** Session token to set as a cookie, or null to clear it: for signing in and out only. */
  session?: { token: string; expires: Date } | null;
  /** The rows of a CSV, header first; only for operations of kind `csv`. */
  csv?: AsyncIterable<CsvRow>;
}

/** One line of a CSV: numbers stay numbers, null is an empty cell. */
export type CsvRow = readonly (string | number | null)[];

/** One use case. */
export type Handler<Id extends OperationId> = (
  ctx: Context,
  input: ServiceInput<Id>,
) => Promise<Result<Id>>;

/** The table of handlers, and what a service file `satisfies` with its part of it. */
export type Handlers = { [Id in OperationId]: Handler<Id> };
export type SomeHandlers = Partial<Handlers>;

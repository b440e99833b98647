import type { ColumnType, Generated, GeneratedAlways, RawBuilder } from 'kysely';
import type { Scope } from '#contract/scope.ts';
import type {
  ScopeColumns,
  DefaultedTimestamp,
  Json,
  Nullable,
  NullableTimestamp,
  Timestamp,
} from './schema-columns.ts';

/** What happened, and what is to be carried out. */
export interface RecordTables {
  revisions: RevisionsTable;
  fleet_revisions: FleetRevisionsTable;
  operations_log: OperationsLogTable;
  operations: OperationsTable;
  operation_places: OperationPlacesTable;
  operation_objects: OperationObjectsTable;
  operation_kinds: OperationKindsTable;
  operations_unfollowed: OperationsUnfollowedTable;
  operations_followed: OperationsFollowedTable;
  denials: DenialsTable;
  outbox: OutboxTable;
  lane_rests: LaneRestsTable;
  answered_requests: AnsweredRequestsTable;
  owner_messages: OwnerMessagesTable;
  owner_contacts: OwnerContactsTable;
  record_begins: RecordBeginsTable;
  record_baseline: RecordBaselineTable;
  record_cuts: RecordCutsTable;
}

interface RevisionsTable {
  chain: string;
  revision: Generated<number>;
  hash: Generated<Buffer>;
  at: DefaultedTimestamp;
}

interface FleetRevisionsTable {
  id: GeneratedAlways<number>;
  account_id: number;
  revision: Generated<number>;
}

/** Entries of very many objects that Activity does not list yet. */
interface OperationsUnfollowedTable {
  chain: string;
  revision: number;
}

interface OperationsFollowedTable {
  chain: string;
  entries: number;
}

interface OperationsLogTable {
  chain: string;
  revision: number;
  at: Timestamp;
  request_id: string;
  operation: string;
  actor: string;
  credential: string;
  origin: string;
  scope: Scope;
  account_id: Nullable<number>;
  environment_id: Nullable<number>;
  object: string;
  reason: Nullable<string>;
  before: Json;
  after: Json;
  /** Of rows of shape 1 only. */
  undo: Json;
  others: Json;
  options: Json;
  shape: Generated<number>;
  prev_hash: Buffer;
  hash: Buffer;
  seal: Nullable<Buffer>;
}

/** What the log is read by; a trigger on it fills this and the three tables below. */
interface OperationsTable {
  id: string;
  at: Timestamp;
  operation: string;
  actor: string;
  credential: string;
  origin: string;
  scope: Scope;
  account_id: Nullable<number>;
  environment_id: Nullable<number>;
  reason: Nullable<string>;
  kinds: string[];
  personal: boolean;
  words: string;
}

interface OperationPlacesTable {
  operation_id: string;
  account_id: Nullable<number>;
  environment_id: Nullable<number>;
  at: Timestamp;
  from_scope: Scope;
  objects: number;
  personal: number;
  first: Json;
  leads: boolean;
}

interface OperationObjectsTable {
  object: string;
  at: Timestamp;
  operation_id: string;
  account_id: Nullable<number>;
  environment_id: Nullable<number>;
}

interface OperationKindsTable {
  kind: string;
  operation: string;
}

interface DenialsTable {
  id: GeneratedAlways<number>;
  at: DefaultedTimestamp;
  request_id: string;
  operation: string;
  actor: string;
  credential: string;
  origin: string;
  scope: string;
  account_id: Nullable<number>;
  environment_id: Nullable<number>;
  code: string;
  message: string;
  /** Of equal ones, which are counted; null in rows of older versions. */
  minute: ColumnType<Date | null, RawBuilder<Date> | undefined, never>;
  last_at: ColumnType<Date | null, never, RawBuilder<Date>>;
  count: Generated<number>;
}

interface AnsweredRequestsTable {
  user_id: number;
  key: string;
  request_hash: Buffer;
  answer: Nullable<string>;
  at: DefaultedTimestamp;
  seal: Nullable<Buffer>;
}

interface OutboxTable {
  id: Generated<string>;
  kind: string;
  payload: Json;
  created_at: DefaultedTimestamp;
  attempts: Generated<number>;
  next_attempt_at: DefaultedTimestamp;
  done_at: NullableTimestamp;
  error: Nullable<string>;
  /** Whose credentials it uses. */
  lane: Generated<string>;
  /** While somebody is at it. */
  leased_until: Nullable<Date>;
  /** What it is about, where at most one job of its kind may be open. */
  subject: Nullable<string>;
}

/** Lanes whose cloud was asked too often. */
interface LaneRestsTable {
  lane: string;
  rests_until: Timestamp;
  rest_ms: number;
}

type Going = 'queued' | 'sent' | 'failed';

interface OwnerMessagesTable extends ScopeColumns {
  id: Generated<string>;
  at: Timestamp;
  sent_by: string;
  owner_id: number;
  owner_name: string;
  email: string;
  subject: string;
  body: string;
  event: Json;
  mail: Nullable<Going>;
  mail_words: Nullable<string>;
  webhook: Nullable<Going>;
  webhook_words: Nullable<string>;
}

interface OwnerContactsTable {
  owner_id: number;
  farm_role_id: number;
  image_id: string;
  id: GeneratedAlways<string>;
  farm_id: number;
  account_id: number;
  environment_id: number;
  stale: boolean;
  deprecated: boolean;
  message_id: Nullable<string>;
  /** A day, `2026-12-31`. */
  asked_until: Nullable<string>;
}

interface RecordBeginsTable {
  id: GeneratedAlways<number>;
  at: Timestamp;
  by: string;
  reason: string;
  heads: Json;
  objects: number;
  digest: Buffer;
  seal: Buffer;
}

interface RecordBaselineTable {
  object: string;
  state: Json;
}

interface RecordCutsTable {
  id: GeneratedAlways<number>;
  chain: string;
  revision: number;
  hash: Buffer;
  entries: number;
  entries_in_all: number;
  before: Timestamp;
  at: Timestamp;
  by: string;
  seal: Buffer;
}

import type { ColumnType, Generated, GeneratedAlways } from 'kysely';
import type { Scope } from '#contract/scope.ts';
import type {
  DefaultedTimestamp,
  Nullable,
  NullableTimestamp,
  Timestamp,
} from './schema-columns.ts';

/** What happened, and what is to be carried out. */
export interface RecordTables {
  revisions: RevisionsTable;
  operations_log: OperationsLogTable;
  denials: DenialsTable;
  outbox: OutboxTable;
  answered_requests: AnsweredRequestsTable;
}

type Json = ColumnType<unknown, string | null | undefined, string | null>;

interface RevisionsTable {
  chain: string;
  revision: Generated<number>;
  hash: Generated<Buffer>;
  at: DefaultedTimestamp;
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
  undo: Json;
  prev_hash: Buffer;
  hash: Buffer;
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
}

interface AnsweredRequestsTable {
  user_id: number;
  key: string;
  request_hash: Buffer;
  answer: Nullable<string>;
  at: DefaultedTimestamp;
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
}

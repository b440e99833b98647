import type { Generated } from 'kysely';
import type {
  DefaultedTimestamp,
  NullableTimestamp,
  ScopeColumns,
  Timestamp,
} from './schema-columns.ts';

/** Who may do what, and how they sign in. */
export interface PeopleTables {
  users: UsersTable;
  grants: GrantsTable;
  sign_in_links: SignInLinksTable;
  sessions: SessionsTable;
  api_keys: ApiKeysTable;
  api_key_counters: ApiKeyCountersTable;
}

interface UsersTable {
  id: Generated<number>;
  email: string;
  name: string;
  status: Generated<'active' | 'suspended'>;
  created_at: DefaultedTimestamp;
}

interface GrantsTable extends ScopeColumns {
  id: Generated<number>;
  user_id: number;
  role: 'viewer' | 'operator' | 'image_manager' | 'publisher' | 'administrator';
}

interface SignInLinksTable {
  token_hash: Buffer;
  user_id: number;
  created_at: DefaultedTimestamp;
  expires_at: Timestamp;
  redeemed_at: NullableTimestamp;
}

interface SessionsTable {
  token_hash: Buffer;
  user_id: number;
  created_at: DefaultedTimestamp;
  last_seen_at: DefaultedTimestamp;
  expires_at: Timestamp;
  address: Generated<string>;
  user_agent: Generated<string>;
  confirmed_at: DefaultedTimestamp;
}

interface ApiKeysTable {
  /** What it is narrowed to; Corporate is not at all. */
  scope: Generated<ScopeColumns['scope']>;
  account_id: Generated<number | null>;
  environment_id: Generated<number | null>;
  id: string;
  user_id: number;
  name: string;
  active: Generated<boolean>;
  sealed_secret: Buffer;
  created_at: DefaultedTimestamp;
  last_used_at: NullableTimestamp;
  last_used_from: Generated<string | null>;
  read_only: Generated<boolean>;
  expires_at: NullableTimestamp;
  version: Generated<number>;
}

interface ApiKeyCountersTable {
  key_id: string;
  minute: Timestamp;
  requests: number;
}

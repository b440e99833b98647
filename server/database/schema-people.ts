import type { Generated } from 'kysely';
import type {
  DefaultedTimestamp,
  Nullable,
  NullableTimestamp,
  ScopeColumns,
  Timestamp,
} from './schema-columns.ts';

/** Who may do what, and how they sign in. */
export interface PeopleTables {
  users: UsersTable;
  grants: GrantsTable;
  /** Only read: a view of the rights of users, their own and those of their teams. */
  held_grants: HeldGrantsView;
  teams: TeamsTable;
  team_members: TeamMembersTable;
  sign_in_links: SignInLinksTable;
  sessions: SessionsTable;
  api_keys: ApiKeysTable;
  api_key_counters: ApiKeyCountersTable;
  user_identities: UserIdentitiesTable;
  passwords: PasswordsTable;
  passkeys: PasskeysTable;
  passkey_challenges: PasskeyChallengesTable;
  subscriptions: SubscriptionsTable;
  notices: NoticesTable;
  sign_ins: SignInsTable;
}

interface UsersTable {
  id: Generated<number>;
  email: string;
  name: string;
  status: Generated<'active' | 'suspended' | 'left'>;
  created_at: DefaultedTimestamp;
  invited_at: NullableTimestamp;
  /** Signed in for the first time. */
  joined_at: NullableTimestamp;
  suspended_at: NullableTimestamp;
  left_at: NullableTimestamp;
  /** What authenticators call the user. */
  handle: Generated<string>;
  /** A passkey is asked for after the password. */
  second_step: Generated<boolean>;
  version: Generated<number>;
}

type Role = 'viewer' | 'operator' | 'image_manager' | 'publisher' | 'administrator';

/** Of a user or of a team. */
interface GrantsTable extends ScopeColumns {
  id: Generated<number>;
  user_id: Nullable<number>;
  team_id: Nullable<number>;
  role: Role;
  created_at: DefaultedTimestamp;
  /** Null where nobody wrote it down. */
  created_by: Nullable<string>;
}

interface HeldGrantsView extends ScopeColumns {
  id: number;
  user_id: number;
  /** The team that the user has it through. */
  team_id: number | null;
  role: Role;
}

interface TeamsTable extends ScopeColumns {
  id: Generated<number>;
  name: string;
  /** The value in the groups that a provider of sign-ins tells of a person. */
  external_group: Nullable<string>;
  created_at: DefaultedTimestamp;
  created_by: string;
  version: Generated<number>;
}

interface TeamMembersTable {
  team_id: number;
  user_id: number;
  source: Generated<'manual' | 'oidc'>;
  added_at: DefaultedTimestamp;
}

interface SignInLinksTable {
  token_hash: Buffer;
  /** Null for the first administrator, whom the link makes. */
  user_id: Nullable<number>;
  created_at: DefaultedTimestamp;
  expires_at: Timestamp;
  redeemed_at: NullableTimestamp;
  seal: Nullable<Buffer>;
  /** Whoever it signs in has had it sent. */
  own: Generated<boolean>;
}

interface SessionsTable {
  token_hash: Buffer;
  user_id: number;
  created_at: DefaultedTimestamp;
  last_seen_at: DefaultedTimestamp;
  expires_at: Timestamp;
  way: Generated<SignInWay>;
  address: Generated<string>;
  user_agent: Generated<string>;
  confirmed_at: DefaultedTimestamp;
  seal: Nullable<Buffer>;
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

export type SignInWay = 'link' | 'password' | 'provider' | 'passkey' | 'two-steps';

interface UserIdentitiesTable {
  issuer: string;
  subject: string;
  user_id: number;
  bound_at: DefaultedTimestamp;
  seal: Nullable<Buffer>;
}

interface PasswordsTable {
  user_id: number;
  hash: string;
  set_at: DefaultedTimestamp;
  seal: Nullable<Buffer>;
}

interface PasskeysTable {
  id: Generated<number>;
  user_id: number;
  credential_id: string;
  name: string;
  rp_id: string;
  public_key: Buffer;
  counter: number;
  transports: string[];
  synced: boolean;
  created_at: DefaultedTimestamp;
  last_used_at: NullableTimestamp;
  version: Generated<number>;
  seal: Nullable<Buffer>;
}

export type PasskeyPurpose = 'add' | 'sign-in' | 'second-step';

interface PasskeyChallengesTable {
  challenge_hash: Buffer;
  purpose: PasskeyPurpose;
  user_id: Nullable<number>;
  expires_at: Timestamp;
}

interface SubscriptionsTable extends ScopeColumns {
  id: Generated<number>;
  user_id: number;
  events: string[];
  channel: 'mail' | 'webhook';
  url: Nullable<string>;
  sealed_secret: Nullable<Buffer>;
  active: Generated<boolean>;
  /** Ends it, from a mail. */
  end_token: Generated<string>;
  /** What links begin with. */
  address: string;
  created_at: DefaultedTimestamp;
  /** Nothing from before is told. */
  since: DefaultedTimestamp;
  version: Generated<number>;
}

/** One for each event and subscription. */
interface NoticesTable {
  id: Generated<string>;
  subscription_id: number;
  event: string;
  key: string;
  at: Timestamp;
  account_id: Nullable<number>;
  environment_id: Nullable<number>;
  facts: unknown;
  state: Generated<'queued' | 'delivered' | 'failed'>;
  done_at: NullableTimestamp;
  error: Nullable<string>;
}

interface SignInsTable {
  id: Generated<number>;
  at: DefaultedTimestamp;
  way: SignInWay;
  outcome: string;
  user_id: Nullable<number>;
  email: Nullable<string>;
  origin: string;
  network: string;
  /** Of those that are settled, in their order. */
  number: Nullable<number>;
  seal: Nullable<Buffer>;
}

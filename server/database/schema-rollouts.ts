import type { Generated } from 'kysely';
import type { RolloutGroupState } from '#contract/rollouts/rollout-groups.ts';
import type { RolloutServerState } from '#contract/rollouts/rollout-members.ts';
import type { RolloutState } from '#contract/rollouts/rollouts.ts';
import type {
  Json,
  Nullable,
  NullableTimestamp,
  ScopeColumns,
  Timestamp,
} from './schema-columns.ts';

/** Servers that are moved to the image that their roles have now. */
export interface RolloutTables {
  rollouts: RolloutsTable;
  rollout_servers: RolloutServersTable;
  rollout_groups: RolloutGroupsTable;
}

interface RolloutsTable extends ScopeColumns {
  id: Generated<string>;
  /** As it is stored: what has expired follows from the rest. */
  state: Exclude<RolloutState, 'expired'>;
  wish: Json;
  target: Json;
  items: Json;
  settings: Json;
  replacement_id: Nullable<string>;
  at: Timestamp;
  by: string;
  reason: Nullable<string>;
  expires_at: Timestamp;
  started_at: NullableTimestamp;
  started_by: Nullable<string>;
  stopped_at: NullableTimestamp;
  ended_at: NullableTimestamp;
  failures: Generated<number>;
  cloud_words: Nullable<string>;
  undoes_id: Nullable<string>;
  version: Generated<number>;
}

interface RolloutServersTable {
  rollout_id: string;
  server_id: string;
  farm_id: number;
  farm_role_id: number;
  account_id: number;
  environment_id: number;
  hostname: string;
  server_index: number;
  farm_name: string;
  alias: string;
  wave: number;
  position: number;
  state: Generated<RolloutServerState>;
  new_server_id: Nullable<string>;
  reason: Nullable<string>;
  failures: Generated<number>;
  failed_at: NullableTimestamp;
  cloud_words: Nullable<string>;
  started_at: NullableTimestamp;
  ran_at: NullableTimestamp;
  ended_at: NullableTimestamp;
}

interface RolloutGroupsTable {
  rollout_id: string;
  farm_role_id: number;
  farm_id: number;
  account_id: number;
  environment_id: number;
  farm_name: string;
  alias: string;
  wave: number;
  credentials_id: string;
  cloud_platform: string;
  cloud_location: string;
  group_id: string;
  template_id: string;
  /** None where the template gets a new version. */
  pointer_name: Nullable<string>;
  from_image: Json;
  to_image: Json;
  token: Generated<string>;
  state: Generated<RolloutGroupState>;
  by_members: Generated<boolean>;
  refresh_id: Nullable<string>;
  cancelled_refresh_id: Nullable<string>;
  percentage: Generated<number>;
  words: Nullable<string>;
  /** Of the rollout that this one takes back, where it was under way. */
  undone_refresh_id: Nullable<string>;
  started_at: NullableTimestamp;
  ended_at: NullableTimestamp;
}

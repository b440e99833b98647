import type { Generated, GeneratedAlways } from 'kysely';
import type { ServerStatus } from '#contract/farms/statuses.ts';
import type { LaunchedWith } from './schema-cloud.ts';
import type {
  DefaultedTimestamp,
  Nullable,
  NullableTimestamp,
  Timestamp,
} from './schema-columns.ts';

/** Farms, their roles and their servers. */
export interface FarmTables {
  farms: FarmsTable;
  farm_roles: FarmRolesTable;
  servers: ServersTable;
  server_events: ServerEventsTable;
  farm_role_setbacks: FarmRoleSetbacksTable;
}

interface FarmsTable {
  id: Generated<number>;
  account_id: number;
  environment_id: number;
  name: string;
  description: Generated<string>;
  owner_id: number;
  status: Generated<'running' | 'terminated' | 'suspended'>;
  timezone: Generated<string>;
  launch_order: Generated<'simultaneous' | 'sequential'>;
  added_at: DefaultedTimestamp;
  launched_at: NullableTimestamp;
  version: Generated<number>;
  locked_at: NullableTimestamp;
  locked_by: Nullable<string>;
  lock_comment: Nullable<string>;
  unlock_permission: Nullable<'anyone' | 'owner' | 'team'>;
  project_id: Nullable<string>;
}

interface FarmRolesTable {
  id: Generated<number>;
  farm_id: number;
  account_id: number;
  environment_id: number;
  role_id: number;
  alias: string;
  cloud_platform: string;
  cloud_location: string;
  image_location: GeneratedAlways<string>;
  instance_type: Generated<string>;
  launch_index: Generated<number>;
  scaling_enabled: Generated<boolean>;
  min_servers: Generated<number>;
  max_servers: Generated<number>;
  added_at: DefaultedTimestamp;
  version: Generated<number>;
}

interface ServersTable extends LaunchedWith {
  id: Generated<string>;
  farm_id: number;
  farm_role_id: number;
  account_id: number;
  environment_id: number;
  image_id: Nullable<string>;
  cloud_platform: string;
  cloud_location: string;
  cloud_server_id: Nullable<string>;
  instance_type: Generated<string>;
  hostname: Generated<string>;
  public_ip: Nullable<string>;
  private_ip: Nullable<string>;
  server_index: number;
  status: ServerStatus;
  launch_reason: Generated<string>;
  launched_by: Nullable<string>;
  launched_at: DefaultedTimestamp;
  terminated_at: NullableTimestamp;
  version: Generated<number>;
}

interface ServerEventsTable {
  id: GeneratedAlways<number>;
  server_id: string;
  farm_id: number;
  account_id: number;
  at: Timestamp;
  status: ServerStatus;
  actor: string;
  reason: string;
  cloud_words: Nullable<string>;
}

interface FarmRoleSetbacksTable {
  farm_role_id: number;
  failures: number;
  at: Timestamp;
  retry_at: Timestamp;
  reason: string;
}

import type { ColumnType, Generated } from 'kysely';
import type {
  CloudCredentials,
  CloudCredentialsType,
  recordedMembers,
} from '#contract/clouds/cloud-credentials.ts';
import type { ActingRight } from '#contract/clouds/acting-rights.ts';
import type {
  DefaultedTimestamp,
  Json,
  Nullable,
  NullableTimestamp,
  ScopeColumns,
} from './schema-columns.ts';

/** How clouds are spoken to, and what the simulated cloud has. */
export interface CloudTables {
  cloud_credentials: CloudCredentialsTable;
  environment_clouds: EnvironmentCloudsTable;
  simulated_servers: SimulatedServersTable;
  simulated_images: SimulatedImagesTable;
  simulated_faults: SimulatedFaultsTable;
}

interface CloudCredentialsTable extends ScopeColumns {
  id: Generated<string>;
  type: CloudCredentialsType;
  cloud_platform: CloudCredentials['provider'];
  name: string;
  description: Generated<string>;
  rights: Generated<ActingRight[]>;
  settings: ColumnType<CloudSettings, string, string>;
  sealed_secrets: Nullable<Buffer>;
  status: Generated<CloudCredentials['status']>;
  test: ColumnType<CloudCredentials['test'], string | null | undefined, string | null>;
  contacted_at: NullableTimestamp;
  created_by: string;
  added_at: DefaultedTimestamp;
  version: Generated<number>;
}

/** The members of credentials that say where the cloud is, and what was found out; each type has its own. */
export type CloudSettings = Pick<CloudCredentials, keyof typeof recordedMembers>;

export interface LaunchedWith {
  /** None where it was launched with the cloud of the process. */
  cloud_credentials_id: Nullable<string>;
}

interface EnvironmentCloudsTable {
  environment_id: number;
  account_id: number;
  cloud_platform: CloudCredentials['provider'];
  credentials_id: string;
  version: Generated<number>;
}

interface SimulatedPlace {
  cloud_platform: string;
  cloud_location: string;
}

interface SimulatedServersTable extends SimulatedPlace {
  token: string;
  cloud_server_id: string;
  cloud_image_id: Nullable<string>;
  instance_type: Generated<string>;
  hostname: Generated<string>;
  tags: Json;
  public_ip: Nullable<string>;
  private_ip: Nullable<string>;
  /** Until `due_at`; then it is in `next_state`. */
  state: string;
  next_state: Nullable<string>;
  due_at: Nullable<Date>;
  reason: Nullable<string>;
  reboot_tokens: Generated<string[]>;
}

interface SimulatedImagesTable extends SimulatedPlace {
  cloud_image_id: string;
  name: Nullable<string>;
  copy_token: Nullable<string>;
  ready_at: Nullable<Date>;
  is_missing: Generated<boolean>;
  is_deprecated: Generated<boolean>;
}

interface SimulatedFaultsTable {
  /** `*` is everywhere. */
  cloud_platform: Generated<string>;
  cloud_location: Generated<string>;
  kind: SimulatedFaultKind;
  probability: Generated<number>;
  seconds: Generated<number>;
}

export type SimulatedFaultKind =
  | 'no-capacity'
  | 'image-missing'
  | 'failing-servers'
  | 'slow'
  | 'flapping'
  | 'throttled';

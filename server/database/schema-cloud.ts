import type { ColumnType, Generated, GeneratedAlways } from 'kysely';
import type {
  CloudCredentials,
  CloudCredentialsType,
  recordedMembers,
} from '#contract/clouds/cloud-credentials.ts';
import type { ActingRight } from '#contract/clouds/acting-rights.ts';
import type { CloudImage } from '#contract/inventory/cloud-images.ts';
import type {
  DefaultedTimestamp,
  Json,
  Nullable,
  NullableTimestamp,
  ScopeColumns,
  Timestamp,
} from './schema-columns.ts';

/** How clouds are spoken to, and what the simulated cloud has. */
export interface CloudTables {
  cloud_credentials: CloudCredentialsTable;
  environment_clouds: EnvironmentCloudsTable;
  inventory_reach: InventoryReachTable;
  inventory_locations: InventoryLocationsTable;
  inventory_images: InventoryImagesTable;
  inventory_references: InventoryReferencesTable;
  unwanted_cloud_images: UnwantedCloudImagesTable;
  observed_farms: ObservedFarmsTable;
  observed_farm_roles: ObservedFarmRolesTable;
  role_pointers: RolePointersTable;
  pointer_plans: PointerPlansTable;
  simulated_estate: SimulatedEstateTable;
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
  /** Servers outside of groups with the same value of this tag are an observed farm. */
  farm_tag: Nullable<string>;
  /** Whose value says who owns an observed farm. */
  owner_tag: Generated<string>;
  created_by: string;
  added_at: DefaultedTimestamp;
  version: Generated<number>;
}

/** The members of credentials that say where the cloud is, and what was found out; each type has its own. */
export type CloudSettings = Pick<CloudCredentials, keyof typeof recordedMembers>;

/**
 * Of images and Roles that stand for what observed farms run and start from, and that are not in the catalogue: such a
 * row has no OS, no category, and not always an architecture.
 */
export interface FoundColumns {
  found_at: NullableTimestamp;
}

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

interface InventoryReachTable {
  credentials_id: string;
  cloud_platform: string;
  tried_at: Timestamp;
  listed_at: NullableTimestamp;
  error: Nullable<string>;
}

interface InventoryPlace {
  credentials_id: string;
  cloud_platform: CloudCredentials['provider'];
  cloud_location: string;
}

interface InventoryLocationsTable extends InventoryPlace {
  account: string;
  tried_at: NullableTimestamp;
  read_at: NullableTimestamp;
  took_ms: Nullable<number>;
  error: Nullable<string>;
  unread: ColumnType<{ part: string; words: string }[], string | undefined, string>;
}

interface InventoryImagesTable extends InventoryPlace {
  cloud_image_id: string;
  key: GeneratedAlways<string>;
  name: string;
  architecture: Nullable<string>;
  size_gb: Nullable<number>;
  owner: string;
  state: CloudImage['state'];
  created_at: NullableTimestamp;
  deprecated_at: NullableTimestamp;
  first_seen_at: Timestamp;
  gone_at: NullableTimestamp;
}

interface InventoryReferencesTable extends InventoryPlace {
  kind: 'server' | 'group' | 'template' | 'pointer';
  id: string;
  /** '' where it cannot be told which one it is. */
  cloud_image_id: string;
  name: string;
  how: string;
  first_seen_at: Timestamp;
  gone_at: NullableTimestamp;
}

/** What makes a farm an observed one: docs/domain.md, "Observed farms". */
interface ObservedFarmsTable extends InventoryPlace {
  farm_id: number;
  account: string;
  kind: 'group' | 'tag' | 'rest';
  key: string;
  name: string;
  owner_tag: Nullable<string>;
  minimum: Nullable<number>;
  desired: Nullable<number>;
  maximum: Nullable<number>;
  managed_by: Nullable<'terraform' | 'cloudformation'>;
  digest: string;
}

interface ObservedFarmRolesTable {
  farm_role_id: number;
  key: string;
  words: string;
  template_id: Nullable<string>;
  template_version: Nullable<string>;
  pointer_name: Nullable<string>;
}

interface UnwantedCloudImagesTable extends ScopeColumns {
  key: string;
  unwanted: boolean;
  version: Generated<number>;
  marked_by: string;
  marked_at: Timestamp;
}

interface RolePointersTable extends InventoryPlace {
  id: Generated<string>;
  role_id: number;
  name: string;
  /** None where it shall go. */
  wanted: Nullable<string>;
  written: Nullable<string>;
  written_at: NullableTimestamp;
  error: Nullable<string>;
  failed_at: NullableTimestamp;
}

interface PointerPlansTable {
  one: Generated<boolean>;
  /** How far had moved what pointers follow, when they were planned. */
  mark: string;
  at: Timestamp;
}

interface SimulatedEstateTable extends SimulatedPlace {
  account: string;
  kind: string;
  id: string;
  fact: ColumnType<unknown, string, string>;
}

interface SimulatedPlace {
  cloud_platform: string;
  cloud_location: string;
}

interface SimulatedServersTable extends SimulatedPlace {
  token: string;
  /** Whose it is: the id of credentials, '' with the cloud of the process. */
  account: Generated<string>;
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

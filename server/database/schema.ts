import type { Generated, GeneratedAlways } from 'kysely';
import type { ImageStatus } from '#contract/images/images.ts';
import type { Scope } from '#contract/scope.ts';
import type {
  DefaultedTimestamp,
  DeprecationColumns,
  Json,
  Nullable,
  NullableTimestamp,
  ScopeColumns,
  Timestamp,
} from './schema-columns.ts';
import type { CloudTables, FoundColumns } from './schema-cloud.ts';
import type { FarmTables } from './schema-farms.ts';
import type { PeopleTables } from './schema-people.ts';
import type { PolicyTables, ProtectionColumns } from './schema-policies.ts';
import type { RecordTables } from './schema-records.ts';
import type { RolloutTables } from './schema-rollouts.ts';

/** The tables as Kysely sees them; server/database/migrations/ is the truth. int8 comes back as number. */
export interface Database
  extends CloudTables, FarmTables, PeopleTables, PolicyTables, RecordTables, RolloutTables {
  accounts: AccountsTable;
  environments: EnvironmentsTable;
  os: OsTable;
  role_categories: RoleCategoriesTable;
  images: ImagesTable;
  image_sets: ImageSetsTable;
  roles: RolesTable;
  role_images: RoleImagesTable;
  role_image_history: RoleImageHistoryTable;
  replacements: ReplacementsTable;
  replacement_pairs: ReplacementPairsTable;
  replacement_roles: ReplacementRolesTable;
  cost_centers: CostCentersTable;
  projects: ProjectsTable;
}

interface AccountsTable {
  id: Generated<number>;
  name: string;
  created_at: DefaultedTimestamp;
  version: Generated<number>;
}

interface EnvironmentsTable {
  id: Generated<number>;
  account_id: number;
  name: string;
  status: Generated<'active' | 'inactive'>;
  created_at: DefaultedTimestamp;
  cost_center_id: Nullable<string>;
  version: Generated<number>;
}

interface CostCentersTable extends ScopeColumns {
  id: Generated<string>;
  name: string;
  billing_code: string;
  lead_email: Generated<string>;
  description: Generated<string>;
  added_at: DefaultedTimestamp;
}

interface ProjectsTable extends ScopeColumns {
  id: Generated<string>;
  name: string;
  cost_center_id: string;
  billing_code: string;
  lead_email: string;
  description: Generated<string>;
  created_by: string;
  added_at: DefaultedTimestamp;
  version: Generated<number>;
}

interface OsTable {
  id: string;
  name: string;
  family: Nullable<string>;
  generation: Nullable<string>;
  version: Nullable<string>;
  status: Generated<'active' | 'inactive'>;
}

interface RoleCategoriesTable extends ScopeColumns {
  id: Generated<number>;
  name: string;
  version: Generated<number>;
}

interface ImagesTable extends ScopeColumns, DeprecationColumns, FoundColumns, ProtectionColumns {
  id: Generated<string>;
  name: string;
  description: Generated<string>;
  cloud_platform: string;
  cloud_location: string;
  /** None until the cloud has made it. */
  cloud_image_id: string | null;
  /** When its cloud last said that it is there. */
  checked_at: Nullable<Date>;
  os_id: string;
  architecture: 'i386' | 'x86_64' | 'aarch64';
  size_gb: Nullable<number>;
  type: Nullable<string>;
  source: Generated<'Manual' | 'BundleTask'>;
  status: Generated<ImageStatus>;
  status_error: Nullable<string>;
  scalr_agent_installed: Generated<boolean>;
  cloud_init_installed: Generated<boolean>;
  deprecation_replacement_id: Nullable<string>;
  created_by: string;
  added_at: DefaultedTimestamp;
  last_used_at: NullableTimestamp;
  version: Generated<number>;
  deleted_at: NullableTimestamp;
  /** Of the name, by `lineOf`. */
  line: GeneratedAlways<string>;
  /** Kept by a trigger; none once it is deleted. */
  set_id: GeneratedAlways<number | null>;
}

/** Kept by triggers on images. */
interface ImageSetsTable extends ScopeColumns {
  id: GeneratedAlways<number>;
  os_id: string;
  name: string;
  line: GeneratedAlways<string>;
  version: GeneratedAlways<string[]>;
  usable: GeneratedAlways<boolean>;
  added_at: DefaultedTimestamp;
}

interface RolesTable extends ScopeColumns, DeprecationColumns, FoundColumns {
  id: Generated<number>;
  name: string;
  description: Generated<string>;
  category_id: number;
  os_id: string;
  quick_start: Generated<boolean>;
  use_scalr_agent: Generated<boolean>;
  builtin_automation: Generated<string[]>;
  deprecation_replacement_id: Nullable<number>;
  created_by: string;
  added_at: DefaultedTimestamp;
  last_used_at: NullableTimestamp;
  version: Generated<number>;
  deleted_at: NullableTimestamp;
}

interface RoleImagesTable {
  role_id: number;
  cloud_platform: string;
  cloud_location: string;
  image_id: string;
  added_at: DefaultedTimestamp;
  added_by: string;
}

interface RoleImageHistoryTable {
  id: GeneratedAlways<number>;
  role_id: number;
  cloud_platform: string;
  cloud_location: string;
  old_image_id: Nullable<string>;
  new_image_id: Nullable<string>;
  at: Timestamp;
  by: string;
}

interface ReplacementsTable extends ScopeColumns {
  id: Generated<string>;
  state: Generated<'planned' | 'applied' | 'cancelled'>;
  reach: Scope[];
  /** When it was applied; of a plan, when it was made or changed. */
  at: Timestamp;
  by: string;
  reason: Nullable<string>;
  rolls_back_id: Nullable<string>;
  /** Of a roll-back: after it nothing was left to restore. */
  completes: Generated<boolean>;
  version: Generated<number>;
  planned_at: Nullable<Date>;
  planned_by: Nullable<string>;
  expires_at: Nullable<Date>;
  /** What X-Revision was when it was planned. */
  planned_revision: Nullable<string>;
  wish: Json;
  items: Json;
}

/** One image in the place of another. */
interface ReplacementPairsTable {
  replacement_id: string;
  old_image_id: string;
  new_image_id: string;
  deprecated_old_image: Generated<boolean>;
  restored_new_image: Generated<boolean>;
  /** Why the new image had been deprecated, until this roll-back restored it. */
  restored_reason: Nullable<string>;
}

interface ReplacementRolesTable {
  replacement_id: string;
  role_id: number;
  cloud_platform: string;
  cloud_location: string;
  old_image_id: string;
  new_image_id: string;
}

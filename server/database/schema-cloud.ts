import type { Generated } from 'kysely';
import type { Json, Nullable } from './schema-columns.ts';

/** What the simulated cloud has. */
export interface CloudTables {
  simulated_servers: SimulatedServersTable;
  simulated_images: SimulatedImagesTable;
  simulated_faults: SimulatedFaultsTable;
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

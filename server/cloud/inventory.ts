import type { CallOptions, CloudPlace } from './call.ts';
import type { CloudServerState } from './servers.ts';

/** A place that credentials reach, and as whom. */
export interface InventoryLocation extends CloudPlace {
  /** Whose resources are read: the account's number in EC2, the project's id in OpenStack, what tells one LXD from others. */
  account: string;
}

/** A machine image: one's own, one shared by others, or a public one that something there refers to. */
export interface FoundImage {
  kind: 'image';
  cloudImageId: string;
  /** '' where it has none. */
  name: string;
  /** In the cloud's word, such as `x86_64`; `undefined` where it does not say. */
  architecture: string | undefined;
  /** Of its disks together, in GB. */
  sizeGb: number | undefined;
  /** The account that it belongs to, by its number. */
  owner: string;
  createdAt: Date | undefined;
  /** From when on the cloud takes it for deprecated, be that past or to come. */
  deprecatedAt: Date | undefined;
  /** Whether servers can be started from it now; `failed` and `disabled` images stay until they are deleted. */
  state: 'available' | 'pending' | 'disabled' | 'failed';
}

/** A server that is there, whoever started it; one that has ended is left out. */
export interface FoundServer {
  kind: 'server';
  cloudServerId: string;
  /**
   * What it really runs, which need not be what its group would start now; `undefined` where it has none, such as one
   * that started from a volume.
   */
  cloudImageId: string | undefined;
  state: CloudServerState;
  /** The group that it is a member of, by its id. */
  groupId: string | undefined;
  launchedAt: Date | undefined;
  tags: Readonly<Record<string, string>>;
}

/** What new servers are started from. */
export type BootSource =
  | { kind: 'image'; cloudImageId: string }
  /** `version` is a number, `$Latest` or `$Default`; '' for a launch configuration, which has none. */
  | { kind: 'template'; templateId: string; version: string };

/** What starts servers by itself: an Auto Scaling group, a server group with a policy to start others. */
export interface FoundGroup {
  kind: 'group';
  groupId: string;
  name: string;
  /** Everything that it may start a server from: several with a mixed policy, none where it starts nothing. */
  boots: readonly BootSource[];
  minimum: number;
  desired: number;
  maximum: number;
  tags: Readonly<Record<string, string>>;
}

/** One version of a launch template, or a launch configuration. */
export interface FoundTemplate {
  kind: 'template';
  templateId: string;
  name: string;
  /** Its number; '' for a launch configuration. */
  version: string;
  isLatest: boolean;
  isDefault: boolean;
  /** What it names: an image, or a pointer to one by the pointer's name; neither is a template without an image. */
  cloudImageId: string | undefined;
  pointerName: string | undefined;
}

/** A name that stands for an image, such as an SSM parameter or an alias of LXD's. */
export interface FoundPointer {
  kind: 'pointer';
  name: string;
  /** Which image it means now; `undefined` where the cloud says that it means none. */
  cloudImageId: string | undefined;
}

/** A part that could not be read although the rest could, such as pointers for want of a right to read them. */
export interface UnreadPart {
  kind: 'unread';
  part: 'images' | 'servers' | 'groups' | 'templates' | 'pointers';
  /** Why, in the cloud's own words. */
  words: string;
}

export type InventoryFact =
  | FoundImage
  | FoundServer
  | FoundGroup
  | FoundTemplate
  | FoundPointer
  | UnreadPart;

/**
 * What Slipway reads of what is there: docs/domain.md, "Inventory". Nothing here changes anything, and nothing is
 * filtered: an image is said to be unused when nothing of what was read refers to it, so that whatever is silently
 * left out may cost somebody their servers.
 */
export interface CloudInventory {
  /**
   * Every place that these credentials reach, whether or not anything is there.
   * @throws CloudError
   */
  locations(options: CallOptions): Promise<InventoryLocation[]>;

  /**
   * Reads one place, in pages as the cloud gives them, each with facts of any kind in any order. An end without an
   * error says that everything there was read, but for the parts that are named as unread. It has
   * - all images of one's own, disabled and deprecated ones too, those that are shared with one, and public ones that
   *   a server, template or pointer there refers to;
   * - all servers that have not ended, and all groups;
   * - of each template its latest and its default version and each one that a group refers to, and all launch
   *   configurations that a group refers to or that are there;
   * - all pointers to images, and those that a template refers to.
   * Each is named once. What is made or deleted meanwhile may be there or not.
   * @throws CloudError where the place as a whole cannot be read; that says nothing of other places
   */
  scan(place: CloudPlace, options: CallOptions): AsyncIterable<readonly InventoryFact[]>;
}

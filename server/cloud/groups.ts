import type { CallOptions, CloudPlace } from './call.ts';

/** What starts servers by itself, such as an Auto Scaling group: one of those that an inventory finds. */
export interface CloudGroupRef extends CloudPlace {
  groupId: string;
}

/** What a group shall start its servers from. */
export interface CloudGroupAim extends CloudGroupRef {
  /** The same for every attempt at one move: what is made in the cloud for it is made once. */
  token: string;
  /** The template that the group starts them from now. */
  templateId: string;
  /** The pointer that the template names, if that is moved; otherwise the template gets a new version. */
  pointerName: string | undefined;
  cloudImageId: string;
}

/** How the group exchanges its servers by itself. */
export interface CloudRefreshWish extends CloudGroupAim {
  /** At least so many of its servers run meanwhile, from 0 to 100. */
  minHealthyPercentage: number;
  /** How long a new server runs before it counts. */
  warmUpSeconds: number;
}

export type CloudRefreshState =
  | 'underWay'
  /** It was cancelled, or is being rolled back, and finishes what it has begun. */
  | 'ending'
  | 'done'
  | 'failed'
  | 'cancelled'
  | 'rolledBack';

/** An exchange of a group's servers, which the cloud carries out by itself. */
export interface CloudRefresh {
  refreshId: string;
  state: CloudRefreshState;
  /** How much of it is done, from 0 to 100. */
  percentage: number;
  /** What the cloud says of it, where it says anything. */
  words: string | undefined;
}

export interface CloudGroupMember {
  cloudServerId: string;
  cloudImageId: string | undefined;
  /** It runs, and the group finds nothing wrong with it. */
  isUp: boolean;
}

/**
 * What Slipway asks of a cloud about groups that something else made. Each call may be repeated: it finds what it has
 * begun. A template is never changed but by a new version of it.
 */
export interface CloudGroups {
  /**
   * Has a group exchange those of its servers that do not run an image for others that do.
   * @returns the refresh that does so, whoever began it; `done` where there is nothing to exchange; `unsupported` where
   * the cloud has no such thing, so that nothing was changed
   * @throws CloudError, to be tried again while the group is busy with another refresh; for good where it is absent
   */
  refresh(
    wish: CloudRefreshWish,
    options: CallOptions,
  ): Promise<CloudRefresh | 'done' | 'unsupported'>;

  /**
   * @returns nothing where the cloud does not know it, or no longer
   * @throws CloudError
   */
  follow(
    refresh: CloudGroupRef & { refreshId: string },
    options: CallOptions,
  ): Promise<CloudRefresh | undefined>;

  /**
   * Ends a refresh: what it has exchanged stays, what it is exchanging is finished.
   * @returns `over` where it has ended, or is ending already
   * @throws CloudError
   */
  cancel(
    refresh: CloudGroupRef & { refreshId: string },
    options: CallOptions,
  ): Promise<'begun' | 'over'>;

  /**
   * Has the cloud take back what a refresh that is under way has exchanged.
   * @returns `impossible` where it cannot be taken back like this; `over` where it has ended
   * @throws CloudError
   */
  rollBack(
    refresh: CloudGroupRef & { refreshId: string },
    options: CallOptions,
  ): Promise<'begun' | 'over' | 'impossible'>;

  /**
   * Has a group start its servers from an image from now on, and leaves those that it has alone.
   * @throws CloudError, for good where it is absent
   */
  aim(aim: CloudGroupAim, options: CallOptions): Promise<void>;

  /**
   * @returns nothing where there is no such group, or no longer
   * @throws CloudError
   */
  members(group: CloudGroupRef, options: CallOptions): Promise<CloudGroupMember[] | undefined>;

  /**
   * Ends a server of a group, in whose place the group starts another.
   * @returns `absent` where the group does not have it, or no longer
   * @throws CloudError
   */
  replaceMember(
    member: CloudGroupRef & { cloudServerId: string },
    options: CallOptions,
  ): Promise<'begun' | 'absent'>;
}

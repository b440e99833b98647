import type { CallOptions, CloudPlace } from './call.ts';

/** What a cloud says of a server. What it does not say is `undefined`. */
export const cloudServerStates = [
  'pending',
  'running',
  'suspending',
  'suspended',
  'resuming',
  'terminating',
  'terminated',
  /** It never came up; the cloud says why. */
  'failed',
] as const;
export type CloudServerState = (typeof cloudServerStates)[number];

export interface CloudServer extends CloudPlace {
  /** The token that it was launched with; none for a server that something else launched. */
  token: string | undefined;
  cloudServerId: string;
  cloudImageId: string | undefined;
  state: CloudServerState;
  /** Why it is in this state, in the cloud's words, where there is something to say. */
  reason: string | undefined;
  publicIps: readonly string[];
  privateIps: readonly string[];
}

/** One server: by its token as long as the cloud's own id is not known. */
export interface CloudServerRef extends CloudPlace {
  token: string;
  cloudServerId: string | undefined;
}

export interface ServerLaunch extends CloudPlace {
  /** The same for every attempt at one launch: the cloud starts one server, however often it is asked. */
  token: string;
  cloudImageId: string;
  instanceType: string;
  hostname: string;
  /** Put on the server in the cloud, so that people and lists there can find it. */
  tags: Readonly<Record<string, string>>;
}

/** What Slipway asks of a cloud about servers. Each returns at once; `get` says how far it is. */
export interface CloudServers {
  /**
   * Starts a server, or finds the one that was started with the same token, whatever became of it.
   * @throws CloudError, for good where the image is absent
   */
  launch(launch: ServerLaunch, options: CallOptions): Promise<CloudServer>;

  /**
   * The servers that carry a tag, in pages as the cloud gives them.
   * @throws CloudError
   */
  list(
    of: CloudPlace & { tag: { name: string; value: string } },
    options: CallOptions,
  ): AsyncIterable<readonly CloudServer[]>;

  /**
   * @returns nothing when the cloud does not know it, or no longer
   * @throws CloudError
   */
  get(server: CloudServerRef, options: CallOptions): Promise<CloudServer | undefined>;

  /**
   * Begins to end it. What has ended already, or was never there, is `absent`.
   * @param isForced without waiting for it to shut down by itself, where the cloud knows the difference
   * @throws CloudError
   */
  terminate(
    server: CloudServerRef & { isForced?: boolean },
    options: CallOptions,
  ): Promise<CloudServer | 'absent'>;

  /** @throws CloudError, for good where it cannot be suspended */
  suspend(server: CloudServerRef, options: CallOptions): Promise<CloudServer | 'absent'>;

  /** @throws CloudError */
  resume(server: CloudServerRef, options: CallOptions): Promise<CloudServer | 'absent'>;

  /**
   * Reboots it, once for a token.
   * @throws CloudError
   */
  reboot(
    server: CloudServerRef & { isHard: boolean; rebootToken: string },
    options: CallOptions,
  ): Promise<CloudServer | 'absent'>;
}

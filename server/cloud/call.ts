/** Every call has a deadline; a driver gives up when the signal says so. */
export interface CallOptions {
  signal: AbortSignal;
}

/** One place of one cloud, as images and farm roles name it. */
export interface CloudPlace {
  cloudPlatform: string;
  /** '' where the platform has no locations. */
  cloudLocation: string;
}

/** The cloud did not do what it was asked. The message is for people and names the cloud's reason. */
export class CloudError extends Error {
  override name = 'CloudError';
  /** Whether the same call may well succeed later; if not, somebody has to do something first. */
  readonly willPass: boolean;
  /** The cloud was asked too often: nobody should ask it with these credentials for a while. */
  readonly isThrottled: boolean;

  constructor(
    message: string,
    { willPass, isThrottled = false }: { willPass: boolean; isThrottled?: boolean },
  ) {
    super(message);
    this.willPass = willPass || isThrottled;
    this.isThrottled = isThrottled;
  }
}

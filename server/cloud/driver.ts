/** Which machine image to delete, in which cloud. */
export interface ImageDeletion {
  /** The same for every attempt at one deletion, so that a cloud can tell a repetition. */
  token: string;
  cloudPlatform: string;
  /** '' on clouds whose images have no location. */
  cloudLocation: string;
  cloudImageId: string;
}

/** Which machine image to copy, and where to, in one cloud. */
export interface ImageCopy {
  /** The same for every attempt at one copy: the cloud makes one, however often it is asked. */
  token: string;
  name: string;
  cloudPlatform: string;
  /** Where the copy goes. */
  cloudLocation: string;
  source: { cloudLocation: string; cloudImageId: string };
}

/** What Slipway asks of a cloud. Every call may be repeated; a driver gives up when `signal` says so. */
export interface CloudDriver {
  /**
   * @returns `absent` when the cloud does not have the image, or no longer
   * @throws CloudError
   */
  deleteImage(
    deletion: ImageDeletion,
    options: { signal: AbortSignal },
  ): Promise<'deleted' | 'absent'>;

  /**
   * Begins a copy, or says how far one is that was begun with the same token.
   * @throws CloudError
   */
  copyImage(
    copy: ImageCopy,
    options: { signal: AbortSignal },
  ): Promise<{ cloudImageId: string; isFinished: boolean }>;
}

/** The cloud did not do what it was asked. The message is for people and names the cloud's reason. */
export class CloudError extends Error {
  override name = 'CloudError';
  /** Whether the same call may well succeed later; if not, somebody has to do something first. */
  readonly willPass: boolean;

  constructor(message: string, options: { willPass: boolean }) {
    super(message);
    this.willPass = options.willPass;
  }
}

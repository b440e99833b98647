import type { CallOptions, CloudPlace } from './call.ts';

/** One machine image of a cloud. */
export interface CloudImageRef extends CloudPlace {
  cloudImageId: string;
}

export interface CloudImage extends CloudImageRef {
  name: string;
  /** Whether servers can be started from it now; a copy takes its time. */
  isReady: boolean;
  isDeprecated: boolean;
  /** As the contract calls it, where the cloud knows. */
  architecture?: string;
  /** Of the disk that it boots from. */
  sizeGb?: number;
  /** What people should know of it, a sentence each, such as that its id has an unusual form. */
  warnings?: readonly string[];
}

/** Which machine image to copy, and where to, in one cloud. */
export interface ImageCopy extends CloudPlace {
  /** The same for every attempt at one copy: the cloud makes one, however often it is asked. */
  token: string;
  name: string;
  source: { cloudLocation: string; cloudImageId: string };
}

/** What Slipway asks of a cloud about machine images. */
export interface CloudImages {
  /**
   * @returns nothing when the cloud does not have it, or no longer
   * @throws CloudError
   */
  find(image: CloudImageRef, options: CallOptions): Promise<CloudImage | undefined>;

  /**
   * Begins a copy, or says how far one is that was begun with the same token.
   * @throws CloudError, for good where the source is absent
   */
  copy(
    copy: ImageCopy,
    options: CallOptions,
  ): Promise<{ cloudImageId: string; isFinished: boolean }>;

  /**
   * Marks it in the cloud as not to be used for anything new, or takes the mark away.
   * @returns `absent` when the cloud does not have it
   * @throws CloudError
   */
  deprecate(
    image: CloudImageRef & { isDeprecated: boolean },
    options: CallOptions,
  ): Promise<'done' | 'absent'>;

  /**
   * @returns `absent` when the cloud does not have the image, or no longer
   * @throws CloudError
   */
  delete(
    image: CloudImageRef & { token: string },
    options: CallOptions,
  ): Promise<'deleted' | 'absent'>;
}

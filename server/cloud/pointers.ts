import type { CallOptions, CloudPlace } from './call.ts';

/** A name in a cloud that stands for a machine image, so that what starts servers there need not be told of a new one. */
export interface CloudPointerRef extends CloudPlace {
  name: string;
}

/** What Slipway asks of a cloud about names that stand for images. */
export interface CloudPointers {
  /**
   * Makes it stand for an image, whatever it stood for before.
   * @throws CloudError
   */
  put(
    pointer: CloudPointerRef & { cloudImageId: string; description: string },
    options: CallOptions,
  ): Promise<void>;

  /**
   * @returns `absent` when the cloud does not have it, or no longer
   * @throws CloudError
   */
  remove(pointer: CloudPointerRef, options: CallOptions): Promise<'removed' | 'absent'>;
}

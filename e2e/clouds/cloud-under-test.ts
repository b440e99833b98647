import type { Locator } from '@playwright/test';

/** A cloud that is really there, with an old and a current image that are called `web-1` and `web-2`, and one server on the old. */
export interface CloudUnderTest {
  /** As the API names it. */
  platform: 'ec2' | 'lxd';
  /** As the page does. */
  type: string;
  /** Where servers of one's own are launched. */
  location: string;
  /** In how many places each of the images is. */
  places: number;
  /** Fills in where the cloud is and as whom it is asked, in the dialog that adds credentials. */
  fillIn(dialog: Locator): Promise<void>;
  /** What the page calls the farm of the server that was there before. */
  observed: string;
  /** Its owner has it leave the old image, beside Slipway. */
  leaveOld(): Promise<void>;
  /** The names of those of the two images that the cloud still has, each as often as there are places. */
  images(): Promise<string[]>;
}

export const [oldName, currentName] = ['web-1', 'web-2'];

import { createHash } from 'node:crypto';
import { findDoubts } from '#contract/images/doubts.ts';
import type { Db } from '../../database/connection/connection.ts';
import {
  findSimulatedCopy,
  findSimulatedImage,
  insertSimulatedCopy,
  loseSimulatedImage,
  setSimulatedImageDeprecated,
  type SimulatedCopy,
  type SimulatedImageRow,
} from '../../database/queries/simulated-cloud/images.ts';
import { CloudError } from '../call.ts';
import type { CloudImageRef, CloudImages } from '../images.ts';
import type { Befalls, SimulatedCall, SimulatedTimes } from './calls.ts';

export function simulateImages(
  db: Db,
  call: SimulatedCall,
  { copyMs }: SimulatedTimes,
): CloudImages {
  return {
    find: (image, options) =>
      call(image, options, async (befalls) => {
        const found = await findImage(db, image, befalls);
        if (!found) return undefined;
        const { cloudPlatform, cloudLocation, cloudImageId } = image;
        return {
          cloudPlatform,
          cloudLocation,
          cloudImageId,
          name: found.name,
          isReady: found.is_ready,
          isDeprecated: found.is_deprecated,
          warnings: findDoubts(image).map(({ message }) => message),
        };
      }),

    copy: (copy, options) =>
      call(copy, options, async (befalls) => {
        const begun = await findSimulatedCopy(db, copy.token);
        if (begun) return answerOf(begun);
        const { cloudPlatform, cloudLocation, token, name } = copy;
        const source = { cloudPlatform, ...copy.source };
        if (!(await findImage(db, source, befalls))) throw noSuchImage(source);
        const cloudImageId = imageIdOf(cloudPlatform, token);
        const made = { cloudPlatform, cloudLocation, cloudImageId, token, name, afterMs: copyMs };
        await insertSimulatedCopy(db, made);
        return answerOf(
          (await findSimulatedCopy(db, token)) ?? { cloud_image_id: cloudImageId, is_ready: false },
        );
      }),

    deprecate: (image, options) =>
      call(image, options, async (befalls) => {
        if (befalls('image-missing')) return 'absent';
        return (await setSimulatedImageDeprecated(db, image, image.isDeprecated))
          ? 'done'
          : 'absent';
      }),

    delete: (image, options) =>
      call(image, options, async (befalls) => {
        if (befalls('image-missing')) return 'absent';
        return (await loseSimulatedImage(db, image)) ? 'deleted' : 'absent';
      }),
  };
}

/** An image that the cloud has, as far as it is not told to miss it. */
export async function findImage(
  db: Db,
  image: CloudImageRef,
  befalls: Befalls,
): Promise<SimulatedImageRow | undefined> {
  if (befalls('image-missing')) return undefined;
  const found = await findSimulatedImage(db, image);
  return found.is_missing ? undefined : found;
}

export function noSuchImage({ cloudImageId, cloudLocation }: CloudImageRef): CloudError {
  const where = cloudLocation === '' ? '' : ` in ${cloudLocation}`;
  return new CloudError(`NotFound: the image ${cloudImageId} does not exist${where}.`, {
    willPass: false,
  });
}

function answerOf({ cloud_image_id, is_ready }: SimulatedCopy) {
  return { cloudImageId: cloud_image_id, isFinished: is_ready };
}

/** Made up from the token, in the form of the platform's ids. */
export function imageIdOf(cloudPlatform: string, token: string): string {
  const hash = createHash('sha256').update(token).digest('hex');
  if (cloudPlatform === 'ec2') return `ami-${hash.slice(0, 17)}`;
  if (cloudPlatform === 'gce') return `image-${hash.slice(0, 17)}`;
  return [8, 12, 16, 20, 32]
    .map((end, part) => hash.slice([0, 8, 12, 16, 20][part], end))
    .join('-');
}

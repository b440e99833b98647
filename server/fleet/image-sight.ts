import { CloudError } from '../cloud/call.ts';
import {
  type CloudOf,
  type CloudsSettings,
  openClouds,
  type SecretOpener,
} from '../cloud/clouds.ts';
import { demandCapability } from '../cloud/port.ts';
import type { Db } from '../database/connection/connection.ts';
import { laneNameOf } from '../database/queries/records/outbox.ts';
import type { Clouds, ImageLook, ImageSight } from '../services/context.ts';

/** Somebody waits for the answer in front of a form. */
const patienceMs = 5_000;

/** What requests may know of clouds. */
export function openCloudsForRequests(
  db: Db,
  settings: CloudsSettings,
  secrets: SecretOpener | undefined,
): Clouds {
  const { allowsPrivate } = settings.credentialsReach;
  return { allowsPrivate, findImage: imageFinder(openClouds(db, { ...settings, secrets })) };
}

/** Looks an image up; whatever keeps the cloud from answering is said, and keeps nobody from going on. */
export function imageFinder(cloudOf: CloudOf): NonNullable<Clouds['findImage']> {
  return async ({ credentialsId, ...ref }: ImageLook): Promise<ImageSight> => {
    const signal = AbortSignal.timeout(patienceMs);
    try {
      const images = demandCapability(await cloudOf(laneNameOf(credentialsId)), 'images');
      const image = await images.find(ref, { signal });
      if (!image) return { is: 'absent' };
      const { architecture, sizeGb, isDeprecated, isReady, warnings = [] } = image;
      return {
        is: 'there',
        architecture,
        sizeGb,
        warnings: [
          ...warnings,
          ...(isDeprecated ? ['The cloud says that it is deprecated.'] : []),
          ...(isReady ? [] : ['The cloud says that no server can be started from it now.']),
        ],
      };
    } catch (error) {
      if (error instanceof CloudError) return { is: 'unknown', why: error.message };
      if (signal.aborted) return { is: 'unknown', why: 'The cloud did not answer in time.' };
      throw error;
    }
  };
}

import type { CloudImage } from '#contract/inventory/cloud-images.ts';
import { hasImageLocation } from '#contract/images/platforms.ts';

import { objectQuery, operationQuery } from './query.ts';
import { operationUrl } from './request.ts';
import type { Change, Input } from './request.ts';
import type { PathScope } from '../util/paths.ts';

export type CloudImageListInput = NonNullable<Input<'cloudImageList'>['query']>;

/** A page of the machine images that were found in clouds. */
export function cloudImageListQuery(at: PathScope, query: CloudImageListInput = {}) {
  return operationQuery('cloudImageList', at, { query });
}

/** The address to download the same from, as CSV. */
export function cloudImageExportUrl(
  at: PathScope,
  query: NonNullable<Input<'cloudImageExport'>['query']>,
): string {
  return operationUrl('cloudImageExport', at, { query });
}

/** A machine image that was found. */
export function cloudImageQuery(at: PathScope, cloudImageKey: string) {
  return objectQuery('cloudImageGet', at, { params: { cloudImageKey } });
}

/** The first of what refers to it, as far as the scope sees it. */
export function cloudImageReferencesQuery(at: PathScope, cloudImageKey: string) {
  return operationQuery('cloudImageReferenceList', at, {
    params: { cloudImageKey },
    query: { maxResults: 100, cursor: 'start', include: ['total'] },
  });
}

/** Which places were read when: the first hundred, which are more than most have. */
export function coverageQuery(at: PathScope) {
  return operationQuery('inventoryCoverageList', at, {
    query: { maxResults: 100, cursor: 'start', include: ['total'] },
  });
}

/** Says of one of many that it is not wanted in the catalogue, or takes that back: for `useEach`. */
export function wishOf(
  at: PathScope,
  { id: cloudImageKey, version: ifMatch }: CloudImage,
  unwanted: boolean,
): Change<'cloudImageUpdate'> {
  return {
    id: 'cloudImageUpdate',
    at,
    input: { params: { cloudImageKey }, body: { unwanted }, ifMatch },
  };
}

/** Registers one of many: for `useEach`. */
export function registrationOf(
  at: PathScope,
  { cloudPlatform, cloudLocation, cloudImageId, size }: CloudImage,
  given: Pick<Input<'imageCreate'>['body'], 'name' | 'os' | 'architecture'>,
): Change<'imageCreate'> {
  const body = {
    ...given,
    cloudPlatform,
    cloudImageId,
    ...(hasImageLocation(cloudPlatform) ? { cloudLocation } : {}),
    ...(size === null ? {} : { size }),
  };
  return { id: 'imageCreate', at, input: { body } };
}

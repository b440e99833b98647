import type { CloudImage } from '#contract/inventory/cloud-images.ts';

import { objectQuery, operationQuery, useOperation } from './query.ts';
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

export type RegistrationFilters = NonNullable<Input<'cloudImageRegister'>['body']['filters']>;

/** Registers found images, all in one call: `change({ body })`. */
export function useRegisterCloudImages(at: PathScope) {
  return useOperation('cloudImageRegister', at);
}

/** The first of those that filters find and that are not in the catalogue, with how many there are. */
export function registrableQuery(at: PathScope, filters: RegistrationFilters, maxResults: number) {
  return cloudImageListQuery(at, {
    ...filters,
    registered: false,
    maxResults,
    cursor: 'start',
    include: ['total'],
  });
}

import type { CloudImage, CloudImageReference } from '#contract/inventory/cloud-images.ts';
import type {
  CloudImageReferenceRow,
  CloudImageRow,
} from '../../database/queries/inventory/cloud-images.ts';
import { architectureOf, proposeName } from '../../domain/inventory/found-images.ts';
import { type Coverage, joinCoverage, judgeUse } from '../../domain/inventory/image-use.ts';
import type { Recorded } from '../log-entry.ts';
import type { CsvColumns } from '../list-export.ts';

/** A found image as the log keeps it: what changes in the cloud, or by being read, is left out. */
export function toRecordedCloudImage(row: CloudImageRow): Recorded<'cloudImage'> {
  const { id, cloud_platform: cloudPlatform, cloud_location: cloudLocation, name } = row;
  const { unwanted, version, cloud_image_id: cloudImageId } = row;
  return { id, cloudPlatform, cloudLocation, cloudImageId, name, unwanted, version };
}

/** @param coverage of its platform, within reach */
export function toCloudImage(
  row: CloudImageRow,
  coverage: Coverage | undefined,
  now: Date,
): CloudImage {
  const { servers, groups, templates, pointers, roles, farms, hidden } = row;
  const counts = {
    server: servers,
    group: groups,
    template: templates,
    pointer: pointers,
    role: roles,
    farm: farms,
  };
  return {
    ...toRecordedCloudImage(row),
    architecture: row.architecture,
    size: row.size_gb,
    owner: row.owner,
    state: row.state,
    created: row.created_at?.toISOString() ?? null,
    deprecated: row.deprecated_at?.toISOString() ?? null,
    firstSeen: row.first_seen_at.toISOString(),
    credentials: row.credentials,
    registrations: row.registrations.map((image) => ({
      id: image.id,
      name: image.name,
      scope: image.scope,
      accountId: image.account_id,
      envId: image.environment_id,
    })),
    proposed: {
      name: proposeName({ name: row.name, cloudImageId: row.cloud_image_id }),
      architecture: architectureOf(row.architecture),
    },
    use: {
      ...judgeUse(counts, coverage ?? joinCoverage([], now)),
      servers,
      groups,
      templates,
      pointers,
      roles,
      farms,
      hidden,
    },
  };
}

export function toCloudImageReference(row: CloudImageReferenceRow): CloudImageReference {
  return {
    id: row.id,
    kind: row.kind,
    name: row.name,
    words: row.how,
    cloudLocation: row.cloud_location,
    credentials:
      row.credentials_id === null
        ? null
        : { id: row.credentials_id, name: row.credentials_name ?? '' },
    object:
      row.object_id === null || row.scope === null
        ? null
        : {
            id: row.object_id,
            scope: row.scope,
            accountId: row.account_id,
            envId: row.environment_id,
          },
    since: row.since?.toISOString() ?? null,
  };
}

const verdictWords = { inUse: 'in use', unused: 'unused', unknown: 'unknown' } as const;

/** Columns of found images as CSV. */
export const cloudImageCsvColumns: CsvColumns<CloudImage> = [
  ['Name', (image) => image.name],
  ['Cloud', (image) => image.cloudPlatform],
  ['Location', (image) => image.cloudLocation],
  ['Cloud image id', (image) => image.cloudImageId],
  ['Owner', (image) => image.owner],
  ['State', (image) => image.state],
  ['Architecture', (image) => image.architecture],
  ['Size (GB)', (image) => image.size],
  ['Created (UTC)', (image) => image.created],
  ['Deprecated in the cloud (UTC)', (image) => image.deprecated],
  ['Registered as', (image) => image.registrations.map(({ name }) => name).join(', ')],
  ['Not wanted', (image) => (image.unwanted ? 'yes' : 'no')],
  ['In use?', (image) => verdictWords[image.use.verdict]],
  ['Why', (image) => image.use.words],
  ['Servers', (image) => image.use.servers],
  ['Groups', (image) => image.use.groups],
  ['Templates', (image) => image.use.templates],
  ['Pointers', (image) => image.use.pointers],
  ['Roles', (image) => image.use.roles],
  ['Farms', (image) => image.use.farms],
];

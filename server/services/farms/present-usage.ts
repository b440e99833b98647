import type { Data } from '#contract/operations.ts';
import type { UsageRow as WireUsageRow } from '#contract/farms/usage.ts';
import type { UsageGroupRow } from '../../database/queries/farms/usage-groups.ts';
import type { UsageRow } from '../../database/queries/farms/usage-rows.ts';
import { safeCell } from '../../domain/csv.ts';
import type { CsvRow } from '../context.ts';

/** The wire form of a row of usage. */
export function toUsageRow(row: UsageRow): WireUsageRow {
  return {
    id: row.id,
    farm: { id: row.farm_id, name: row.farm_name },
    owner: { id: row.owner_id, name: row.owner_name, email: row.owner_email },
    accountId: row.account_id,
    accountName: row.account_name,
    envId: row.environment_id,
    envName: row.environment_name,
    farmRole: { id: row.farm_role_id, alias: row.farm_role_alias },
    role: { id: row.role_id, name: row.role_name },
    cloudPlatform: row.cloud_platform,
    cloudLocation: row.cloud_location,
    image: {
      id: row.image_id,
      name: row.image_name,
      cloudImageId: row.image_cloud_id,
      deprecated: row.deprecated,
      ...(row.image_found && { found: true }),
    },
    roleImage: {
      id: row.role_image_id,
      name: row.role_image_name,
      cloudImageId: row.role_image_cloud_id,
      deprecated: row.role_image_deprecated,
      ...(row.role_image_found && { found: true }),
    },
    stale: row.stale,
    observed: row.observed,
    servers: { old: row.servers, live: row.live },
    since: row.since?.toISOString() ?? null,
  };
}

/** The wire form of rows put together by farm or by image. */
export function toUsageGroup(row: UsageGroupRow): Data<'usageGroupList'>[number] {
  const { farm_id, owner_id, image_id } = row;
  return {
    id: row.id,
    farm:
      farm_id === null
        ? null
        : {
            id: farm_id,
            name: row.farm_name ?? '',
            envId: row.environment_id ?? 0,
            envName: row.environment_name ?? '',
            accountName: row.account_name ?? '',
          },
    owner:
      owner_id === null
        ? null
        : { id: owner_id, name: row.owner_name ?? '', email: row.owner_email ?? '' },
    image:
      image_id === null
        ? null
        : {
            id: image_id,
            name: row.image_name ?? '',
            cloudImageId: row.cloud_image_id ?? '',
            deprecated: row.deprecated ?? false,
            cloudPlatform: row.cloud_platform ?? '',
            cloudLocation: row.cloud_location ?? '',
          },
    farms: row.farms,
    images: row.images,
    farmRoles: row.farm_roles,
    servers: row.servers,
    since: row.since?.toISOString() ?? null,
  };
}

const csvColumns: readonly [header: string, cell: (row: UsageRow) => string | number | null][] = [
  ['Account', (row) => row.account_name],
  ['Environment', (row) => row.environment_name],
  ['Farm', (row) => row.farm_name],
  ['Farm id', (row) => row.farm_id],
  ['Owner', (row) => row.owner_name],
  ['Owner e-mail', (row) => row.owner_email],
  ['Role', (row) => row.role_name],
  ['Farm role', (row) => row.farm_role_alias],
  ['Cloud', (row) => row.cloud_platform],
  ['Location', (row) => row.cloud_location],
  ['Image', (row) => row.image_name],
  ['Cloud image id', (row) => row.image_cloud_id],
  ['Stale', (row) => (row.stale ? 'yes' : 'no')],
  ['Deprecated', (row) => (row.deprecated ? 'yes' : 'no')],
  ['Image of the role now', (row) => row.role_image_name],
  ['Cloud image id now', (row) => row.role_image_cloud_id],
  ['Servers on the old image', (row) => row.servers],
  ['Live servers', (row) => row.live],
  ['Old since (UTC)', (row) => row.since?.toISOString() ?? null],
  ['Observed', (row) => (row.observed ? 'yes' : 'no')],
];

/** The first line of the export. */
export const usageCsvHeader: CsvRow = csvColumns.map(([header]) => header);

/** One line of the export; nothing in it starts a formula. */
export function usageCsvRow(row: UsageRow): CsvRow {
  return csvColumns.map(([, cell]) => safeCell(cell(row)));
}

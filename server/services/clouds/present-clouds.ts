import type { EnvironmentCloud } from '#contract/clouds/environment-clouds.ts';
import type { EnvironmentCloudRow } from '../../database/queries/clouds/environment-clouds.ts';
import type { Recorded } from '../log-entry.ts';

type AttachedCloud = Omit<EnvironmentCloudRow, 'version'>;

export function toEnvironmentCloud(row: AttachedCloud): EnvironmentCloud {
  return { cloud: row.cloud_platform, credentials: { id: row.credentials_id } };
}

/** As the log keeps it. */
export function toRecordedCloud(row: AttachedCloud): Recorded<'environmentCloud'> {
  const { environment_id, cloud_platform } = row;
  return {
    id: `${environment_id}/${cloud_platform}`,
    environment: { id: environment_id },
    ...toEnvironmentCloud(row),
  };
}

import { type ActingRight, actingRights } from '#contract/clouds/acting-rights.ts';
import type { ScopeRef } from '#contract/scope.ts';
import type { Db } from '../database/connection/connection.ts';
import { removeObservedFarms } from '../database/queries/observed-farms/observed-farms.ts';
import { placeColumns } from '../database/queries/records/operations-log.ts';
import { randomName } from './harness.ts';

/** Credentials of the simulated cloud, standing for a platform. @returns their id */
export async function insertCredentials(
  db: Db,
  at: ScopeRef,
  rights: readonly ActingRight[] = actingRights,
  cloud_platform: 'ec2' | 'openstack' = 'ec2',
): Promise<string> {
  const row = db.insertInto('cloud_credentials').values({
    ...placeColumns(at),
    type: 'SimulatedCloudCredentials',
    cloud_platform,
    name: randomName('credentials'),
    rights: [...rights],
    settings: '{}',
    created_by: 'test',
  });
  return (await row.returning('id').executeTakeFirstOrThrow()).id;
}

/** The same, used by an environment for the platform from now on. @returns their id */
export async function attachNewCredentials(
  db: Db,
  at: ScopeRef,
  environment: ScopeRef & { scope: 'environment' },
  rights?: readonly ActingRight[],
  cloud_platform: 'ec2' | 'openstack' = 'ec2',
): Promise<string> {
  const credentials_id = await insertCredentials(db, at, rights, cloud_platform);
  const { accountId: account_id, environmentId: environment_id } = environment;
  const observed = { environmentId: environment_id, cloudPlatform: cloud_platform };
  await removeObservedFarms(db, observed, new Date());
  await db
    .insertInto('environment_clouds')
    .values({ account_id, environment_id, cloud_platform, credentials_id })
    .onConflict((taken) =>
      taken.columns(['environment_id', 'cloud_platform']).doUpdateSet({ credentials_id }),
    )
    .execute();
  return credentials_id;
}

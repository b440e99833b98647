import { type RawBuilder, sql } from 'kysely';
import type { EnvironmentCloud } from '#contract/clouds/environment-clouds.ts';
import type { CredentialsInUse } from '../../../domain/credentials/cloud-credentials.ts';
import type { Db } from '../../connection/connection.ts';
import { type ListPlan, parseSort } from '../lists/paging.ts';
import { laneOf } from '../records/outbox.ts';

export interface EnvironmentCloudRow {
  environment_id: number;
  cloud_platform: EnvironmentCloud['cloud'];
  credentials_id: string;
  version: number;
}

/** The credentials that the environment of `alias` (with environment_id, cloud_platform) uses for its platform now. */
export function attachedTo(alias: string): RawBuilder<string | null> {
  const a = sql.raw(alias);
  return sql<string | null>`(SELECT attached.credentials_id FROM environment_clouds attached
    WHERE attached.environment_id = ${a}.environment_id AND attached.cloud_platform = ${a}.cloud_platform)`;
}

/** The lane in which a cloud is asked about an image. */
export function laneOfImage(id: string): RawBuilder<string> {
  const of = {
    credentialsId: attachedTo('i'),
    accountId: sql`i.account_id`,
    cloudPlatform: sql`i.cloud_platform`,
  };
  return sql<string>`(SELECT ${laneOf(of)} FROM images i WHERE i.id = ${id})`;
}

/** How to walk the platforms that an environment has credentials for. */
export function environmentCloudListPlan(
  environmentId: number,
  sort: 'cloud' | '-cloud',
): ListPlan {
  return {
    from: sql`environment_clouds x`,
    branches: [sql`x.environment_id = ${environmentId}`],
    where: [],
    key: sql`x.cloud_platform`,
    keyType: 'text',
    id: sql`x.cloud_platform`,
    idType: 'text',
    descending: parseSort(sort).descending,
  };
}

/** What an environment uses for some platforms, or for all. */
export async function fetchEnvironmentClouds(
  tx: Db,
  environmentId: number,
  platforms?: readonly string[],
): Promise<EnvironmentCloudRow[]> {
  return tx
    .selectFrom('environment_clouds')
    .where('environment_id', '=', environmentId)
    .$if(platforms !== undefined, (all) =>
      all.where(sql<boolean>`cloud_platform = ANY(${platforms ?? []}::text[])`),
    )
    .select(['environment_id', 'cloud_platform', 'credentials_id', 'version'])
    .orderBy('cloud_platform')
    .execute();
}

/** Gives an environment credentials for a platform, instead of those that it has. */
export async function attachCredentials(
  tx: Db,
  row: Omit<EnvironmentCloudRow, 'version'> & { account_id: number },
): Promise<EnvironmentCloudRow> {
  return tx
    .insertInto('environment_clouds')
    .values(row)
    .onConflict((taken) =>
      taken.columns(['environment_id', 'cloud_platform']).doUpdateSet({
        credentials_id: row.credentials_id,
        version: sql`environment_clouds.version + 1`,
      }),
    )
    .returning(['environment_id', 'cloud_platform', 'credentials_id', 'version'])
    .executeTakeFirstOrThrow();
}

export async function detachCredentials(
  tx: Db,
  environmentId: number,
  platform: EnvironmentCloud['cloud'],
): Promise<void> {
  await tx
    .deleteFrom('environment_clouds')
    .where('environment_id', '=', environmentId)
    .where('cloud_platform', '=', platform)
    .execute();
}

/** What may be done in the clouds that an environment has credentials for, by platform; of no environment, none. */
export async function fetchRightsIn(
  tx: Db,
  environmentId: number | null,
): Promise<Map<string, CredentialsInUse>> {
  if (environmentId === null) return new Map();
  const { rows } = await sql<CredentialsInUse & { cloud_platform: string }>`
    SELECT ec.cloud_platform, cc.name AS credentials_name, cc.rights AS cloud_rights
    FROM environment_clouds ec JOIN cloud_credentials cc ON cc.id = ec.credentials_id
    WHERE ec.environment_id = ${environmentId}`.execute(tx);
  return new Map(rows.map((row) => [row.cloud_platform, row]));
}

/** What may be done on the platform of an image, or of anything else that is at a scope. */
export async function fetchRightsAt(
  tx: Db,
  row: { environment_id: number | null; cloud_platform: string },
): Promise<Partial<CredentialsInUse>> {
  return (await fetchRightsIn(tx, row.environment_id)).get(row.cloud_platform) ?? {};
}

import { type RawBuilder, sql } from 'kysely';

/**
 * Whether a server of Slipway's tables may be one of the account that credentials reach: names of servers are unique in
 * an account alone. What was launched with the cloud of the process has a name that nothing else has.
 * @param server an alias of servers
 * @param credentialsId of those that found what it is compared with
 */
export function isInAccountOf(
  server: string,
  credentialsId: RawBuilder<unknown>,
): RawBuilder<boolean> {
  const s = sql.raw(server);
  const own = sql`coalesce(${s}.cloud_credentials_id,
    (SELECT of_farm.credentials_id FROM observed_farms of_farm WHERE of_farm.farm_id = ${s}.farm_id))`;
  return sql<boolean>`(${own} IS NULL OR EXISTS (
    SELECT FROM inventory_locations a JOIN inventory_locations b
      ON (a.cloud_platform, a.account) = (b.cloud_platform, b.account)
    WHERE a.credentials_id = ${own} AND b.credentials_id = ${credentialsId}))`;
}

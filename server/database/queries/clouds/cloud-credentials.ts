import { type Insertable, type Selectable, sql, type Updateable } from 'kysely';
import type { ScopeRef } from '#contract/scope.ts';
import type { CredentialsUse } from '../../../domain/credentials/cloud-credentials.ts';
import type { Db } from '../../connection/connection.ts';
import { equal } from '../lists/equal.ts';
import { inOrder } from '../lists/in-order.ts';
import type { ListPlan } from '../lists/paging.ts';
import { byNameOrAdded, type NameOrAdded } from '../lists/name-order.ts';
import { matchesSearch, waysIn } from '../lists/search.ts';
import { isSameName } from '../organisation/same-name.ts';
import { isAtOrBelow, isVisible, visibleBranches } from '../organisation/visibility.ts';
import { isThere } from '../farms/usage.ts';
import { laneOfCredentials } from '../records/outbox.ts';
import type { Database } from '../../schema.ts';

export type CloudCredentialsRow = Selectable<Database['cloud_credentials']>;

/** Credentials by id, in the order of the ids. */
export async function fetchCloudCredentials(
  tx: Db,
  ids: readonly string[],
): Promise<CloudCredentialsRow[]> {
  if (ids.length === 0) return [];
  const rows = tx.selectFrom('cloud_credentials').where('id', 'in', ids).selectAll();
  return inOrder(ids, await rows.execute());
}

/** Credentials if they are at `scope` or above it. */
export async function findVisibleCredentials(
  tx: Db,
  scope: ScopeRef,
  id: string,
): Promise<CloudCredentialsRow | undefined> {
  const { rows } = await sql<CloudCredentialsRow>`
    SELECT c.* FROM cloud_credentials c WHERE c.id = ${id} AND ${isVisible('c', scope)}`.execute(
    tx,
  );
  return rows[0];
}

/** Whether credentials of this name, other than `ownId`, are at `scope` or above it. */
export async function areCredentialsNamed(
  tx: Db,
  scope: ScopeRef,
  name: string,
  ownId?: string,
): Promise<boolean> {
  const same = isSameName({ id: 'c.id', name: 'c.name' }, name, ownId);
  const { rows } = await sql`
    SELECT FROM cloud_credentials c WHERE ${same} AND ${isVisible('c', scope)} LIMIT 1`.execute(tx);
  return rows.length > 0;
}

export interface CloudCredentialsFilters {
  query?: string | undefined;
  id?: string | undefined;
  name?: string | undefined;
  provider?: string | undefined;
  cloudCredentialsType?: string | undefined;
  status?: string | undefined;
  scope?: ScopeRef['scope'] | undefined;
}

/** How to walk the credentials that a scope sees. */
export function cloudCredentialsListPlan(
  scope: ScopeRef,
  filters: CloudCredentialsFilters,
  sort: NameOrAdded,
): ListPlan {
  const { query, id, name, provider, cloudCredentialsType: type, status } = filters;
  return {
    from: sql`cloud_credentials x`,
    branches: visibleBranches('x', scope, filters.scope),
    where: [
      ...matchesSearch(query, waysIn('x.name')),
      ...equal('x', { id, name, cloud_platform: provider, type, status }),
    ],
    ...byNameOrAdded(sort),
  };
}

export async function insertCloudCredentials(
  tx: Db,
  values: Insertable<Database['cloud_credentials']>,
): Promise<CloudCredentialsRow> {
  return tx.insertInto('cloud_credentials').values(values).returningAll().executeTakeFirstOrThrow();
}

/** Changes credentials and raises their version. */
export async function updateCloudCredentials(
  tx: Db,
  id: string,
  columns: Updateable<Database['cloud_credentials']>,
): Promise<CloudCredentialsRow> {
  return tx
    .updateTable('cloud_credentials')
    .set({ ...columns, version: sql`version + 1` })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** Only for credentials that nothing uses; servers that have ended forget them. */
export async function deleteCloudCredentialsRow(tx: Db, id: string): Promise<void> {
  await tx.deleteFrom('cloud_credentials').where('id', '=', id).execute();
}

/** Notes that a cloud has answered, at most once a minute. */
export async function noteContact(db: Db, id: string): Promise<void> {
  await sql`UPDATE cloud_credentials SET contacted_at = clock_timestamp() WHERE id = ${id}
    AND coalesce(contacted_at < clock_timestamp() - interval '1 minute', true)`.execute(db);
}

export interface AttachedEnvironmentRow {
  credentials_id: string;
  id: number;
  name: string;
  account_id: number;
}

/** Which environments at and below `scope` use credentials, in the order of their ids. */
export async function fetchAttachedEnvironments(
  tx: Db,
  ids: readonly string[],
  scope: ScopeRef,
): Promise<AttachedEnvironmentRow[]> {
  const { rows } = await sql<AttachedEnvironmentRow>`
    SELECT ec.credentials_id, e.id, e.name, e.account_id
    FROM environment_clouds ec JOIN environments e ON e.id = ec.environment_id
    WHERE ec.credentials_id = ANY(${ids}::uuid[]) AND ${isAtOrBelow('ec', scope)}
    ORDER BY e.id`.execute(tx);
  return rows;
}

/** One thing that uses credentials. */
export interface CredentialsUserRow {
  type: 'environment' | 'server';
  id: string;
  name: string;
  account_id: number;
  environment_id: number;
}

/** The environments that use credentials, and the servers that have not ended in their cloud; some of each. */
export async function fetchCredentialsUsers(
  tx: Db,
  id: string,
  limit: number,
): Promise<CredentialsUserRow[]> {
  const { rows } = await sql<CredentialsUserRow>`
    (SELECT 'environment' AS type, e.id::text, e.name, e.account_id, e.id AS environment_id
    FROM environment_clouds ec JOIN environments e ON e.id = ec.environment_id
    WHERE ec.credentials_id = ${id} ORDER BY e.id LIMIT ${limit})
    UNION ALL
    (SELECT 'server', s.id::text, coalesce(nullif(s.hostname, ''), s.cloud_server_id, s.id::text), s.account_id,
      s.environment_id
    FROM servers s WHERE s.cloud_credentials_id = ${id} AND ${isThere('s')} ORDER BY s.id LIMIT ${limit})`.execute(
    tx,
  );
  return rows;
}

/** For each of these credentials, how much uses them, at every scope. */
export async function countCredentialsUse(
  tx: Db,
  ids: readonly string[],
): Promise<Map<string, CredentialsUse>> {
  const { rows } = await sql<CredentialsUse & { id: string }>`
    SELECT c.id,
      (SELECT count(*)::int FROM environment_clouds ec WHERE ec.credentials_id = c.id) AS environments,
      (SELECT count(*)::int FROM servers s WHERE s.cloud_credentials_id = c.id AND ${isThere('s')}) AS servers,
      (SELECT count(*)::int FROM outbox o WHERE o.lane = ${laneOfCredentials(sql`c.id`)} AND o.done_at IS NULL) AS calls
    FROM cloud_credentials c WHERE c.id = ANY(${ids}::uuid[])`.execute(tx);
  return new Map(rows.map((row) => [row.id, row]));
}

/** What the loop that tests credentials looks for in the outbox. */
export const credentialsTestKind = 'cloud-credentials.test';

/** The credentials of a test, while it is still of what they are: every change raises their version. */
export async function findTestedCredentials(
  db: Db,
  { id, version }: { id: string; version: number },
): Promise<CloudCredentialsRow | undefined> {
  return db
    .selectFrom('cloud_credentials')
    .where('id', '=', id)
    .where('version', '=', version)
    .where('status', '=', 'testing')
    .selectAll()
    .executeTakeFirst();
}

import { type RawBuilder, sql } from 'kysely';
import type { CloudCredentials } from '#contract/clouds/cloud-credentials.ts';
import type { ScopeRef } from '#contract/scope.ts';
import type { Db } from '../../connection/connection.ts';
import { equal } from '../lists/equal.ts';
import { inOrder } from '../lists/in-order.ts';
import { naturally } from '../lists/natural-order.ts';
import { type ListPlan, parseSort } from '../lists/paging.ts';
import { isInReach } from './cloud-images.ts';

export interface CoverageRow {
  id: string;
  credentials_id: string;
  credentials_name: string;
  cloud_platform: CloudCredentials['provider'];
  cloud_location: string | null;
  account: string | null;
  /** Where the credentials live. */
  scope: ScopeRef['scope'];
  account_id: number | null;
  environment_id: number | null;
  read_at: Date | null;
  took_ms: number | null;
  tried_at: Date | null;
  error: string | null;
  unread: { part: string; words: string }[];
  unresolved: {
    id: string;
    kind: 'server' | 'group' | 'template' | 'pointer';
    name: string;
    words: string;
  }[];
}

/** A row for each place that credentials in reach have, and one for credentials that have none yet. */
const everyPlace = (scope: ScopeRef): RawBuilder<unknown> => sql`(
  SELECT c.id || ':' || coalesce(l.cloud_location, '') AS id, c.id AS credentials_id, c.name AS credentials_name,
    c.scope, c.account_id, c.environment_id, c.cloud_platform, l.cloud_location, l.account, l.read_at, l.took_ms, coalesce(l.tried_at, r.tried_at) AS tried_at,
    coalesce(r.error, l.error) AS error, coalesce(l.unread, '[]') AS unread
  FROM cloud_credentials c LEFT JOIN inventory_reach r ON r.credentials_id = c.id
    LEFT JOIN inventory_locations l ON l.credentials_id = c.id
  -- An account without places has nothing to read.
  WHERE ${isInReach('c', scope)} AND (l.account IS NOT NULL OR r.listed_at IS NULL OR r.error IS NOT NULL))`;

/** How to walk what is read with the credentials in reach. */
export function coverageListPlan(
  scope: ScopeRef,
  filters: { cloudPlatform?: string | undefined; credentials?: string | undefined },
  sort: 'name' | '-name',
): ListPlan {
  return {
    from: sql`${everyPlace(scope)} x`,
    branches: [sql`true`],
    where: [
      ...equal('x', { cloud_platform: filters.cloudPlatform, credentials_id: filters.credentials }),
    ],
    key: naturally(sql`(x.credentials_name || ' ' || coalesce(x.cloud_location, ''))`),
    keyType: 'text',
    id: sql`x.id`,
    idType: 'text',
    descending: parseSort(sort).descending,
  };
}

/** Rows by id, in the order of the ids; all there are without these. */
export async function fetchCoverage(
  tx: Db,
  scope: ScopeRef,
  ids?: readonly string[],
): Promise<CoverageRow[]> {
  const which = ids === undefined ? sql`true` : sql`x.id = ANY(${ids}::text[])`;
  const { rows } = await sql<CoverageRow>`
    SELECT x.*, coalesce((SELECT jsonb_agg(jsonb_build_object('id', u.id, 'kind', u.kind, 'name', u.name, 'words', u.how)
      ORDER BY u.kind, u.id) FROM (SELECT * FROM inventory_references r WHERE r.credentials_id = x.credentials_id
        AND r.cloud_platform = x.cloud_platform AND r.cloud_location = x.cloud_location AND r.cloud_image_id = ''
        AND r.gone_at IS NULL ORDER BY r.kind, r.id LIMIT 5) u), '[]') AS unresolved
    FROM ${everyPlace(scope)} x WHERE ${which} ORDER BY x.id`.execute(tx);
  return ids === undefined ? rows : inOrder(ids, rows);
}

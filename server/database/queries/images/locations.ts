import { type RawBuilder, sql } from 'kysely';
import type { ServiceInput } from '#contract/operations.ts';
import type { ScopeRef } from '#contract/scope.ts';
import { naturally } from '../lists/natural-order.ts';
import { type ListPlan, parseSort } from '../lists/paging.ts';
import { matchesSearch, waysIn } from '../lists/search.ts';
import { isAt, isAtOrBelow, visibleScopes } from '../organisation/visibility.ts';

type Query = ServiceInput<'locationList'>['query'];

/** How to walk the locations of a scope. Their id is the cloud and the location, joined by a colon. */
export function locationListPlan(scope: ScopeRef, query: Query): ListPlan {
  const { query: text, cloudPlatform, onOldImages = false, usable = false, sort = 'name' } = query;
  const id = sql`l.cloud_platform || ':' || l.cloud_location`;
  return {
    from: sql`(${onOldImages ? placesOfOldServers(scope) : placesOfImages(scope, query)}) l`,
    branches: [usable ? sql`true` : sql`l.cloud_location <> ''`],
    where: [
      ...(cloudPlatform ? [sql`l.cloud_platform = ${cloudPlatform}`] : []),
      ...matchesSearch(text, waysIn('l.cloud_location')),
    ],
    key: naturally(id),
    keyType: 'text',
    id,
    idType: 'text',
    descending: parseSort(sort).descending,
  };
}

/** Each scope is read from an index of its own; a place may be in several. */
function placesOfImages(scope: ScopeRef, { usable, os }: Query): RawBuilder<unknown> {
  const conditions = [
    sql`i.deleted_at IS NULL`,
    ...(usable ? [sql`i.status = 'active' AND i.deprecated_at IS NULL`] : []),
    ...(os === undefined ? [] : [sql`i.os_id = ${os}`]),
  ];
  const places = visibleScopes(scope).map(
    (visible) => sql`SELECT DISTINCT i.cloud_platform, i.cloud_location FROM images i
      WHERE ${isAt('i', visible)} AND ${sql.join(conditions, sql` AND `)}`,
  );
  return sql.join(places, sql` UNION `);
}

function placesOfOldServers(scope: ScopeRef): RawBuilder<unknown> {
  return sql`SELECT DISTINCT fr.cloud_platform, fr.cloud_location
    FROM server_groups g JOIN farm_roles fr ON fr.id = g.farm_role_id
    WHERE g.old AND ${isAtOrBelow('g', scope)}`;
}

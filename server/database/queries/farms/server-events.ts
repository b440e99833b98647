import { sql } from 'kysely';
import type { ServerEventListQuery } from '#contract/farms/server-events.ts';
import type { ServerStatus } from '#contract/farms/statuses.ts';
import type { Db } from '../../connection/connection.ts';
import { equal } from '../lists/equal.ts';
import { inOrder } from '../lists/in-order.ts';
import { type ListPlan, parseSort } from '../lists/paging.ts';

/** A step of a server, with the names that it goes by. */
export interface ServerEventRow {
  id: number;
  at: Date;
  server_id: string;
  hostname: string;
  server_index: number;
  status: ServerStatus;
  actor: string;
  reason: string;
  cloud_words: string | null;
}

/** How to walk the steps of one server, or of all servers of a farm. */
export function serverEventListPlan(
  of: { serverId: string } | { farmId: number },
  filters: Pick<ServerEventListQuery, 'status'>,
  sort: NonNullable<ServerEventListQuery['sort']>,
): ListPlan {
  const whose =
    'serverId' in of ? sql`e.server_id = ${of.serverId}` : sql`e.farm_id = ${of.farmId}`;
  return {
    from: sql`server_events e`,
    branches: [whose],
    where: equal('e', { status: filters.status }),
    key: sql`e.at`,
    keyType: 'timestamptz',
    id: sql`e.id`,
    idType: 'integer',
    descending: parseSort(sort).descending,
  };
}

/** Steps by id, in the order of the ids. */
export async function fetchServerEvents(tx: Db, ids: readonly number[]): Promise<ServerEventRow[]> {
  if (ids.length === 0) return [];
  const { rows } = await sql<ServerEventRow>`
    SELECT e.id, e.at, e.server_id, s.hostname, s.server_index, e.status, e.actor, e.reason, e.cloud_words
    FROM server_events e JOIN servers s ON s.id = e.server_id
    WHERE e.id = ANY(${ids}::bigint[])`.execute(tx);
  return inOrder(ids, rows);
}

import { type Selectable, sql } from 'kysely';
import type { ServiceInput } from '#contract/operations.ts';
import type { Db } from '../../connection/connection.ts';
import { equal } from '../lists/equal.ts';
import { inOrder } from '../lists/in-order.ts';
import type { Database } from '../../schema.ts';
import { ask } from '../../connection/sent-ahead.ts';
import { type ListPlan, parseSort } from '../lists/paging.ts';

type Query = ServiceInput<'osList'>['query'];

export type OsRow = Omit<Selectable<Database['os']>, 'status'>;

/** Operating systems by id, in the order of the ids; unknown ids are left out. */
export async function fetchOs(tx: Db, ids: readonly string[]): Promise<OsRow[]> {
  if (ids.length === 0) return [];
  const select = tx
    .selectFrom('os')
    .where('id', 'in', ids)
    .select(['id', 'name', 'family', 'generation', 'version']);
  return inOrder(ids, await ask(tx, select.compile()));
}

/** What the rules compare of every operating system; there are a few dozen. */
export async function fetchSystems(
  tx: Db,
): Promise<{ id: string; os_family: string | null; os_generation: string | null }[]> {
  return tx
    .selectFrom('os')
    .select(['id', 'family as os_family', 'generation as os_generation'])
    .execute();
}

/** How to walk the operating systems. */
export function osListPlan(query: Query, sort: NonNullable<Query['sort']>): ListPlan {
  const { id, name, family, generation } = query;
  return {
    from: sql`os`,
    branches: [sql`true`],
    where: equal('os', { id, name, family, generation }),
    key: sql`os.id`,
    keyType: 'text',
    id: sql`os.id`,
    idType: 'text',
    descending: parseSort(sort).descending,
  };
}

import { sql } from 'kysely';
import { naturally } from './natural-order.ts';
import { type ListPlan, parseSort } from './paging.ts';

export type NameOrAdded = 'added' | 'name' | '-added' | '-name';

/** The order of a list of `x` that is known by uuids and sorted by its name or its age. */
export function byNameOrAdded(
  sort: NameOrAdded,
): Pick<ListPlan, 'key' | 'keyType' | 'id' | 'idType' | 'descending'> {
  const { name, descending } = parseSort(sort);
  const order =
    name === 'name'
      ? { key: naturally(sql`x.name`), keyType: 'text' as const }
      : { key: sql`x.added_at`, keyType: 'timestamptz' as const };
  return { ...order, id: sql`x.id`, idType: 'uuid', descending };
}

import { type RawBuilder, sql } from 'kysely';

/**
 * Whether a name is one that people would take for another: whatever its case, and however its letters
 * are composed (docs/domain.md, "Names").
 * @param column the name that is stored
 * @param ownId what is being renamed, which may keep its name in other letters
 */
export function isSameName(
  { id, name: column }: { id: string; name: string },
  name: string,
  ownId?: number | string,
): RawBuilder<boolean> {
  const isOther = ownId === undefined ? sql`true` : sql`${sql.ref(id)} <> ${ownId}`;
  return sql<boolean>`lower(normalize(${sql.ref(column)}, NFC)) = lower(normalize(${name}, NFC)) AND ${isOther}`;
}
